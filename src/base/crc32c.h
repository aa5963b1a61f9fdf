// CRC-32C (Castagnoli, RFC 3720 appendix B.4), the checksum of durable records.
#pragma once

#include <cstdint>
#include <string_view>

namespace pawl {
std::uint32_t crc32c(std::string_view bytes);

namespace detail {
// What processors without the instruction run; for tests.
std::uint32_t crc32c_by_tables(std::string_view bytes);
}  // namespace detail
}  // namespace pawl
