// The errors that this layer itself answers with. An error is runtime::ServiceError, whoever makes
// it; each protocol writes it in its own form.
#pragma once

#include <string>
#include <string_view>

#include "runtime/operations.h"

namespace pawl::api {

runtime::ServiceError serialization_error(std::string message);
runtime::ServiceError unknown_operation(std::string message);
runtime::ServiceError access_denied(std::string message);
runtime::ServiceError rate_exceeded();
runtime::ServiceError internal_failure();

}  // namespace pawl::api
