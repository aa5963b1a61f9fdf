#include "services/iam/input.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/broken_rules.h"

namespace pawl::iam {

namespace {

ServiceError error(std::string code, std::string message, int status) {
  return {
      .code = std::move(code), .message = std::move(message), .http_status = status, .members = {}};
}

ServiceError violated(std::string_view member, const std::string& value,
                      const std::string& constraint) {
  return error("ValidationError",
               "1 validation error detected: Value '" + value + "' at '" + lower_first(member) +
                   "' failed to satisfy constraint: " + constraint,
               400);
}

bool has_name_letters(std::string_view name) {
  constexpr std::string_view kOthers = "_+=,.@-";
  return std::all_of(name.begin(), name.end(), [&](char byte) {
    return is_letter_or_digit(byte) || kOthers.find(byte) != std::string_view::npos;
  });
}

}  // namespace

ServiceError no_such_entity(std::string message) {
  return error("NoSuchEntity", std::move(message), 404);
}
ServiceError already_exists(std::string message) {
  return error("EntityAlreadyExists", std::move(message), 409);
}
ServiceError delete_conflict(std::string message) {
  return error("DeleteConflict", std::move(message), 409);
}
ServiceError limit_exceeded(std::string message) {
  return error("LimitExceeded", std::move(message), 409);
}
ServiceError malformed_policy(std::string message) {
  return error("MalformedPolicyDocument", std::move(message), 400);
}
ServiceError invalid_input(std::string message) {
  return error("InvalidInput", std::move(message), 400);
}

Result<std::string, ServiceError> Input::required(std::string_view member) const {
  std::string value = text(member);
  if (!value.empty()) return value;
  return Err{error("ValidationError",
                   "1 validation error detected: Value null at '" + lower_first(member) +
                       "' failed to satisfy constraint: Member must not be null",
                   400)};
}

Result<std::string, ServiceError> Input::name(std::string_view member, std::size_t size_max) const {
  std::string value = TRY(required(member));
  const TextRules rules{
      .length_min = 1, .length_max = size_max, .pattern = "[\\w+=,.@-]+", .fits = has_name_letters};
  if (auto broken = broken_rules(lower_first(member), value, rules)) {
    return Err{error("ValidationError", std::move(*broken), 400)};
  }
  return value;
}

Result<std::string, ServiceError> Input::document(std::string_view member) const {
  std::string value = TRY(required(member));
  constexpr std::size_t kDocumentBytesMax = 131'072;
  if (value.size() > kDocumentBytesMax) {
    return Err{violated(member, value.substr(0, 100),
                        "Member must have length less than or equal to 131072")};
  }
  const auto parsed = json::Value::parse(value);
  if (!parsed.ok()) return Err{malformed_policy("This policy contains invalid Json")};
  const json::Node root = parsed->root();
  const json::Node* statements = root.find("Statement");
  if (!root.is_object() || statements == nullptr || statements->is_string()) {
    return Err{malformed_policy("Syntax errors in policy.")};
  }
  return value;
}

Result<std::string, ServiceError> Input::path() const {
  std::string value = text("Path");
  if (value.empty()) return std::string("/");
  if (value.front() == '/' && value.back() == '/' && value.size() <= 512) return value;
  return Err{error("ValidationError",
                   "The specified value for path is invalid. It must begin and end with / and "
                   "contain only alphanumeric characters and/or / characters.",
                   400)};
}

}  // namespace pawl::iam
