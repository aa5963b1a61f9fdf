// Errors in S3's words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/operations.h"

namespace pawl::s3 {

using runtime::ServiceError;

ServiceError error(std::string_view code, std::string message, int status = 400);
// With a further element of the error document.
ServiceError with(ServiceError error, std::string_view name, std::string_view value);

ServiceError no_such_bucket(std::string_view bucket);
ServiceError no_such_key(std::string_view key);
ServiceError no_such_version(std::string_view key, std::string_view version);
ServiceError no_such_upload(std::string_view upload);
ServiceError invalid_argument(std::string message, std::string_view name, std::string_view value);
ServiceError precondition_failed(std::string_view condition);
ServiceError not_modified(std::string_view etag, std::int64_t last_modified_ms);
ServiceError bad_digest(std::string_view what);
ServiceError internal_error(std::string message);
ServiceError no_space();

}  // namespace pawl::s3
