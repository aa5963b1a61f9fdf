#include "services/codecommit/fields.h"

#include <utility>

namespace pawl::codecommit {

Result<std::string, ServiceError> Fields::required(std::string_view name, std::string_view code,
                                                   std::string_view what) const {
  std::string found = text_or(name, {});
  if (!found.empty()) return found;
  return Err{
      error(std::string(code), "A " + std::string(what) + " is required, but none was given")};
}

ServiceError error(std::string code, std::string message) {
  return {.code = std::move(code), .message = std::move(message), .members = {}};
}

ServiceError no_such_repository(std::string_view name) {
  return error("RepositoryDoesNotExistException", std::string(name) + " does not exist");
}

ServiceError no_such_branch(std::string_view name) {
  return error("BranchDoesNotExistException", "Could not find branch " + std::string(name));
}

ServiceError no_such_commit(std::string_view specifier) {
  return error("CommitDoesNotExistException", "Could not find commit " + std::string(specifier));
}

ServiceError git_failed(const git::GitError& failure) {
  ServiceError failed = error("InternalFailure", failure.message);
  failed.http_status = 500;
  return failed;
}

}  // namespace pawl::codecommit
