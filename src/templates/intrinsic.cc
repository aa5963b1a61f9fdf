#include "templates/intrinsic.h"

#include <algorithm>

#include "base/ascii.h"

namespace pawl::templates {

namespace {

using json::Node;

struct Name {
  std::string_view key;
  Function function;
};
constexpr Name kNames[] = {
    {"Ref", Function::kRef},
    {"Fn::GetAtt", Function::kGetAtt},
    {"Fn::Sub", Function::kSub},
    {"Fn::Join", Function::kJoin},
    {"Fn::Split", Function::kSplit},
    {"Fn::Select", Function::kSelect},
    {"Fn::If", Function::kIf},
    {"Fn::Base64", Function::kBase64},
    {"Fn::FindInMap", Function::kFindInMap},
    {"Fn::ImportValue", Function::kImportValue},
    {"Fn::Cidr", Function::kCidr},
    {"Fn::GetAZs", Function::kGetAZs},
    {"Fn::Transform", Function::kTransform},
    {"Fn::Length", Function::kLength},
    {"Fn::ToJsonString", Function::kToJsonString},
    {"Fn::Equals", Function::kEquals},
    {"Fn::And", Function::kAnd},
    {"Fn::Or", Function::kOr},
    {"Fn::Not", Function::kNot},
};

constexpr std::string_view kPseudoParameters[] = {
    "AWS::AccountId", "AWS::NoValue", "AWS::NotificationARNs", "AWS::Partition",
    "AWS::Region",    "AWS::StackId", "AWS::StackName",        "AWS::URLSuffix"};

bool is_name_byte(char byte) {
  return is_letter_or_digit(byte) || byte == '_' || byte == '.' || byte == ':' || byte == '-' ||
         byte == '&';
}

void add_text(std::vector<SubPiece>& pieces, std::string_view text) {
  if (text.empty()) return;
  if (!pieces.empty() && pieces.back().kind == SubPiece::Kind::kText) {
    pieces.back().text += text;
  } else {
    pieces.push_back({SubPiece::Kind::kText, std::string(text)});
  }
}

}  // namespace

std::optional<Intrinsic> intrinsic_of(Node node) {
  if (!node.is_object() || node.size() != 1) return std::nullopt;
  const json::Member& member = node.member(0);
  for (const Name& name : kNames) {
    if (member.key.string() == name.key) return Intrinsic{name.function, member.value};
  }
  return std::nullopt;
}

Result<AttributeReference, TemplateError> attribute_reference(Node argument) {
  const auto malformed = [] {
    return template_error(
        "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource "
        "name and the resource attribute");
  };
  if (argument.is_string()) {
    const std::string_view text = argument.string();
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return malformed();
    return AttributeReference{text.substr(0, dot), Node::string(text.substr(dot + 1))};
  }
  if (!argument.is_array() || argument.size() != 2 || !argument.at(0).is_string()) {
    return malformed();
  }
  const Node attribute = argument.at(1);
  const bool is_named = attribute.is_string() && !attribute.string().empty();
  if (argument.at(0).string().empty() || (!is_named && !attribute.is_object())) return malformed();
  return AttributeReference{argument.at(0).string(), attribute};
}

Result<std::vector<SubPiece>, TemplateError> split_sub(std::string_view text) {
  std::vector<SubPiece> pieces;
  for (;;) {
    const std::size_t start = text.find("${");
    add_text(pieces, text.substr(0, start));
    if (start == std::string_view::npos) return pieces;
    const std::size_t end = text.find('}', start);
    if (end == std::string_view::npos) {
      add_text(pieces, text.substr(start));
      return pieces;
    }
    const std::string_view inside = text.substr(start + 2, end - start - 2);
    text.remove_prefix(end + 1);
    if (!inside.empty() && inside.front() == '!') {
      add_text(pieces, "${" + std::string(inside.substr(1)) + "}");
      continue;
    }
    const std::string_view name = trimmed(inside);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_byte)) {
      return template_error(
          "Template error: variable names in Fn::Sub syntax must contain only alphanumeric "
          "characters, underscores, periods, and colons");
    }
    pieces.push_back({SubPiece::Kind::kName, std::string(name)});
  }
}

Result<SubArgument, TemplateError> sub_argument(Node argument) {
  if (argument.is_string()) return SubArgument{argument.string(), Node::null()};
  if (argument.is_array() && argument.size() == 2 && argument.at(0).is_string() &&
      argument.at(1).is_object()) {
    return SubArgument{argument.at(0).string(), argument.at(1)};
  }
  if (argument.is_array() && argument.size() == 1 && argument.at(0).is_string()) {
    return SubArgument{argument.at(0).string(), Node::null()};
  }
  return template_error(
      "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
      "Specify a string as first argument, and an optional second argument to specify a mapping of "
      "values to replace in the string");
}

bool is_pseudo_parameter(std::string_view name) {
  return std::find(std::begin(kPseudoParameters), std::end(kPseudoParameters), name) !=
         std::end(kPseudoParameters);
}

}  // namespace pawl::templates
