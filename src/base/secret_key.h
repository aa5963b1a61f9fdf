// The server's own secret: a file of the data directory, made at the first start, readable by the
// server alone. It signs addresses of downloads and encrypts what is secret at rest: functions'
// variables and SecureString parameters (decision 22).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl {

class SecretKey {
 public:
  // Of the file, which is made durably if it is not there. A file that is no key is an error: what
  // was encrypted with it could never be read again.
  static Result<SecretKey, std::string> load(const std::string& file);

  // HMAC-SHA256 in hexadecimal. `purpose` keeps the uses of the key apart.
  std::string sign(std::string_view purpose, std::string_view text) const;
  bool verify(std::string_view purpose, std::string_view text, std::string_view signature) const;

  // AES-256-GCM with a fresh nonce, in base64; `place` is authenticated with it, so that what was
  // encrypted for one place is not taken at another.
  std::string encrypt(std::string_view purpose, std::string_view text,
                      std::string_view place) const;
  // Nothing when it was not encrypted with this key for this purpose and place.
  std::optional<std::string> decrypt(std::string_view purpose, std::string_view encrypted,
                                     std::string_view place) const;

 private:
  explicit SecretKey(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string subkey(std::string_view purpose) const;

  std::string bytes_;
};

}  // namespace pawl
