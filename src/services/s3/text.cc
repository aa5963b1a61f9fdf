#include "services/s3/text.h"

#include <charconv>
#include <ctime>

#include "base/base64.h"

namespace pawl::s3 {

namespace {

constexpr std::string_view kIdLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";

}  // namespace

std::string quoted(std::string_view etag) { return "\"" + std::string(etag) + "\""; }

std::string_view unquoted(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  return etag;
}

std::optional<WallMillis> parse_time(std::string_view given) {
  const std::string text(given);
  for (const char* format : {"%a, %d %b %Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"}) {
    std::tm time{};
    if (strptime(text.c_str(), format, &time) != nullptr) {
      return static_cast<WallMillis>(timegm(&time)) * 1000;
    }
  }
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc() || seconds < 0 || seconds > 100'000'000'000) return std::nullopt;
  return seconds * 1000;
}

std::optional<std::string> parse_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 1'024) return std::nullopt;
  return decode_base64(text);
}

std::string id_text(std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) {
      text.push_back(kIdLetters[(bits >> (count - 6)) & 63]);
    }
  }
  if (count > 0) text.push_back(kIdLetters[(bits << (6 - count)) & 63]);
  return text;
}

std::optional<std::string> parse_id(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char letter : text) {
    const std::size_t value = kIdLetters.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>((bits >> count) & 0xff));
  }
  return bytes;
}

}  // namespace pawl::s3
