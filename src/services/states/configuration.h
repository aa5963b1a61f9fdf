// encryptionConfiguration and tracingConfiguration: checked, and shown with what AWS adds to them.
// Pawl encrypts and traces nothing by them: they are accepted so that definitions of AWS run as
// they are, and described as they were given.
#pragma once

#include "base/result.h"
#include "json/value.h"
#include "services/states/fields.h"

namespace pawl::states {

inline constexpr std::string_view kDefaultTracing = R"({"enabled":false})";
inline constexpr std::string_view kDefaultEncryption = R"({"type":"AWS_OWNED_KEY"})";

// The input's `encryptionConfiguration`; `fallback` when it has none.
// InvalidEncryptionConfiguration when type and key do not go together.
Result<json::Value, runtime::ServiceError> read_encryption(const Fields& fields,
                                                           std::string_view fallback);
// The input's `tracingConfiguration`; `fallback` when it has none.
json::Value read_tracing(const Fields& fields, std::string_view fallback);

}  // namespace pawl::states
