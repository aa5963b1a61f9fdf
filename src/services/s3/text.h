// Texts that S3 writes and reads: ETags, times, base64, ids.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace pawl::s3 {

std::string quoted(std::string_view etag);
// `"abc"`, `abc` and `W/"abc"` -> abc.
std::string_view unquoted(std::string_view etag);

// As iso_time or http_time write it, or seconds of the epoch.
std::optional<WallMillis> parse_time(std::string_view text);

// Nothing when it is not base64.
std::optional<std::string> parse_base64(std::string_view text);

// Bytes as a text of letters, digits, '.' and '_', as S3's version ids are; and back.
std::string id_text(std::string_view bytes);
std::optional<std::string> parse_id(std::string_view text);

}  // namespace pawl::s3
