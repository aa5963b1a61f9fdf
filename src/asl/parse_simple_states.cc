// Pass, Wait and Fail.
#include "asl/query_fields.h"
#include "asl/template.h"
#include "asl/timestamp.h"
#include "asl/walk.h"
#include "asl/warnings.h"
#include "base/limits.h"

namespace pawl::asl {
namespace {

std::optional<std::variant<std::string, jsonpath::Query, TemplateJsonata>> parse_timestamp(
    const Fields& fields) {
  if (auto path = reference_path(fields, "TimestampPath")) return *std::move(path);
  auto text = fields.string("Timestamp");
  if (!text) return std::nullopt;
  const Place place = fields.place_of("Timestamp");
  if (fields.language() == QueryLanguage::kJsonata && text->starts_with("{%")) {
    if (auto jsonata = compile_jsonata(fields.diagnostics(), *text, place)) {
      return *std::move(jsonata);
    }
    return std::nullopt;
  }
  if (!is_timestamp(*text)) {
    fields.diagnostics().broken(place, "String does not match RFC3339 timestamp");
  }
  return *std::move(text);
}

// Error or Cause: a literal, JSONata, or behind `path_name` a path or a function call.
std::optional<FailState::Text> parse_text(const Fields& fields, std::string_view name,
                                          std::string_view path_name) {
  fields.at_most_one_of({name, path_name});
  if (const auto text = fields.string(path_name)) {
    auto compiled = compile_expression(*text);
    if (compiled) return *std::move(compiled);
    fields.diagnostics().broken(fields.place_of(path_name), "Value must be a valid JSONPath.");
    return std::nullopt;
  }
  auto text = fields.string(name);
  if (!text) return std::nullopt;
  const Place place = fields.place_of(name);
  if (fields.language() == QueryLanguage::kJsonPath) {
    warn_if_no_path(fields.diagnostics(), *fields.find(name), place);
  } else if (auto jsonata = compile_jsonata(fields.diagnostics(), *text, place)) {
    return *std::move(jsonata);
  }
  return *std::move(text);
}

}  // namespace

PassState parse_pass(const Walk& walk, const Fields& fields) {
  PassState pass;
  pass.parameters = template_field(fields, "Parameters");
  if (const json::Node* result = fields.find("Result")) {
    pass.result = *result;
    warn_if_result_looks_evaluated(walk.diagnostics, *result, fields.place_of("Result"));
  }
  return pass;
}

WaitState parse_wait(const Walk&, const Fields& fields) {
  fields.exactly_one_of({"SecondsPath", "Seconds", "TimestampPath", "Timestamp"});
  WaitState wait;
  wait.seconds = integer_field(fields, "Seconds", "SecondsPath", {0, kAwsLimits.wait_seconds_max});
  wait.timestamp = parse_timestamp(fields);
  return wait;
}

FailState parse_fail(const Walk&, const Fields& fields) {
  FailState fail;
  fail.error = parse_text(fields, "Error", "ErrorPath");
  fail.cause = parse_text(fields, "Cause", "CausePath");
  return fail;
}

}  // namespace pawl::asl
