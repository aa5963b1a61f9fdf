#include "services/s3/text.h"

#include <openssl/evp.h>

#include <charconv>
#include <ctime>

#include "base/base64.h"
#include "json/value.h"
#include "json/writer.h"

namespace pawl::s3 {

namespace {

constexpr std::string_view kIdLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";

std::tm utc_of(WallMillis millis) {
  const std::time_t seconds = millis / 1000;
  std::tm time{};
  gmtime_r(&seconds, &time);
  return time;
}

int hex_digit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

}  // namespace

std::string quoted(std::string_view etag) { return "\"" + std::string(etag) + "\""; }

std::string_view unquoted(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  return etag;
}

std::string iso_time(WallMillis millis) {
  const std::tm time = utc_of(millis);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &time);
  return {text, size};
}

std::string http_time(WallMillis millis) {
  const std::tm time = utc_of(millis);
  char text[48];
  const std::size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &time);
  return {text, size};
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

std::string hex(std::string_view bytes) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char byte : bytes) {
    text.push_back(kHex[static_cast<unsigned char>(byte) >> 4]);
    text.push_back(kHex[static_cast<unsigned char>(byte) & 15]);
  }
  return text;
}

std::optional<std::string> parse_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
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

std::string url_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char byte : text) {
    const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' ||
                       byte == '*' || byte == '/';
    if (plain) {
      out.push_back(byte);
    } else if (byte == ' ') {
      out.push_back('+');
    } else {
      out.push_back('%');
      out.push_back(kHex[static_cast<unsigned char>(byte) >> 4]);
      out.push_back(kHex[static_cast<unsigned char>(byte) & 15]);
    }
  }
  return out;
}

std::optional<std::string> url_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high * 16 + low));
    i += 2;
  }
  return out;
}

// By the parser that checks every text anyway.
bool is_valid_utf8(std::string_view text) {
  std::string quoted_text;
  json::print_string_to(text, quoted_text);
  return json::Value::parse(std::move(quoted_text)).ok();
}

}  // namespace pawl::s3
