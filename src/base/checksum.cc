#include "base/checksum.h"

#include <openssl/evp.h>

#include <array>

#include "base/ensure.h"

namespace pawl {

namespace {

struct Row {
  ChecksumKind kind;
  std::string_view name;
  std::size_t bytes;
};
constexpr std::array<Row, 6> kRows{{{ChecksumKind::kMd5, "MD5", 16},
                                    {ChecksumKind::kCrc32, "CRC32", 4},
                                    {ChecksumKind::kCrc32c, "CRC32C", 4},
                                    {ChecksumKind::kCrc64Nvme, "CRC64NVME", 8},
                                    {ChecksumKind::kSha1, "SHA1", 20},
                                    {ChecksumKind::kSha256, "SHA256", 32}}};

const Row& row_of(ChecksumKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  ENSURE(index < kRows.size(), index);
  return kRows[index];
}

const EVP_MD* digest_of(ChecksumKind kind) {
  if (kind == ChecksumKind::kMd5) return EVP_md5();
  return kind == ChecksumKind::kSha1 ? EVP_sha1() : EVP_sha256();
}

}  // namespace

struct Checksum::Digest {
  explicit Digest(ChecksumKind kind) : context(EVP_MD_CTX_new()) {
    ENSURE(context != nullptr && EVP_DigestInit_ex(context, digest_of(kind), nullptr) == 1);
  }
  ~Digest() { EVP_MD_CTX_free(context); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  EVP_MD_CTX* context;
};

std::string_view name_of(ChecksumKind kind) { return row_of(kind).name; }
std::size_t checksum_bytes(ChecksumKind kind) { return row_of(kind).bytes; }

std::optional<ChecksumKind> checksum_kind(std::string_view name) {
  for (const Row& row : kRows) {
    if (row.name == name && row.kind != ChecksumKind::kMd5) return row.kind;
  }
  return std::nullopt;
}

std::optional<CrcKind> crc_kind(ChecksumKind kind) {
  switch (kind) {
    case ChecksumKind::kCrc32:
      return CrcKind::kCrc32;
    case ChecksumKind::kCrc32c:
      return CrcKind::kCrc32c;
    case ChecksumKind::kCrc64Nvme:
      return CrcKind::kCrc64Nvme;
    case ChecksumKind::kMd5:
    case ChecksumKind::kSha1:
    case ChecksumKind::kSha256:
      return std::nullopt;
  }
  return std::nullopt;
}

Checksum::Checksum(ChecksumKind kind) : kind_(kind) {
  if (!crc_kind(kind)) digest_ = std::make_unique<Digest>(kind);
}
Checksum::~Checksum() = default;
Checksum::Checksum(Checksum&&) noexcept = default;
Checksum& Checksum::operator=(Checksum&&) noexcept = default;

void Checksum::add(std::string_view bytes) {
  if (const auto crc = crc_kind(kind_)) {
    crc_ = extend_crc(*crc, crc_, bytes);
  } else {
    ENSURE(EVP_DigestUpdate(digest_->context, bytes.data(), bytes.size()) == 1);
  }
}

std::string Checksum::finish() {
  if (const auto crc = crc_kind(kind_)) return crc_to_bytes(*crc, crc_);
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  ENSURE(EVP_DigestFinal_ex(digest_->context, bytes.data(), &size) == 1);
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string checksum_of(ChecksumKind kind, std::string_view bytes) {
  Checksum checksum(kind);
  checksum.add(bytes);
  return checksum.finish();
}

std::string crc_to_bytes(CrcKind kind, std::uint64_t crc) {
  std::string bytes;
  for (int shift = crc_bits(kind) - 8; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((crc >> shift) & 0xff));
  }
  return bytes;
}

std::uint64_t crc_from_bytes(std::string_view bytes) {
  std::uint64_t crc = 0;
  for (const char byte : bytes) crc = (crc << 8) | static_cast<std::uint8_t>(byte);
  return crc;
}

}  // namespace pawl
