#include "base/crc.h"

#include <array>
#include <cstddef>

#include "base/ensure.h"

namespace pawl {

namespace {

using Table = std::array<std::uint64_t, 256>;
using Tables = std::array<Table, 8>;

constexpr Tables make_tables(std::uint64_t polynomial) {
  Tables tables{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    std::uint64_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? polynomial : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t slice = 1; slice < 8; ++slice) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint64_t previous = tables[slice - 1][byte];
      tables[slice][byte] = (previous >> 8) ^ tables[0][previous & 0xff];
    }
  }
  return tables;
}

struct Crc {
  int bits;
  std::uint64_t polynomial;  // reflected
  const Tables& tables;
  std::uint64_t mask() const { return bits == 64 ? ~0ULL : (1ULL << bits) - 1; }
};

constexpr std::uint64_t kPolynomial32 = 0xedb88320U;
constexpr std::uint64_t kPolynomial32c = 0x82f63b78U;
constexpr std::uint64_t kPolynomial64 = 0x9a6c9329ac4bc9b5ULL;
constexpr Tables kTables32 = make_tables(kPolynomial32);
constexpr Tables kTables32c = make_tables(kPolynomial32c);
constexpr Tables kTables64 = make_tables(kPolynomial64);

Crc crc_of(CrcKind kind) {
  switch (kind) {
    case CrcKind::kCrc32:
      return {32, kPolynomial32, kTables32};
    case CrcKind::kCrc32c:
      return {32, kPolynomial32c, kTables32c};
    case CrcKind::kCrc64Nvme:
      return {64, kPolynomial64, kTables64};
  }
  ENSURE(false);
  return {64, kPolynomial64, kTables64};
}

// a * b modulo the polynomial; the highest bit is the coefficient of x^0.
std::uint64_t multiply(const Crc& crc, std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  for (std::uint64_t bit = 1ULL << (crc.bits - 1); bit != 0 && a != 0; bit >>= 1) {
    if ((a & bit) != 0) {
      product ^= b;
      a ^= bit;
    }
    b = (b >> 1) ^ ((b & 1) != 0 ? crc.polynomial : 0);
  }
  return product;
}

}  // namespace

int crc_bits(CrcKind kind) { return crc_of(kind).bits; }

std::uint64_t extend_crc(CrcKind kind, std::uint64_t value, std::string_view bytes) {
  const Crc crc = crc_of(kind);
  const Tables& t = crc.tables;
  value ^= crc.mask();
  const auto at = [&bytes](std::size_t index) { return static_cast<std::uint8_t>(bytes[index]); };
  // Slicing by eight: one table look-up a byte, eight of them independent.
  while (bytes.size() >= 8) {
    for (std::size_t i = 0; i < 8; ++i) value ^= static_cast<std::uint64_t>(at(i)) << (8 * i);
    value = t[7][value & 0xff] ^ t[6][(value >> 8) & 0xff] ^ t[5][(value >> 16) & 0xff] ^
            t[4][(value >> 24) & 0xff] ^ t[3][(value >> 32) & 0xff] ^ t[2][(value >> 40) & 0xff] ^
            t[1][(value >> 48) & 0xff] ^ t[0][value >> 56];
    bytes.remove_prefix(8);
  }
  for (const char next : bytes) {
    value = (value >> 8) ^ t[0][(value ^ static_cast<std::uint8_t>(next)) & 0xff];
  }
  return value ^ crc.mask();
}

// What follows moves the first text's check up by 8 bits a byte: times x^(8 n).
std::uint64_t combine_crc(CrcKind kind, std::uint64_t first, std::uint64_t second,
                          std::uint64_t second_bytes) {
  const Crc crc = crc_of(kind);
  std::uint64_t power = 1ULL << (crc.bits - 1 - 8);  // x^8
  std::uint64_t factor = 1ULL << (crc.bits - 1);     // x^0
  for (std::uint64_t n = second_bytes; n != 0; n >>= 1) {
    if ((n & 1) != 0) factor = multiply(crc, factor, power);
    power = multiply(crc, power, power);
  }
  return multiply(crc, factor, first) ^ second;
}

}  // namespace pawl
