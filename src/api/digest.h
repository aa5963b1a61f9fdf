// SHA-256 and HMAC-SHA-256, by OpenSSL.
#pragma once

#include <string>
#include <string_view>

namespace pawl::api {

// 32 raw bytes.
std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
std::string hex(std::string_view bytes);  // lower case

// In a time that does not tell where they differ.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace pawl::api
