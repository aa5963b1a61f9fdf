// Lambda's errors in AWS's words.
#pragma once

#include <string>
#include <string_view>

#include "runtime/operations.h"

namespace pawl::lambda {

using runtime::ServiceError;

ServiceError function_not_found(std::string_view arn);
ServiceError resource_not_found(std::string message);
ServiceError conflict(std::string message);
ServiceError invalid_parameter(std::string message);
ServiceError validation_error(std::string message);
// The RevisionId that the caller has seen is not the current one.
ServiceError revision_mismatch();
ServiceError payload_too_large(std::size_t bytes_max);
ServiceError rate_exceeded(std::string_view reason);

}  // namespace pawl::lambda
