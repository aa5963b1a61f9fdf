#include "services/cloudformation/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace pawl::cloudformation {

using json::Node;

namespace {

constexpr std::size_t kTagsMax = 50;

}  // namespace

Result<std::string, ServiceError> Fields::required(std::string_view name) const {
  if (std::string found = text(name); !found.empty()) return found;
  return Err{validation_error(fmt::format(
      "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must "
      "not be null",
      name))};
}

::pawl::Result<std::vector<std::string>, ServiceError> Fields::capabilities() const {
  constexpr std::string_view kKnown[] = {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM",
                                         "CAPABILITY_AUTO_EXPAND"};
  std::vector<std::string> given = texts("Capabilities");
  for (const std::string& each : given) {
    if (std::find(std::begin(kKnown), std::end(kKnown), each) != std::end(kKnown)) continue;
    return Err{validation_error(fmt::format(
        "1 validation error detected: Value '[{}]' at 'capabilities' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must satisfy enum value set: "
        "[CAPABILITY_NAMED_IAM, CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]]",
        fmt::join(given, ", ")))};
  }
  return given;
}

::pawl::Result<std::vector<Tag>, ServiceError> Fields::checked_tags() const {
  std::vector<Tag> given = tags();
  std::set<std::string> keys;
  if (given.size() > kTagsMax) {
    return Err{validation_error(fmt::format(
        "1 validation error detected: Value '{}' at 'tags' failed to satisfy constraint: Member "
        "must have length less than or equal to {}",
        given.size(), kTagsMax))};
  }
  for (const Tag& tag : given) {
    if (tag.key.starts_with("aws:")) {
      return Err{validation_error("aws: prefixed tag key names are not allowed for external use.")};
    }
    if (!keys.insert(tag.key).second) {
      return Err{
          validation_error("Duplicate tag keys found. Please note that Tag keys are case "
                           "insensitive.")};
    }
  }
  return given;
}

std::vector<Tag> Fields::tags() const {
  std::vector<Tag> tags;
  const Node* found = node("Tags");
  if (found == nullptr) return tags;
  for (const Node& each : *found) {
    const Node* key = each.find("Key");
    const Node* value = each.find("Value");
    if (key == nullptr || !key->is_string()) continue;
    tags.push_back({std::string(key->string()),
                    value && value->is_string() ? std::string(value->string()) : std::string()});
  }
  return tags;
}

ServiceError service_error(std::string code, std::string message, int status) {
  return {
      .code = std::move(code), .message = std::move(message), .http_status = status, .members = {}};
}

// "ValidationError" in this protocol, which the API layer knows.
ServiceError validation_error(std::string message) {
  return service_error("ValidationException", std::move(message));
}

ServiceError from_template(const templates::TemplateError& error) {
  return validation_error(error.message);
}

ServiceError no_such_stack(std::string_view name, StackWords words) {
  switch (words) {
    case StackWords::kWithId:
      break;
    case StackWords::kBracketed:
      return validation_error(fmt::format("Stack [{}] does not exist", name));
    case StackWords::kQuoted:
      return validation_error(fmt::format("Stack '{}' does not exist", name));
  }
  return validation_error(fmt::format("Stack with id {} does not exist", name));
}

json::Value empty_answer() { return json::Value::trusted("{}"); }

void write_tags(json::Writer& out, const std::vector<Tag>& tags) {
  out.begin_array();
  for (const Tag& tag : tags) {
    out.begin_object().key("Key").string(tag.key).key("Value").string(tag.value).end_object();
  }
  out.end_array();
}

}  // namespace pawl::cloudformation
