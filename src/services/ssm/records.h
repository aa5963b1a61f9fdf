// What the catalog holds of a parameter: one record for each version, and one with what all of them
// share. A parameter's versions are numbered from 1; the newest hundred are kept.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/secret_key.h"
#include "json/value.h"
#include "json/writer.h"
#include "runtime/catalog.h"
#include "runtime/operations.h"

namespace pawl::ssm {

using runtime::ServiceError;

inline constexpr std::string_view kParameterTable = "ssm-parameters";  // account/region/name
inline constexpr std::size_t kVersionsMax = 100;

struct Version {
  std::int64_t number = 0;
  std::string value;    // as it is stored: sealed, or plain
  bool sealed = false;  // secrets are, once they are stored
  std::string type;     // String, StringList, SecureString
  std::string description, key_id, allowed_pattern, tier, data_type, user;
  WallMillis modified = 0;
  std::set<std::string> labels{};
};

struct Parameter {
  std::string account, region, name;
  std::vector<Version> versions;  // oldest first, never empty
  std::map<std::string, std::string> tags{};

  const Version& newest() const { return versions.back(); }
  // Of "5" or of a label; nullptr: there is none.
  const Version* find(std::string_view selector) const;
  std::string arn() const;
  std::string to_json() const;
  static Parameter from_json(const std::string& record);
};

bool is_secret(const Version& version);
// Encrypts the secrets that are not yet: nothing is stored without.
void seal(const SecretKey& key, Parameter& parameter);
// The value as it was put; an error where another key encrypted it.
Result<std::string, ServiceError> plain_value(const SecretKey& key, const Parameter& parameter,
                                              const Version& version);

std::string parameter_key(const runtime::Principal& principal, std::string_view name);
std::string parameter_arn(std::string_view region, std::string_view account, std::string_view name);

ServiceError error(std::string code, std::string message = {});

// Texts of an input's members.
std::string text_of(json::Node object, std::string_view member, std::string_view fallback = {});
bool flag_of(json::Node object, std::string_view member);
std::int64_t integer_of(json::Node object, std::string_view member, std::int64_t fallback);
std::vector<std::string> texts_of(json::Node object, std::string_view member);

}  // namespace pawl::ssm
