// Loops are bounded by what they write: nested ones multiply.
#include "templates/language_extensions.h"

#include <fmt/format.h>

#include "templates/evaluate.h"
#include "templates/limits.h"
#include "templates/references.h"
#include "templates/sections.h"

namespace pawl::templates {

namespace {

using json::Node;

constexpr std::string_view kLoopKey = "Fn::ForEach::";

Err<TemplateError> failed(std::string_view why) {
  return template_error(fmt::format("Transform AWS::LanguageExtensions failed with: {}", why));
}

Node section_of(Node document, std::string_view name) {
  const Node* found = document.find(name);
  return found == nullptr ? Node::null() : *found;
}

std::string with_every(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string alphanumeric_of(std::string_view text) {
  std::string kept;
  for (const char byte : text) {
    if (is_alphanumeric({&byte, 1})) kept += byte;
  }
  return kept;
}

// What a loop's name stands for in one round.
class Round {
 public:
  Round(json::Arena& arena, std::string_view name, std::string value)
      : arena_(arena),
        name_(name),
        written_("${" + name_ + "}"),
        stripped_("&{" + name_ + "}"),
        value_(std::move(value)) {}

  Node apply(Node node) const {
    if (node.is_string()) return arena_.string(text(node.string()));
    if (node.is_array()) {
      std::vector<Node> elements;
      for (const Node& element : node) elements.push_back(apply(element));
      return arena_.array(elements);
    }
    if (!node.is_object()) return node;
    if (node.size() == 1 && node.member(0).key.string() == "Ref") {
      const Node named = node.member(0).value;
      if (named.is_string() && named.string() == name_) return arena_.string(value_);
    }
    json::ObjectBuilder out(arena_);
    for (const json::Member& member : node.members()) {
      out.set(arena_.copy(text(member.key.string())), apply(member.value));
    }
    return out.finish();
  }

 private:
  std::string text(std::string_view given) const {
    return with_every(with_every(std::string(given), written_, value_), stripped_,
                      alphanumeric_of(value_));
  }

  json::Arena& arena_;
  const std::string name_, written_, stripped_, value_;
};

class Expansion {
 public:
  Expansion(const json::Value& document, const TransformInput& input)
      : root_(document.root()), input_(input) {
    known_.document = document;
  }

  Result<json::Value, TemplateError> run() {
    TRY(check_mappings(section_of(root_, "Mappings")));
    known_.mappings = section_of(root_, "Mappings");
    known_.parameters = TRY(read_parameters(section_of(root_, "Parameters")));
    values_ = TRY(bind_parameters(known_, input_));
    json::ObjectBuilder out(arena_);
    for (const json::Member& section : root_.members()) {
      const std::string_view name = section.key.string();
      if (name == "Transform") continue;
      out.set(name, TRY(expanded(section.value, 0)));
    }
    const Node document = out.finish();
    return json::Value::of(TRY(with_policies(document)));
  }

 private:
  using Answer = Result<Node, TemplateError>;

  static Result<ParameterValues, TemplateError> bind_parameters(const Template& known,
                                                                const TransformInput& input) {
    if (input.given) return templates::bind_parameters(known, *input.given, input.stored);
    ParameterValues values;  // nobody has given any: what the template says itself
    for (const Parameter& parameter : known.parameters) {
      const std::string text = parameter.default_value.value_or("");
      values.emplace(parameter.name, ParameterValue{text, text});
    }
    return values;
  }

  // `loops`: how many are open.
  Answer expanded(Node node, std::size_t loops) {
    if (node.is_array()) {
      std::vector<Node> elements;
      for (const Node& element : node) elements.push_back(TRY(expanded(element, loops)));
      return arena_.array(elements);
    }
    if (!node.is_object()) return node;
    if (const auto named = TRY(with_resolved_name(node))) return *named;
    json::ObjectBuilder out(arena_);
    std::size_t count = 0;
    for (const json::Member& member : node.members()) {
      const std::string_view key = member.key.string();
      if (key.starts_with(kLoopKey)) {
        count += TRY(repeat(out, member.value, loops + 1));
      } else {
        out.set(key, TRY(expanded(member.value, loops)));
        ++count;
      }
    }
    const Node object = out.finish();
    if (object.size() != count) return failed("Fn::ForEach makes a key that is there already.");
    return object;
  }

  // Ref and Fn::GetAtt may have a function as the name of their resource: its value then stands
  // there.
  Result<std::optional<Node>, TemplateError> with_resolved_name(Node node) {
    if (node.size() != 1) return std::optional<Node>();
    const json::Member& member = node.member(0);
    if (member.key.string() == "Ref" && member.value.is_object()) {
      return std::optional(arena_.object({{member.key, TRY(value_of(member.value))}}));
    }
    const bool attribute = member.key.string() == "Fn::GetAtt" && member.value.is_array() &&
                           member.value.size() == 2 && member.value.at(0).is_object();
    if (!attribute) return std::optional<Node>();
    const Node name = TRY(value_of(member.value.at(0)));
    return std::optional(arena_.object({{member.key, arena_.array({name, member.value.at(1)})}}));
  }

  // The members that a loop adds to the object it stands in, and how many they are.
  Result<std::size_t, TemplateError> repeat(json::ObjectBuilder& out, Node loop,
                                            std::size_t loops) {
    const bool formed = loop.is_array() && loop.size() == 3 && loop.at(0).is_string() &&
                        is_alphanumeric(loop.at(0).string()) && loop.at(2).is_object();
    if (!formed) return failed("Fn::ForEach layout is incorrect");
    if (loops > kLoopsMax) {
      return failed(fmt::format("Fn::ForEach loops cannot be nested deeper than {}.", kLoopsMax));
    }
    const Node collection = TRY(value_of(loop.at(1)));
    if (!collection.is_array()) return failed("Fn::ForEach needs a list of strings to loop over.");
    std::size_t count = 0;
    for (const Node& element : collection) {
      const auto value = scalar_text(element);
      if (!value) return failed("Fn::ForEach needs a list of strings to loop over.");
      const Node body = Round(arena_, loop.at(0).string(), *value).apply(loop.at(2));
      for (const json::Member& member : TRY(expanded(body, loops)).members()) {
        out.set(member.key.string(), member.value);
        ++count;
      }
      if (arena_.bytes_used() > kExpansionBytesMax) {
        return failed("The template becomes too large.");
      }
    }
    return count;
  }

  // What parameters, mappings and conditions say of a node; it must be all there is to say.
  Answer value_of(Node node) {
    Resource holder;  // what is checked stands in a resource
    holder.properties = node;
    known_.resources = {std::move(holder)};
    TRY(check_references(known_));
    if (!conditions_) {
      conditions_ = TRY(evaluate_conditions(known_, values_, input_.surroundings));
    }
    const Knowledge nothing;
    const Scope scope{known_, values_, input_.surroundings, *conditions_, nothing};
    const Evaluated value = TRY(evaluate(arena_, scope, node));
    if (value.state == Evaluated::State::kKnown) return value.node;
    return failed("only parameters, mappings and conditions can be used here.");
  }

  Answer with_policies(Node document) {
    const Node conditions = section_of(document, "Conditions");
    for (const json::Member& condition : conditions.members()) {
      known_.conditions.push_back({std::string(condition.key.string()), condition.value});
    }
    conditions_.reset();
    json::ObjectBuilder resources(arena_);
    for (const json::Member& resource : section_of(document, "Resources").members()) {
      resources.set(resource.key.string(), TRY(with_policies_of(resource.value)));
    }
    json::ObjectBuilder out(arena_);
    for (const json::Member& section : document.members())
      out.set(section.key.string(), section.value);
    if (section_of(document, "Resources").is_object()) out.set("Resources", resources.finish());
    return out.finish();
  }

  Answer with_policies_of(Node resource) {
    json::ObjectBuilder out(arena_);
    for (const json::Member& member : resource.members()) {
      const std::string_view name = member.key.string();
      const bool policy = name == "DeletionPolicy" || name == "UpdateReplacePolicy";
      const bool chosen = policy && member.value.is_object();
      out.set(name, chosen ? TRY(value_of(member.value)) : member.value);
    }
    return resource.is_object() ? out.finish() : resource;
  }

  const Node root_;
  const TransformInput& input_;
  json::Arena arena_;
  Template known_;  // what a loop's collection may use
  ParameterValues values_;
  std::optional<ConditionValues> conditions_;
};

}  // namespace

Result<json::Value, TemplateError> expand_language_extensions(const json::Value& document,
                                                              const TransformInput& input) {
  return Expansion(document, input).run();
}

}  // namespace pawl::templates
