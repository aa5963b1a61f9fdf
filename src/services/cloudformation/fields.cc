#include "services/cloudformation/fields.h"

#include <fmt/format.h>

namespace pawl::cloudformation {

using json::Node;

Result<std::string, ServiceError> Fields::required(std::string_view name) const {
  if (std::string found = text(name); !found.empty()) return found;
  return Err{validation_error(fmt::format(
      "1 validation error detected: Value null at '{}' failed to satisfy constraint: Member must "
      "not be null",
      name))};
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

ServiceError no_such_stack(std::string_view name) {
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
