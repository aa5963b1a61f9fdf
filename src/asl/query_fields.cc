// Paths, and numbers that may stand behind one.
#include "asl/query_fields.h"

#include "asl/template.h"

namespace pawl::asl {
namespace {

constexpr char kNoPath[] = "Value must be a valid JSONPath.";
constexpr char kNoReferencePath[] = "Value is not a Reference Path";

// A path of any kind. The dollar is looked for first: the dialect takes paths without it.
std::optional<jsonpath::Query> query(const Fields& fields, std::string_view name) {
  const std::optional<std::string> text = fields.string(name);
  if (!text) return std::nullopt;
  if (text->starts_with('$')) {
    auto compiled = jsonpath::Query::compile(*text);
    if (compiled.ok()) return std::move(compiled).value();
  }
  fields.diagnostics().broken(fields.place_of(name), kNoPath);
  return std::nullopt;
}

bool is_null(const Fields& fields, std::string_view name) {
  const json::Node* value = fields.find(name);
  return value != nullptr && value->is_null();
}

// The JSONata form of a field that is a number otherwise.
std::optional<NumberField> jsonata_number(const Fields& fields, std::string_view name) {
  const json::Node* value = fields.find(name);
  if (fields.language() != QueryLanguage::kJsonata || value == nullptr || !value->is_string()) {
    return std::nullopt;
  }
  auto compiled = compile_jsonata(fields.diagnostics(), value->string(), fields.place_of(name));
  if (!compiled) return std::nullopt;
  return NumberField{*std::move(compiled)};
}

template <class Number>
std::optional<NumberField> literal(std::optional<Number> number) {
  if (!number) return std::nullopt;
  return NumberField{*number};
}

std::optional<NumberField> behind_path(const Fields& fields, std::string_view path_name) {
  auto path = reference_path(fields, path_name);
  if (!path) return std::nullopt;
  return NumberField{*std::move(path)};
}

}  // namespace

QueryLanguage query_language_written(json::Node value) {
  const bool is_jsonpath = value.is_string() && value.string() == "JSONPath";
  return is_jsonpath ? QueryLanguage::kJsonPath : QueryLanguage::kJsonata;
}

void check_query_language(const Fields& fields) {
  fields.one_of("QueryLanguage", {"JSONPath", "JSONata"});
}

std::optional<Expression> compile_expression(std::string_view text) {
  if (text.starts_with('$')) {
    auto path = jsonpath::Query::compile(text);
    if (!path.ok()) return std::nullopt;
    return Expression(std::move(path).value());
  }
  auto call = intrinsics::Call::compile(text);
  if (!call.ok()) return std::nullopt;
  return Expression(std::move(call).value());
}

IoPath io_path(const Fields& fields, std::string_view name) {
  if (is_null(fields, name)) return NullPath{};
  auto path = query(fields, name);
  if (!path) return {};
  return *std::move(path);
}

ResultPath result_path(const Fields& fields, std::string_view name) {
  if (is_null(fields, name)) return NullPath{};
  auto path = query(fields, name);
  if (!path) return {};
  if (path->source != jsonpath::Query::Source::kInput || !path->path.is_reference()) {
    // There is one place to put the result: in the state's input, not in a variable or the context.
    fields.diagnostics().broken(fields.place_of(name), kNoReferencePath);
  }
  return std::move(path->path);
}

std::optional<jsonpath::Query> reference_path(const Fields& fields, std::string_view name) {
  auto path = query(fields, name);
  if (path && !path->path.is_reference()) {
    // It could be evaluated all the same, so that it is only a rule.
    fields.diagnostics().rule(fields.place_of(name), kNoReferencePath);
  }
  return path;
}

std::optional<NumberField> integer_field(const Fields& fields, std::string_view name,
                                         std::string_view path_name, IntegerRange range) {
  if (fields.has(path_name)) return behind_path(fields, path_name);
  if (auto jsonata = jsonata_number(fields, name)) return jsonata;
  return literal(fields.integer(name, range));
}

std::optional<NumberField> real_field(const Fields& fields, std::string_view name,
                                      std::string_view path_name, RealRange range) {
  if (fields.has(path_name)) return behind_path(fields, path_name);
  if (auto jsonata = jsonata_number(fields, name)) return jsonata;
  return literal(fields.real(name, range));
}

}  // namespace pawl::asl
