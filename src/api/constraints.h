// The second check of an input: the model's constraints, all violations at once, in AWS's wording
// (reference A2).
#pragma once

#include <optional>

#include "api/shape.h"
#include "json/value.h"
#include "runtime/operations.h"

namespace pawl::api {

// `input` conforms to `structure` (api/conform.h). A ValidationException, or nothing.
std::optional<runtime::ServiceError> check_constraints(json::Node input, const Shape& structure);

}  // namespace pawl::api
