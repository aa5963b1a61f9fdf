// Access keys that a service of this server gave out: users' keys and roles' temporary ones, and
// users' passwords for git, by their user names.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::runtime {

struct AccessKey {
  std::string secret;
  std::string session_token;  // of temporary ones
  std::string account;
  std::string arn;
  std::string user_id;
  bool usable = true;        // neither expired nor made inactive
  bool is_password = false;  // for git over HTTP, and nothing to sign with
};

// Thread-safe and quick.
using FindAccessKey = std::function<std::optional<AccessKey>(std::string_view access_key)>;

}  // namespace pawl::runtime
