// Cyclic redundancy checks that S3's clients send: CRC-32 (ISO-HDLC), CRC-32C and CRC-64/NVME. All
// are reflected; the value is in the low `bits`.
#pragma once

#include <cstdint>
#include <string_view>

namespace pawl {

enum class CrcKind : std::uint8_t { kCrc32, kCrc32c, kCrc64Nvme };

int crc_bits(CrcKind kind);  // 32 or 64

// The check of what `crc` is the check of, followed by `bytes`. Begins with 0.
std::uint64_t extend_crc(CrcKind kind, std::uint64_t crc, std::string_view bytes);

// The check of two texts one after the other, by their checks and the second one's length.
std::uint64_t combine_crc(CrcKind kind, std::uint64_t first, std::uint64_t second,
                          std::uint64_t second_bytes);

}  // namespace pawl
