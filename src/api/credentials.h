// The access keys that may call, and their secrets (`--credentials FILE`).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::api {

struct CredentialsError {
  int line = 0;  // 1-based; 0: the file as a whole
  std::string message;
};

class Credentials {
 public:
  // Two forms, told apart by a line `[profile]`: lines of `ACCESS_KEY SECRET`, or the file that the
  // AWS CLI keeps (aws_access_key_id, aws_secret_access_key; other settings are skipped). Empty
  // lines and those that begin with # or ; are comments.
  static Result<Credentials, CredentialsError> parse(std::string_view text);
  static Result<Credentials, CredentialsError> read(const std::string& path);

  // Null when nobody has that key.
  const std::string* find_secret(std::string_view access_key) const;
  std::size_t size() const { return secrets_.size(); }

 private:
  std::map<std::string, std::string, std::less<>> secrets_;
};

}  // namespace pawl::api
