#include "base/bytes.h"

#include <array>

namespace pawl {

void put_varint(std::string& out, std::uint64_t value) {
  if (value < 0x80) return out.push_back(static_cast<char>(value));
  std::array<char, 10> bytes = {};
  std::size_t count = 0;
  for (; value >= 0x80; value >>= 7) bytes[count++] = static_cast<char>(value | 0x80);
  bytes[count++] = static_cast<char>(value);
  out.append(bytes.data(), count);
}

void put_signed(std::string& out, std::int64_t value) {
  put_varint(out,
             (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}

void put_bytes(std::string& out, std::string_view bytes) {
  put_varint(out, bytes.size());
  out.append(bytes);
}

namespace {
void put_big_endian(std::string& out, std::uint64_t value, int count) {
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}
}  // namespace

void put_big_endian_16(std::string& out, std::uint16_t value) { put_big_endian(out, value, 2); }
void put_big_endian_32(std::string& out, std::uint32_t value) { put_big_endian(out, value, 4); }
void put_big_endian_64(std::string& out, std::uint64_t value) { put_big_endian(out, value, 8); }

std::uint64_t ByteReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (rest_.empty()) break;
    const auto next = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if ((next & 0x80) == 0) return ok_ ? value : 0;
  }
  ok_ = false;
  rest_ = {};
  return 0;
}

std::int64_t ByteReader::signed_varint() {
  const std::uint64_t raw = varint();
  return static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1) + 1));
}

std::string_view ByteReader::take(std::size_t count) {
  if (!ok_ || count > rest_.size()) {
    ok_ = false;
    rest_ = {};
    return {};
  }
  const std::string_view taken = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return taken;
}

std::string_view ByteReader::bytes() { return take(varint()); }

std::uint8_t ByteReader::byte() { return static_cast<std::uint8_t>(big_endian(1)); }
std::uint16_t ByteReader::big_endian_16() { return static_cast<std::uint16_t>(big_endian(2)); }
std::uint32_t ByteReader::big_endian_32() { return static_cast<std::uint32_t>(big_endian(4)); }
std::uint64_t ByteReader::big_endian_64() { return big_endian(8); }

std::uint64_t ByteReader::big_endian(std::size_t count) {
  std::uint64_t value = 0;
  for (const char next : take(count)) value = (value << 8) | static_cast<std::uint8_t>(next);
  return value;
}

}  // namespace pawl
