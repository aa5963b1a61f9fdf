// Reading an operation's input, and the errors of CodeCommit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "git/repository.h"
#include "json/members.h"
#include "runtime/operations.h"

namespace pawl::codecommit {

using runtime::ServiceError;

class Fields : public json::Members {
 public:
  using Members::Members;

  std::optional<std::string> text(std::string_view name) const {
    const auto found = Members::text(name);
    return found ? std::optional<std::string>(*found) : std::nullopt;
  }
  std::string text_or(std::string_view name, std::string_view fallback) const {
    return std::string(Members::text_or(name, fallback));
  }
  // A text that must be there: `<code>`, whose message says that a <what> is required.
  Result<std::string, ServiceError> required(std::string_view name, std::string_view code,
                                             std::string_view what) const;
};

ServiceError error(std::string code, std::string message);
ServiceError no_such_repository(std::string_view name);
ServiceError no_such_branch(std::string_view name);
ServiceError no_such_commit(std::string_view specifier);
// Git cannot do it, and it is not the caller's fault.
ServiceError git_failed(const git::GitError& error);

}  // namespace pawl::codecommit
