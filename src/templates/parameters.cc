#include "templates/parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "json/number.h"
#include "templates/limits.h"
#include "templates/pattern.h"
#include "templates/sections.h"

namespace pawl::templates {

namespace {

using json::Node;

constexpr std::string_view kSsmPrefix = "AWS::SSM::Parameter::Value<";
constexpr std::string_view kAwsTypes[] = {"AWS::EC2::AvailabilityZone::Name",
                                          "AWS::EC2::Image::Id",
                                          "AWS::EC2::Instance::Id",
                                          "AWS::EC2::KeyPair::KeyName",
                                          "AWS::EC2::SecurityGroup::GroupName",
                                          "AWS::EC2::SecurityGroup::Id",
                                          "AWS::EC2::Subnet::Id",
                                          "AWS::EC2::VPC::Id",
                                          "AWS::EC2::Volume::Id",
                                          "AWS::Route53::HostedZone::Id"};

bool is_plain_type(std::string_view type) {
  return type == "String" || type == "Number" || type == "CommaDelimitedList" ||
         type == "List<Number>" || type == "List<String>" || type == "AWS::SSM::Parameter::Name";
}

bool is_aws_type(std::string_view type) {
  if (type.starts_with("List<") && type.ends_with(">")) type = type.substr(5, type.size() - 6);
  return std::find(std::begin(kAwsTypes), std::end(kAwsTypes), type) != std::end(kAwsTypes);
}

// What stands in the brackets of an SSM type.
std::string_view stored_type(std::string_view type) {
  type.remove_prefix(kSsmPrefix.size());
  return type.substr(0, type.empty() ? 0 : type.size() - 1);
}

bool is_known_type(std::string_view type) {
  if (is_plain_type(type) || is_aws_type(type)) return true;
  if (!type.starts_with(kSsmPrefix) || !type.ends_with(">")) return false;
  const std::string_view stored = stored_type(type);
  return stored == "String" || stored == "CommaDelimitedList" || stored == "List<String>" ||
         is_aws_type(stored);
}

bool is_number_type(std::string_view type) { return type == "Number" || type == "List<Number>"; }

std::optional<double> number_of(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  const char* first = text.data();
  double value = 0;
  if (*first == '+') ++first;
  const auto [end, error] = std::from_chars(first, text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Result<std::optional<double>, TemplateError> bound(Node object, std::string_view member,
                                                   std::string_view name) {
  const Node* found = object.find(member);
  if (found == nullptr) return std::optional<double>();
  const auto number = number_of(scalar_text(*found).value_or(""));
  if (number) return std::optional<double>(*number);
  return template_error(
      fmt::format("Template format error: Parameter '{}' {} must be a number.", name, member));
}

Result<std::optional<std::size_t>, TemplateError> length_bound(Node object, std::string_view member,
                                                               std::string_view name) {
  const auto number = TRY(bound(object, member, name));
  if (!number) return std::optional<std::size_t>();
  if (*number < 0 || *number > 1e9) {
    return template_error(
        fmt::format("Template format error: Parameter '{}' {} is out of range.", name, member));
  }
  return std::optional<std::size_t>(static_cast<std::size_t>(*number));
}

Result<std::optional<std::string>, TemplateError> text_member(Node object,
                                                              std::string_view member) {
  const Node* found = object.find(member);
  if (found == nullptr) return std::optional<std::string>();
  if (const auto text = scalar_text(*found)) return std::optional<std::string>(*text);
  return template_error(
      fmt::format("Template format error: Every {} member must be a string.", member));
}

constexpr std::string_view kMembers[] = {
    "Type",       "Default",   "AllowedValues", "AllowedPattern", "ConstraintDescription",
    "MaxLength",  "MinLength", "MaxValue",      "MinValue",       "NoEcho",
    "Description"};

Result<Parameter, TemplateError> read_parameter(std::string_view name, Node object) {
  if (!is_alphanumeric(name)) {
    return template_error(
        fmt::format("Template format error: Parameter name {} is non alphanumeric.", name));
  }
  Parameter parameter;
  parameter.name = name;
  parameter.type = TRY(text_member(object, "Type")).value_or("");
  if (parameter.type.empty()) {
    return template_error(
        "Template format error: Every Parameters object must contain a Type member.");
  }
  if (!is_known_type(parameter.type)) {
    return template_error(
        fmt::format("Template format error: Unrecognized parameter type: {}", parameter.type));
  }
  for (const json::Member& member : object.members()) {
    if (std::find(std::begin(kMembers), std::end(kMembers), member.key.string()) !=
        std::end(kMembers)) {
      continue;
    }
    return template_error(
        fmt::format("Invalid template parameter property '{}'", member.key.string()));
  }
  parameter.default_value = TRY(text_member(object, "Default"));
  parameter.description = TRY(text_member(object, "Description"));
  parameter.allowed_pattern = TRY(text_member(object, "AllowedPattern"));
  parameter.constraint_description = TRY(text_member(object, "ConstraintDescription"));
  parameter.no_echo = TRY(text_member(object, "NoEcho")) == "true";
  parameter.min_value = TRY(bound(object, "MinValue", name));
  parameter.max_value = TRY(bound(object, "MaxValue", name));
  parameter.min_length = TRY(length_bound(object, "MinLength", name));
  parameter.max_length = TRY(length_bound(object, "MaxLength", name));
  if (const Node* allowed = object.find("AllowedValues")) {
    if (!allowed->is_array()) {
      return template_error("Template format error: Every AllowedValues member must be a list.");
    }
    for (const Node& value : *allowed) {
      parameter.allowed_values.push_back(scalar_text(value).value_or(""));
    }
  }
  return parameter;
}

std::vector<std::string> elements_of(std::string_view text) {
  std::vector<std::string> elements;
  for (;;) {
    const std::size_t comma = text.find(',');
    std::string_view element = text.substr(0, comma);
    while (!element.empty() && element.front() == ' ') element.remove_prefix(1);
    while (!element.empty() && element.back() == ' ') element.remove_suffix(1);
    elements.emplace_back(element);
    if (comma == std::string_view::npos) return elements;
    text.remove_prefix(comma + 1);
  }
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

// Patterns are Java's, and match as a whole.
Result<bool, TemplateError> matches(const std::string& pattern, const std::string& value,
                                    const std::string& name) {
  if (const auto matched = matches_pattern(pattern, value)) return *matched;
  return template_error(
      fmt::format("Template format error: Parameter '{}' AllowedPattern is not a valid regular "
                  "expression.",
                  name));
}

Err<TemplateError> violated(const Parameter& parameter, std::string_view rule) {
  if (parameter.constraint_description) {
    return template_error(fmt::format("Parameter {} failed to satisfy constraint: {}",
                                      parameter.name, *parameter.constraint_description));
  }
  return template_error(fmt::format("Parameter '{}' {}", parameter.name, rule));
}

std::string plain_number(double value) {
  return value == static_cast<double>(static_cast<std::int64_t>(value))
             ? std::to_string(static_cast<std::int64_t>(value))
             : fmt::format("{}", value);
}

Result<void, TemplateError> check_element(const Parameter& parameter, const std::string& value) {
  const auto& allowed = parameter.allowed_values;
  if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    return violated(parameter, "must be one of AllowedValues");
  }
  if (is_number_type(parameter.type)) {
    const auto number = number_of(value);
    if (!number) return violated(parameter, "must be a number.");
    if (parameter.min_value && *number < *parameter.min_value) {
      return violated(parameter, fmt::format("must be a number not less than {}",
                                             plain_number(*parameter.min_value)));
    }
    if (parameter.max_value && *number > *parameter.max_value) {
      return violated(parameter, fmt::format("must be a number not greater than {}",
                                             plain_number(*parameter.max_value)));
    }
    return {};
  }
  if (parameter.min_length && characters(value) < *parameter.min_length) {
    return violated(parameter,
                    fmt::format("must contain at least {} characters", *parameter.min_length));
  }
  if (parameter.max_length && characters(value) > *parameter.max_length) {
    return violated(parameter,
                    fmt::format("must contain at most {} characters", *parameter.max_length));
  }
  if (parameter.allowed_pattern &&
      !TRY(matches(*parameter.allowed_pattern, value, parameter.name))) {
    return violated(parameter, fmt::format("must match pattern {}", *parameter.allowed_pattern));
  }
  return {};
}

Result<void, TemplateError> check_value(const Parameter& parameter, const std::string& value) {
  if (value.size() > kParameterBytesMax) {
    return template_error(fmt::format("Parameter '{}' must contain at most {} characters",
                                      parameter.name, kParameterBytesMax));
  }
  if (!parameter.is_list()) return check_element(parameter, value);
  if (value.empty()) return {};
  for (const std::string& element : elements_of(value)) TRY(check_element(parameter, element));
  return {};
}

std::string join_names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

Result<void, TemplateError> check_names(const Template& parsed,
                                        const std::map<std::string, std::string>& given) {
  std::vector<std::string> unknown, missing;
  for (const auto& [name, value] : given) {
    if (parsed.parameter(name) == nullptr) unknown.push_back(name);
  }
  if (!unknown.empty()) {
    return template_error(
        fmt::format("Parameters: [{}] do not exist in the template", join_names(unknown)));
  }
  for (const Parameter& parameter : parsed.parameters) {
    if (!parameter.default_value && !given.contains(parameter.name)) {
      missing.push_back(parameter.name);
    }
  }
  if (missing.empty()) return {};
  return template_error(fmt::format("Parameters: [{}] must have values", join_names(missing)));
}

}  // namespace

bool Parameter::is_list() const {
  const std::string_view kind = is_ssm() ? stored_type(type) : std::string_view(type);
  return kind == "CommaDelimitedList" || kind.starts_with("List<");
}

bool Parameter::is_ssm() const { return type.starts_with(kSsmPrefix); }

Result<std::vector<Parameter>, TemplateError> read_parameters(Node section) {
  std::vector<Parameter> parameters;
  for (const json::Member& member : section.members()) {
    parameters.push_back(TRY(read_parameter(member.key.string(), member.value)));
  }
  return parameters;
}

Result<ParameterValues, TemplateError> bind_parameters(
    const Template& parsed, const std::map<std::string, std::string>& given,
    const StoredParameter& stored) {
  TRY(check_names(parsed, given));
  ParameterValues values;
  for (const Parameter& parameter : parsed.parameters) {
    const auto found = given.find(parameter.name);
    const std::string text = found == given.end() ? *parameter.default_value : found->second;
    TRY(check_value(parameter, text));
    ParameterValue value{text, text};
    if (parameter.is_ssm()) {
      const auto looked_up = stored ? stored(text) : std::nullopt;
      if (!looked_up) {
        return template_error(fmt::format(
            "Unable to fetch parameters [{}] from parameter store for this account.", text));
      }
      value.value = *looked_up;
    }
    values.emplace(parameter.name, std::move(value));
  }
  return values;
}

json::Node parameter_node(json::Arena& arena, const Parameter& parameter, std::string_view value) {
  if (!parameter.is_list()) return arena.string(value);
  std::vector<Node> elements;
  if (!value.empty()) {
    for (const std::string& element : elements_of(value)) elements.push_back(arena.string(element));
  }
  return arena.array(elements);
}

}  // namespace pawl::templates
