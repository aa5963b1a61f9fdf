// $encodeUrl and its three relatives (ECMA-262, encodeURI ... decodeURIComponent), $base64encode,
// $base64decode. Strings are WTF-8.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::jsonata {

// Nothing for a text with a lone surrogate (D3140).
std::optional<std::string> encode_url(std::string_view text);
std::optional<std::string> encode_url_component(std::string_view text);
// Nothing for a malformed text (D3140).
std::optional<std::string> decode_url(std::string_view text);
std::optional<std::string> decode_url_component(std::string_view text);

// The low byte of each UTF-16 unit, as Node's Buffer has it: "é" is 6Q==.
std::string base64_encode(std::string_view text);
// Lenient as Node's Buffer: URL-safe letters count, others are passed over, "=" ends.
std::string base64_decode(std::string_view text);

}  // namespace pawl::jsonata
