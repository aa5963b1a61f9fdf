// Step Functions' ARNs and names, and AWS's words for wrong ones (step-functions.md A2.5 to A2.7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "runtime/operations.h"
#include "services/states/fields.h"

namespace pawl::states {

using runtime::ServiceError;

struct Arn {
  std::string text;
  std::string region;
  std::string account;
  std::string type;       // "stateMachine", "execution", "activity", "express", "mapRun"
  std::string name;       // the resource's own: machine, activity
  std::string qualifier;  // version number, alias or execution name; empty
  std::string label;      // of a Distributed Map's sub-machine; empty

  // Without the qualifier.
  std::string unqualified() const;
  // Of a version's ARN: its number. Names of aliases are no numbers.
  std::optional<std::int64_t> version() const;
};

// An ARN of Step Functions whose type is one of `types` ("stateMachine|activity").
Result<Arn, ServiceError> parse_arn(std::string_view text, std::string_view types);
// The same of an input's required member.
Result<Arn, ServiceError> required_arn(const Fields& fields, std::string_view member,
                                       std::string_view types);

// InvalidName when `name` holds a character that names may not have.
Result<void, ServiceError> check_name(std::string_view name);
// InvalidArn when `arn` does not look like an IAM role's.
Result<void, ServiceError> check_role_arn(std::string_view arn);

std::string make_arn(const runtime::Principal& principal, std::string_view type,
                     std::string_view name);

}  // namespace pawl::states
