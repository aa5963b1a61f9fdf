#include "services/lambda/errors.h"

#include <fmt/format.h>

#include <utility>

namespace pawl::lambda {
namespace {

// `Type` says whose fault it is: "User" or "Service".
ServiceError user_error(std::string code, std::string message, int http_status) {
  return {std::move(code), std::move(message), http_status, {{"Type", R"("User")"}}};
}

}  // namespace

ServiceError function_not_found(std::string_view arn) {
  return resource_not_found(fmt::format("Function not found: {}", arn));
}

ServiceError resource_not_found(std::string message) {
  return user_error("ResourceNotFoundException", std::move(message), 404);
}

ServiceError conflict(std::string message) {
  return user_error("ResourceConflictException", std::move(message), 409);
}

ServiceError invalid_parameter(std::string message) {
  return user_error("InvalidParameterValueException", std::move(message), 400);
}

ServiceError validation_error(std::string message) {
  return {"ValidationException", "1 validation error detected: " + std::move(message), 400, {}};
}

ServiceError revision_mismatch() {
  return user_error("PreconditionFailedException",
                    "The Revision Id provided does not match the latest Revision Id. Call the "
                    "GetFunction/GetAlias API to retrieve the latest Revision Id",
                    412);
}

ServiceError payload_too_large(std::size_t bytes_max) {
  return user_error(
      "RequestEntityTooLargeException",
      fmt::format("Request must be smaller than {} bytes for the InvokeFunction operation",
                  bytes_max),
      413);
}

ServiceError rate_exceeded(std::string_view reason) {
  ServiceError error = user_error("TooManyRequestsException", "Rate Exceeded.", 429);
  error.members.emplace_back("Reason", fmt::format(R"("{}")", reason));
  return error;
}

}  // namespace pawl::lambda
