// Texts that S3 writes and reads: times, ETags, base64, ids.
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

std::string iso_time(WallMillis millis);   // "2026-01-31T12:00:00Z"
std::string http_time(WallMillis millis);  // "Sat, 31 Jan 2026 12:00:00 GMT"
// Either of these forms, or seconds of the epoch.
std::optional<WallMillis> parse_time(std::string_view text);

// Nothing when it is not base64.
std::optional<std::string> parse_base64(std::string_view text);
std::string hex(std::string_view bytes);
std::optional<std::string> parse_hex(std::string_view text);

// Bytes as a text of letters, digits, '.' and '_', as S3's version ids are; and back.
std::string id_text(std::string_view bytes);
std::optional<std::string> parse_id(std::string_view text);

// As in `encoding-type=url`: all but letters, digits, "-._*" and '/'.
std::string url_encode(std::string_view text);
std::optional<std::string> url_decode(std::string_view text);

bool is_valid_utf8(std::string_view text);

}  // namespace pawl::s3
