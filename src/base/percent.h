// Percent-encoding of URLs (RFC 3986 section 2.1) and of forms.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl {

enum class Slash { kEncode, kKeep };
// Encodes all but the unreserved A-Z a-z 0-9 - . _ ~, with upper-case hex digits, as signatures
// demand.
std::string percent_encode(std::string_view bytes, Slash slash);

// As java.net.URLEncoder does it, which S3 writes its keys with: all but A-Z a-z 0-9 - . _ * and a
// blank, which becomes '+'; slashes stay.
std::string form_encode_key(std::string_view bytes);

enum class Plus { kIsPlus, kIsSpace };  // application/x-www-form-urlencoded makes it a space

// Nothing when a percent sign is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text, Plus plus);

}  // namespace pawl
