#include "machine/number_fields.h"

#include <charconv>

#include "json/number.h"
#include "machine/io_path.h"

namespace pawl::machine {
namespace {

Fault not_a_number(const Work& work, const jsonpath::Query& query, std::string_view name,
                   std::string_view kind, json::Node value) {
  std::string cause = "The ";
  cause += name;
  cause += "Path field refers to value \"";
  cause += value.is_string() ? std::string(value.string()) : json::print(value);
  cause += "\" which is not a valid ";
  cause += kind;
  return runtime_fault(work, cause + ": " + query.text);
}

Result<json::Node, Failure> referenced(Evaluation& evaluation, const jsonpath::Query& query) {
  const Payload input = TRY(effective_input(evaluation));
  return evaluation.select(query, input.node());
}

std::optional<double> real_from(json::Node value) {
  if (value.is_number()) return json::to_double(value.number_text());
  if (!value.is_string()) return std::nullopt;
  const std::string_view text = value.string();
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<std::int64_t, Failure> integer_of(Evaluation& evaluation, const asl::NumberField& field,
                                         std::string_view name) {
  if (const auto* literal = std::get_if<std::int64_t>(&field.form)) return *literal;
  if (const auto* jsonata = std::get_if<asl::TemplateJsonata>(&field.form)) {
    return evaluation.integer(*jsonata);
  }
  const auto* query = std::get_if<jsonpath::Query>(&field.form);
  ENSURE(query != nullptr, name);
  const json::Node found = TRY(referenced(evaluation, *query));
  std::optional<std::int64_t> value;
  if (found.is_number()) value = json::to_int64(found.number_text());
  if (found.is_string()) value = json::to_int64(found.string());
  if (value) return *value;
  return Err{not_a_number(evaluation.work(), *query, name, "integer", found)};
}

Result<double, Failure> real_of(Evaluation& evaluation, const asl::NumberField& field,
                                std::string_view name) {
  if (const auto* literal = std::get_if<double>(&field.form)) return *literal;
  if (const auto* jsonata = std::get_if<asl::TemplateJsonata>(&field.form)) {
    return evaluation.real(*jsonata);
  }
  const auto* query = std::get_if<jsonpath::Query>(&field.form);
  ENSURE(query != nullptr, name);
  const json::Node found = TRY(referenced(evaluation, *query));
  if (const auto value = real_from(found)) return *value;
  return Err{not_a_number(evaluation.work(), *query, name, "float", found)};
}

Failure field_failure(Evaluation& evaluation, const asl::NumberField& field,
                      std::string_view cause) {
  const Work& work = evaluation.work();
  if (const auto* jsonata = std::get_if<asl::TemplateJsonata>(&field.form)) {
    return evaluation_failure(work, cause, jsonata->field);
  }
  return runtime_fault(work, cause);
}

}  // namespace pawl::machine
