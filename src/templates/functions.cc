// The functions that only compute, and those that ask elsewhere than this stack.
#include "templates/functions.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/base64.h"
#include "json/number.h"
#include "templates/limits.h"
#include "templates/sections.h"

namespace pawl::templates {

using json::Node;
using State = Evaluated::State;

Evaluator::Answer Evaluator::join(Node argument) {
  const Evaluated list = TRY(evaluate(argument.at(1)));
  if (list.state == State::kPartial) {
    return pending("Fn::Join", arena_.array({argument.at(0), list.node}));
  }
  std::string out;
  bool first = true;
  if (!list.node.is_array()) {
    return template_error(
        "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
        "(2) a list of strings to be joined or a function that returns a list of strings (such as "
        "Fn::GetAZs) to be joined.");
  }
  for (const Node& element : list.node) {
    const auto piece = scalar_text(element);
    if (!piece) {
      return template_error("Template error: every Fn::Join element must be a string");
    }
    if (!first) out += argument.at(0).string();
    out += *piece;
    first = false;
    if (out.size() > kValueBytesMax) return too_large();
  }
  return text(out);
}

Evaluator::Answer Evaluator::split(Node argument) {
  const Evaluated source = TRY(evaluate(argument.at(1)));
  const std::string_view delimiter = argument.at(0).string();
  if (source.state == State::kPartial) {
    return pending("Fn::Split", arena_.array({argument.at(0), source.node}));
  }
  const auto whole = scalar_text(source.node);
  if (!whole || delimiter.empty()) {
    return template_error(
        "Template error: every Fn::Split object requires two parameters, (1) a string delimiter "
        "and (2) a string to be split or a function that returns a string to be split.");
  }
  std::vector<Node> parts;
  for (std::string_view rest = *whole;;) {
    const std::size_t end = rest.find(delimiter);
    parts.push_back(arena_.string(rest.substr(0, end)));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + delimiter.size());
  }
  return Evaluated{State::kKnown, arena_.array(parts)};
}

Evaluator::Answer Evaluator::select(Node argument) {
  const Evaluated index = TRY(evaluate(argument.at(0)));
  const Evaluated list = TRY(evaluate(argument.at(1)));
  const auto digits = scalar_text(index.node);
  const auto number = digits ? json::to_int64(*digits) : std::nullopt;
  // A list that is there as a whole may hold what is not known yet at other places.
  const bool list_known = list.node.is_array();
  if (index.state == State::kPartial || (list.state == State::kPartial && !list_known)) {
    return pending("Fn::Select", arena_.array({index.node, list.node}));
  }
  if (!number || !list_known) {
    return template_error(
        "Template error: Fn::Select requires a list argument with two elements: an integer index "
        "and a list");
  }
  const auto at = static_cast<std::size_t>(number.value_or(-1));
  if (at >= list.node.size()) {
    return template_error(fmt::format(
        "Template error: Fn::Select cannot select nonexistent value at index {}", *digits));
  }
  const Node chosen = list.node.at(at);
  return Evaluated{intrinsic_of(chosen) ? State::kPartial : State::kKnown, chosen};
}

Evaluator::Answer Evaluator::base64(Node argument) {
  const Evaluated source = TRY(evaluate(argument));
  if (source.state == State::kPartial) return pending("Fn::Base64", source.node);
  const auto plain = scalar_text(source.node);
  if (!plain) {
    return template_error(
        "Template error: every Fn::Base64 object must have a String-typed value.");
  }
  return text(encode_base64(*plain));
}

Evaluator::Answer Evaluator::find_in_map(Node argument) {
  std::vector<Node> keys;
  for (std::size_t i = 0; i < 3; ++i) {
    const Evaluated key = TRY(evaluate(argument.at(i)));
    const auto name = scalar_text(key.node);
    if (!name) {
      return template_error(
          "Template error: every Fn::FindInMap object requires three parameters, the map name, map "
          "key and the attribute for return value");
    }
    keys.push_back(arena_.string(*name));
  }
  const Node* found = &scope_.parsed.mappings;
  for (const Node& key : keys) found = found == nullptr ? nullptr : found->find(key.string());
  if (found != nullptr) return evaluate(*found);
  if (argument.size() == 4) {
    if (const Node* fallback = argument.at(3).find("DefaultValue")) return evaluate(*fallback);
  }
  return template_error(fmt::format("Template error: Unable to get mapping for {}::{}::{}",
                                    keys[0].string(), keys[1].string(), keys[2].string()));
}

