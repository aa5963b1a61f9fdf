// Payload templates become trees that hold only what must be evaluated: a part without expressions
// stays one node of the definition.
#include "asl/template.h"

#include <algorithm>
#include <utility>

#include "asl/java_hash.h"
#include "asl/query_fields.h"
#include "asl/variable_name.h"
#include "asl/warnings.h"

namespace pawl::asl {
namespace {

constexpr std::string_view kDynamicSuffix = ".$";

bool is_literal(const Template& part) { return std::holds_alternative<TemplateLiteral>(part.form); }

// Compiles bottom-up: an object or array all of whose parts are literals is one literal itself.
class Compiler {
 public:
  Compiler(Diagnostics& diagnostics, QueryLanguage language, StatesExtra extra)
      : diagnostics_(diagnostics), language_(language), extra_(extra) {}

  Template compile(json::Node node, const Place& place) const {
    switch (node.kind()) {
      case json::Kind::kObject:
        return language_ == QueryLanguage::kJsonPath ? payload_object(node, place)
                                                     : jsonata_object(node, place);
      case json::Kind::kArray:
        return array(node, place);
      case json::Kind::kString:
        return string(node, place);
      case json::Kind::kNull:
      case json::Kind::kBoolean:
      case json::Kind::kNumber:
        break;
    }
    return {TemplateLiteral{node}};
  }

 private:
  Template string(json::Node node, const Place& place) const {
    if (language_ == QueryLanguage::kJsonata) {
      if (auto jsonata = compile_jsonata(diagnostics_, node.string(), place, extra_)) {
        return {*std::move(jsonata)};
      }
    } else if (looks_evaluated(node.string())) {
      warn_no_dollar(diagnostics_, place);
    }
    return {TemplateLiteral{node}};
  }

  Template array(json::Node node, const Place& place) const {
    TemplateArray compiled;
    for (std::size_t i = 0; i < node.size(); ++i) {
      compiled.elements.push_back(compile(node.at(i), place.element(i)));
    }
    if (std::all_of(compiled.elements.begin(), compiled.elements.end(), is_literal)) {
      return {TemplateLiteral{node}};
    }
    return {std::move(compiled)};
  }

  // Members in definition order; a key ending `.$` means nothing to JSONata.
  Template jsonata_object(json::Node node, const Place& place) const {
    TemplateObject compiled;
    for (const json::Member& member : node.members()) {
      add(compiled, member.key.string(), compile(member.value, place.member(member.key.string())));
    }
    return all_literal(compiled) ? Template{TemplateLiteral{node}} : Template{std::move(compiled)};
  }

  // Static members in definition order, then the evaluated ones as java.util.HashMap iterates.
  Template payload_object(json::Node node, const Place& place) const {
    TemplateObject compiled;
    std::vector<const json::Member*> dynamic;
    std::vector<std::string_view> names;
    for (const json::Member& member : node.members()) {
      const std::string_view key = member.key.string();
      if (is_dynamic_key(key)) {
        check_distinct(node, key, place);
        dynamic.push_back(&member);
        names.push_back(output_key(key));
      } else {
        add(compiled, key, compile(member.value, place.member(key)));
      }
    }
    if (dynamic.empty() && all_literal(compiled)) return {TemplateLiteral{node}};
    for (const std::size_t index : java_hash_order(names)) {
      add(compiled, names[index], expression(*dynamic[index], place));
    }
    return {std::move(compiled)};
  }

  // The service names the object that holds the member, not the member.
  Template expression(const json::Member& member, const Place& object) const {
    const std::string_view key = member.key.string();
    if (member.value.is_string()) {
      if (auto compiled = compile_expression(member.value.string())) {
        return {TemplateExpression{std::string(key), *std::move(compiled)}};
      }
    }
    diagnostics_.broken(object,
                        "The value for the field '" + std::string(key) +
                            "' must be a valid JSONPath or a valid intrinsic function call");
    return {TemplateLiteral{member.value}};
  }

  // `a` and `a.$` would be the same member of the output.
  void check_distinct(json::Node object, std::string_view dynamic_key, const Place& place) const {
    const std::string_view name = output_key(dynamic_key);
    if (object.find(name) == nullptr || is_dynamic_key(name)) return;
    diagnostics_.rule_of_field(place, place.member(dynamic_key),
                               "There should only be one of the following fields: [" +
                                   std::string(name) + ", " + std::string(dynamic_key) + "]");
  }

