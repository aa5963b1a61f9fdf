#include "services/states/page_token.h"

#include "base/bytes.h"
#include "base/crc32c.h"
#include "base/hex.h"

namespace pawl::states {

namespace {

constexpr WallMillis kTokenMillisMax = 86'400'000;

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
  return encode_hex(checked(position, parameters, now));
}

Result<std::string, runtime::ServiceError> read_page_token(const Fields& fields,
                                                           std::string_view parameters,
                                                           WallMillis now) {
  const auto token = fields.text("nextToken");
  if (!token) return std::string();
  if (const auto bytes = decode_hex(*token)) {
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
