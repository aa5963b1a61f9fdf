// Encoding of durable bytes: LEB128 varints, big-endian integers for keys (so that byte order is
// numeric order), and length-prefixed strings. ByteReader never reads past its end and never
// throws: after the first malformed read `ok()` stays false and every further read answers zero.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pawl {

void put_varint(std::string& out, std::uint64_t value);
// Zigzag: small magnitudes of either sign stay short.
void put_signed(std::string& out, std::int64_t value);
void put_bytes(std::string& out, std::string_view bytes);
void put_big_endian_16(std::string& out, std::uint16_t value);
void put_big_endian_32(std::string& out, std::uint32_t value);
void put_big_endian_64(std::string& out, std::uint64_t value);

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

  std::uint64_t varint();
  std::int64_t signed_varint();
  // A view into the bytes given to the constructor.
  std::string_view bytes();
  std::string_view take(std::size_t count);
  std::uint8_t byte();
  std::uint16_t big_endian_16();
  std::uint32_t big_endian_32();
  std::uint64_t big_endian_64();

 private:
  std::uint64_t big_endian(std::size_t count);

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace pawl
