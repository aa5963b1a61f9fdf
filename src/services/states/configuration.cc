#include "services/states/configuration.h"

#include <utility>

namespace pawl::states {

namespace {

constexpr std::int64_t kReusePeriodSeconds = 300;

Err<runtime::ServiceError> invalid(std::string what) {
  return Err{service_error("InvalidEncryptionConfiguration",
                           "Invalid Encryption Configuration: " + std::move(what))};
}

}  // namespace

Result<json::Value, runtime::ServiceError> read_encryption(const Fields& fields,
                                                           std::string_view fallback) {
  const json::Node* node = fields.node("encryptionConfiguration");
  if (!node) return json::Value::trusted(std::string(fallback));
  const json::Value given = json::Value::of(*node);
  const Fields encryption(given);
  const auto key = encryption.text("kmsKeyId");
  const auto period = encryption.integer("kmsDataKeyReusePeriodSeconds");
  const bool own_key = encryption.text_or("type", "") == "CUSTOMER_MANAGED_KMS_KEY";
  if (own_key && !key) {
    return invalid("kmsKeyId must be specified when type is CUSTOMER_MANAGED_KMS_KEY.");
  }
  if (!own_key && (key || period)) {
    return invalid(
        "kmsKeyId and kmsDataKeyReusePeriodSeconds must not be specified when type is "
        "AWS_OWNED_KEY.");
  }
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (own_key) {
    out.key("kmsKeyId").string(*key);
    out.key("kmsDataKeyReusePeriodSeconds").integer(period.value_or(kReusePeriodSeconds));
  }
  out.key("type").string(own_key ? "CUSTOMER_MANAGED_KMS_KEY" : "AWS_OWNED_KEY").end_object();
  return json::Value::trusted(std::move(text));
}

json::Value read_tracing(const Fields& fields, std::string_view fallback) {
  const json::Node* node = fields.node("tracingConfiguration");
  if (!node) return json::Value::trusted(std::string(fallback));
  const json::Value given = json::Value::of(*node);
  const bool enabled = Fields(given).flag("enabled");
  return json::Value::trusted(enabled ? R"({"enabled":true})" : std::string(kDefaultTracing));
}

}  // namespace pawl::states
