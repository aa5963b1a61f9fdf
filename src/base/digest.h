// Message digests, by OpenSSL.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace pawl {

// 32 raw bytes; the first form allocates nothing.
std::array<unsigned char, 32> sha256_array(std::string_view bytes);
std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// Lower-case hexadecimal. `algorithm` is MD5, SHA-1, SHA-256, SHA-384 or SHA-512, to the letter;
// nothing for any other.
std::optional<std::string> hex_digest(std::string_view data, std::string_view algorithm);

// In a time that does not tell where they differ.
bool equal_in_constant_time(std::string_view left, std::string_view right);

}  // namespace pawl
