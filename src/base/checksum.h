// Checksums of a text that comes in pieces, by name as S3 names them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/crc.h"

namespace pawl {

// Durable: never renumber.
enum class ChecksumKind : std::uint8_t {
  kMd5 = 0,
  kCrc32 = 1,
  kCrc32c = 2,
  kCrc64Nvme = 3,
  kSha1 = 4,
  kSha256 = 5,
};

// "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256".
std::string_view name_of(ChecksumKind kind);
std::optional<ChecksumKind> checksum_kind(std::string_view name);
// Whether it is a CRC, whose checks of parts make the check of the whole.
std::optional<CrcKind> crc_kind(ChecksumKind kind);
std::size_t checksum_bytes(ChecksumKind kind);

class Checksum {
 public:
  explicit Checksum(ChecksumKind kind);
  ~Checksum();
  Checksum(Checksum&&) noexcept;
  Checksum& operator=(Checksum&&) noexcept;

  ChecksumKind kind() const { return kind_; }
  void add(std::string_view bytes);
  // Raw bytes, CRCs big-endian. Once, at the end.
  std::string finish();

 private:
  struct Digest;

  ChecksumKind kind_;
  std::uint64_t crc_ = 0;
  std::unique_ptr<Digest> digest_;  // of those that are no CRCs
};

// Of a whole text.
std::string checksum_of(ChecksumKind kind, std::string_view bytes);

std::string crc_to_bytes(CrcKind kind, std::uint64_t crc);
std::uint64_t crc_from_bytes(std::string_view bytes);

}  // namespace pawl
