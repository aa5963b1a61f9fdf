// The ways to name a function: its name, a partial ARN or an ARN, each with or without a qualifier.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "services/lambda/errors.h"

namespace pawl::lambda {

inline constexpr std::string_view kLatest = "$LATEST";

struct FunctionName {
  std::string account;
  std::string region;
  std::string name;
  std::string qualifier;  // empty: none given

  // arn:aws:lambda:<region>:<account>:function:<name>, without qualifier.
  std::string arn() const;
  // With the given qualifier, if any.
  std::string qualified_arn() const { return qualifier.empty() ? arn() : arn() + ":" + qualifier; }
  // Its place in the catalog's tables.
  std::string key() const { return account + "/" + region + "/" + name; }
};

// "x", "x:1", "function:x", "123456789012:function:x:prod", "arn:aws:lambda:us-east-1:...".
// `qualifier`, given beside the name, must not contradict one in it.
Result<FunctionName, ServiceError> parse_function_name(const runtime::Principal& principal,
                                                       std::string_view text,
                                                       std::string_view qualifier = {});

bool is_version_number(std::string_view qualifier);

}  // namespace pawl::lambda
