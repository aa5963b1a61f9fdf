#include "services/codecommit/fields.h"

#include <utility>

#include "json/number.h"

namespace pawl::codecommit {

const json::Node* Fields::node(std::string_view name) const {
  const json::Node* found = root_.find(name);
  return found && !found->is_null() ? found : nullptr;
}

std::optional<std::string> Fields::text(std::string_view name) const {
  const json::Node* found = node(name);
  if (!found || !found->is_string()) return std::nullopt;
  return std::string(found->string());
}

std::string Fields::text_or(std::string_view name, std::string fallback) const {
  return text(name).value_or(std::move(fallback));
}

std::optional<std::int64_t> Fields::integer(std::string_view name) const {
  const json::Node* found = node(name);
  if (!found || !found->is_number()) return std::nullopt;
  return json::to_int64(found->number_text());
}

Result<std::string, ServiceError> Fields::required(std::string_view name, std::string_view code,
                                                   std::string_view what) const {
  auto found = text(name);
  if (found && !found->empty()) return *std::move(found);
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