Evaluator::Answer Evaluator::import_value(Node argument) {
  const Evaluated name = TRY(evaluate(argument));
  if (name.state == State::kPartial) {
    return template_error(
        "Template error: the attribute in Fn::ImportValue must not depend on any resources, "
        "imported values, or Fn::GetAZs");
  }
  const auto key = scalar_text(name.node);
  if (!key) return template_error("Template error: Fn::ImportValue requires a String value");
  if (!scope_.knowledge.exported) return pending("Fn::ImportValue", name.node);
  const auto value = TRY(scope_.knowledge.exported(*key));
  return value ? text(*value) : pending("Fn::ImportValue", name.node);
}

Evaluator::Answer Evaluator::cidr(Node argument) {
  const Evaluated list = TRY(evaluate(argument));
  if (list.state == State::kPartial) return pending("Fn::Cidr", list.node);
  const Node node = list.node;
  const auto integer = [&node](std::size_t at) {
    const auto digits = scalar_text(node.at(at));
    return digits ? json::to_int64(*digits) : std::nullopt;
  };
  const bool sized = node.is_array() && (node.size() == 2 || node.size() == 3);
  if (!sized || !node.at(0).is_string() || !integer(1) || (node.size() == 3 && !integer(2))) {
    return template_error(
        "Template error: every Fn::Cidr object requires two parameters, (1) an IP block and (2) a "
        "count, and may have a third one, the number of subnet bits");
  }
  const bool v6 = node.at(0).string().find(':') != std::string_view::npos;
  const auto bits = node.size() == 3 ? *integer(2) : (v6 ? 64 : 8);
  const auto subnets = subnets_of(node.at(0).string(), *integer(1), bits);
  if (!subnets.ok()) return template_error("Template error: Fn::Cidr " + subnets.error());
  std::vector<Node> elements;
  for (const std::string& subnet : *subnets) elements.push_back(arena_.string(subnet));
  return Evaluated{State::kKnown, arena_.array(elements)};
}

Evaluator::Answer Evaluator::zones(Node argument) {
  const Evaluated region = TRY(evaluate(argument));
  std::string name = scalar_text(region.node).value_or("");
  if (name.empty()) name = scope_.surroundings.region;
  std::vector<Node> elements;
  for (const char zone : {'a', 'b', 'c'}) elements.push_back(arena_.string(name + zone));
  return Evaluated{State::kKnown, arena_.array(elements)};
}

Evaluator::Answer Evaluator::length(Node argument) {
  const Evaluated list = TRY(evaluate(argument));
  if (list.node.is_array()) {
    return Evaluated{State::kKnown, arena_.integer(static_cast<std::int64_t>(list.node.size()))};
  }
  if (list.state == State::kPartial) return pending("Fn::Length", list.node);
  return template_error("Template error: Fn::Length requires a list");
}

Evaluator::Answer Evaluator::to_json_string(Node argument) {
  const Evaluated value = TRY(evaluate(argument));
  if (value.state == State::kPartial) return pending("Fn::ToJsonString", value.node);
  return text(json::print(value.node));
}

// `{{resolve:ssm:name}}` inside a text.
Evaluator::Answer Evaluator::resolve_dynamic(std::string_view value) {
  constexpr std::string_view kStart = "{{resolve:";
  std::string out;
  for (;;) {
    const std::size_t start = value.find(kStart);
    out += value.substr(0, start);
    if (start == std::string_view::npos) return text(out);
    value.remove_prefix(start + kStart.size());
    const std::size_t end = value.find("}}");
    const std::string_view inside = value.substr(0, end);
    const std::size_t colon = inside.find(':');
    if (end == std::string_view::npos || colon == std::string_view::npos) {
      return template_error("Template error: a dynamic reference is not properly formed");
    }
    const auto resolved = scope_.knowledge.dynamic
                              ? TRY(scope_.knowledge.dynamic(std::string(inside.substr(0, colon)),
                                                             std::string(inside.substr(colon + 1))))
                              : std::optional<std::string>();
    out += resolved ? *resolved : fmt::format("{}{}}}}}", kStart, inside);
    if (out.size() > kValueBytesMax) return too_large();
    value.remove_prefix(end + 2);
  }
}

}  // namespace pawl::templates
