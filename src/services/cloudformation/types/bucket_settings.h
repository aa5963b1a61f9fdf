// The settings of AWS::S3::Bucket that the object service keeps, from a template's words into the
// API's.
#pragma once

#include <optional>

#include "services/cloudformation/resource_type.h"

namespace pawl::cloudformation {

// Sets what the resource has and takes away what it had before; nothing, or what went wrong.
std::optional<Failure> set_bucket_settings(const Request& request);

}  // namespace pawl::cloudformation
