// Message digests, by OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl {

// Lower-case hexadecimal. `algorithm` is MD5, SHA-1, SHA-256, SHA-384 or SHA-512, to the letter;
// nothing for any other.
std::optional<std::string> hex_digest(std::string_view data, std::string_view algorithm);

}  // namespace pawl
