#include "services/ssm/records.h"

#include "json/number.h"
#include "json/record.h"

namespace pawl::ssm {

using json::Node;

template <class Fields>
void describe(Fields& fields, Version& version) {
  fields("number", version.number);
  fields("value", version.value);
  fields("sealed", version.sealed);
  fields("type", version.type);
  fields("description", version.description);
  fields("keyId", version.key_id);
  fields("allowedPattern", version.allowed_pattern);
  fields("tier", version.tier);
  fields("dataType", version.data_type);
  fields("user", version.user);
  fields("modified", version.modified);
  fields("labels", version.labels);
}

template <class Fields>
void describe(Fields& fields, Parameter& parameter) {
  fields("account", parameter.account);
  fields("region", parameter.region);
  fields("name", parameter.name);
  fields("versions", parameter.versions);
  fields("tags", parameter.tags);
}

const Version* Parameter::find(std::string_view selector) const {
  const auto number = json::to_int64(selector);
  for (const Version& version : versions) {
    if (number ? version.number == *number : version.labels.contains(std::string(selector))) {
      return &version;
    }
  }
  return nullptr;
}

std::string Parameter::arn() const { return parameter_arn(region, account, name); }

std::string Parameter::to_json() const { return json::record_text(*this); }

Parameter Parameter::from_json(const std::string& record) {
  return json::read_record<Parameter>(record);
}

namespace {

constexpr std::string_view kSecureString = "SecureString";
constexpr std::string_view kPurpose = "parameters";

std::string place_of(const Parameter& parameter, const Version& version) {
  return parameter.arn() + ":" + std::to_string(version.number);
}

}  // namespace

bool is_secret(const Version& version) { return version.type == kSecureString; }

void seal(const SecretKey& key, Parameter& parameter) {
  for (Version& version : parameter.versions) {
    if (!is_secret(version) || version.sealed) continue;
    version.value = key.encrypt(kPurpose, version.value, place_of(parameter, version));
    version.sealed = true;
  }
}

Result<std::string, ServiceError> plain_value(const SecretKey& key, const Parameter& parameter,
                                              const Version& version) {
  if (!version.sealed) return version.value;
  auto value = key.decrypt(kPurpose, version.value, place_of(parameter, version));
  if (value) return *std::move(value);
  return Err{error("InvalidKeyId", "The value of " + parameter.name +
                                       " was not encrypted with the key that this server has.")};
}

std::string parameter_key(const runtime::Principal& principal, std::string_view name) {
  return principal.account + "/" + principal.region + "/" + std::string(name);
}

std::string parameter_arn(std::string_view region, std::string_view account,
                          std::string_view name) {
  return "arn:aws:ssm:" + std::string(region) + ":" + std::string(account) + ":parameter" +
         (name.starts_with('/') ? "" : "/") + std::string(name);
}

ServiceError error(std::string code, std::string message) {
  return {.code = std::move(code), .message = std::move(message), .members = {}};
}

std::string text_of(Node object, std::string_view member, std::string_view fallback) {
  const Node* found = object.find(member);
  return std::string(found != nullptr && found->is_string() ? found->string() : fallback);
}

bool flag_of(Node object, std::string_view member) {
  const Node* found = object.find(member);
  return found != nullptr && found->is_boolean() && found->boolean();
}

std::int64_t integer_of(Node object, std::string_view member, std::int64_t fallback) {
  const Node* found = object.find(member);
  if (found == nullptr || !found->is_number()) return fallback;
  return json::to_int64(found->number_text()).value_or(fallback);
}

std::vector<std::string> texts_of(Node object, std::string_view member) {
  std::vector<std::string> texts;
  const Node* found = object.find(member);
  if (found == nullptr || !found->is_array()) return texts;
  for (const Node& each : *found) {
    if (each.is_string()) texts.emplace_back(each.string());
  }
  return texts;
}

}  // namespace pawl::ssm