  static void add(TemplateObject& object, std::string_view key, Template value) {
    object.members.push_back({std::string(key), std::make_unique<Template>(std::move(value))});
  }

  static bool all_literal(const TemplateObject& object) {
    return std::all_of(object.members.begin(), object.members.end(),
                       [](const TemplateMember& member) { return is_literal(*member.value); });
  }

  Diagnostics& diagnostics_;
  QueryLanguage language_;
  StatesExtra extra_;
};

}  // namespace

namespace {

// What JSONata itself cannot parse has a code there, which the service leaves out; what only Step
// Functions refuses has none.
void report_jsonata(Diagnostics& diagnostics, const jsonata::Error& error, const Place& place) {
  diagnostics.rule(place, error.message,
                   error.code.empty() ? code::kUnsupportedJsonata : code::kInvalidJsonata);
}

// `$states.result` and `$states.errorOutput` exist only where there is a result or an error. What
// is stored with them still runs: they are undefined.
void check_state_members(Diagnostics& diagnostics, const jsonata::Expression& expression,
                         const Place& place, StatesExtra extra) {
  constexpr std::pair<std::string_view, StatesExtra> kExtras[] = {
      {"result", StatesExtra::kResult}, {"errorOutput", StatesExtra::kErrorOutput}};
  for (const auto& [name, needed] : kExtras) {
    if (needed == extra || !expression.reads_state_member(name)) continue;
    diagnostics.rule(place, "Field '$states." + std::string(name) + "' does not exist.",
                     code::kUnsupportedJsonata);
  }
}

}  // namespace

bool is_dynamic_key(std::string_view key) { return key.ends_with(kDynamicSuffix); }

std::string_view output_key(std::string_view key) {
  if (is_dynamic_key(key)) key.remove_suffix(kDynamicSuffix.size());
  return key;
}

std::optional<TemplateJsonata> compile_jsonata(Diagnostics& diagnostics, std::string_view text,
                                               const Place& place, StatesExtra extra) {
  constexpr std::string_view kBegin = "{%";
  constexpr std::string_view kEnd = "%}";
  constexpr std::string_view kBlanks = " \t\r\n";
  if (!text.starts_with(kBegin)) return std::nullopt;
  if (text.size() < kBegin.size() + kEnd.size() || !text.ends_with(kEnd)) {
    diagnostics.broken(place, "JSONata string must start with {% and end with %}");
    return std::nullopt;
  }
  text.remove_prefix(kBegin.size());
  text.remove_suffix(kEnd.size());
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  auto compiled = jsonata::Expression::compile(text, jsonata::Dialect::kStepFunctions);
  if (compiled.ok()) {
    check_state_members(diagnostics, *compiled, place, extra);
  } else {
    report_jsonata(diagnostics, compiled.error(), place);
  }
  return TemplateJsonata{std::string(text), place.location_in_state(), std::move(compiled)};
}

Template compile_template(Diagnostics& diagnostics, QueryLanguage language, json::Node node,
                          const Place& place, StatesExtra extra) {
  return Compiler(diagnostics, language, extra).compile(node, place);
}

std::optional<Template> template_field(const Fields& fields, std::string_view name,
                                       StatesExtra extra) {
  const json::Node* value = fields.find(name);
  if (value == nullptr) return std::nullopt;
  return compile_template(fields.diagnostics(), fields.language(), *value, fields.place_of(name),
                          extra);
}

std::optional<Template> assign_field(const Fields& fields, StatesExtra extra) {
  const json::Node* value = fields.object("Assign");
  if (value == nullptr) return std::nullopt;
  const Place place = fields.place_of("Assign");
  // Only the first level names variables; what is in their values is data.
  for (const json::Member& member : value->members()) {
    const std::string_view key = member.key.string();
    const bool dynamic = fields.language() == QueryLanguage::kJsonPath;
    check_variable_name(fields.diagnostics(), dynamic ? output_key(key) : key, place);
  }
  return compile_template(fields.diagnostics(), fields.language(), *value, place, extra);
}

}  // namespace pawl::asl
