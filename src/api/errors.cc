// AWS's common errors.
#include "api/errors.h"

namespace pawl::api {

runtime::ServiceError serialization_error(std::string message) {
  return {.code = "SerializationException", .message = std::move(message), .members = {}};
}

runtime::ServiceError unknown_operation(std::string message) {
  return {.code = "UnknownOperationException", .message = std::move(message), .members = {}};
}

runtime::ServiceError access_denied(std::string message) {
  return {.code = "AccessDeniedException",
          .message = std::move(message),
          .http_status = 403,
          .members = {}};
}

runtime::ServiceError rate_exceeded() {
  return {.code = "ThrottlingException", .message = "Rate exceeded", .members = {}};
}

runtime::ServiceError internal_failure() {
  return {.code = "InternalFailure",
          .message = "The request was dropped by the service that had it",
          .http_status = 500,
          .members = {}};
}

}  // namespace pawl::api
