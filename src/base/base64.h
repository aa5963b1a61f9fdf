// Base64 (RFC 4648 section 4), padded.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl {

std::string encode_base64(std::string_view bytes);
// Nothing where `text` is none; blanks are not skipped.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace pawl
