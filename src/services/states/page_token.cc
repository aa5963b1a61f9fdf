#include "services/states/page_token.h"

#include "base/bytes.h"
#include "base/crc32c.h"

namespace pawl::states {

namespace {

constexpr WallMillis kTokenMillisMax = 86'400'000;

constexpr char kHex[] = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    text.push_back(kHex[static_cast<unsigned char>(byte) >> 4]);
    text.push_back(kHex[static_cast<unsigned char>(byte) & 15]);
  }
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = std::string_view(kHex).find(text[i]);
    const std::size_t low = std::string_view(kHex).find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

std::string checked(std::string_view position, std::string_view parameters, WallMillis made) {
  std::string body;
  put_bytes(body, position);
  put_big_endian_64(body, static_cast<std::uint64_t>(made));
  std::string signed_part = body;
  put_bytes(signed_part, parameters);
  put_big_endian_32(body, crc32c(signed_part));
  return body;
}

}  // namespace

std::string make_page_token(std::string_view position, std::string_view parameters,
                            WallMillis now) {
  return to_hex(checked(position, parameters, now));
}

Result<std::string, runtime::ServiceError> read_page_token(const Fields& fields,
                                                           std::string_view parameters,
                                                           WallMillis now) {
  const auto token = fields.text("nextToken");
  if (!token) return std::string();
  if (const auto bytes = from_hex(*token)) {
    ByteReader in(*bytes);
    const std::string position(in.bytes());
    const auto made = static_cast<WallMillis>(in.big_endian_64());
    if (in.ok() && checked(position, parameters, made) == *bytes && now - made <= kTokenMillisMax) {
      return position;
    }
  }
  return Err{service_error("InvalidToken", "Invalid Token: 'Invalid token'")};
}

std::size_t page_size(const Fields& fields) {
  const std::int64_t wanted = fields.integer("maxResults").value_or(0);
  return wanted <= 0 ? 100 : static_cast<std::size_t>(std::min<std::int64_t>(wanted, 1000));
}

}  // namespace pawl::states
