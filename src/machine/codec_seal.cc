#include "machine/codec_seal.h"

#include "base/bytes.h"
#include "base/crc32c.h"

namespace pawl::machine {
namespace {

constexpr std::size_t kChecksumBytes = 4;

Err<DecodeError> refuse(std::string_view what, const std::string& why) {
  return Err{DecodeError{std::string(what) + ": " + why}};
}

}  // namespace

std::string open_record(std::uint8_t version) {
  std::string record;
  record.reserve(512);
  record.push_back(static_cast<char>(version));
  return record;
}

void seal_record(std::string& record) { put_big_endian_32(record, crc32c(record)); }

Result<std::string_view, DecodeError> unseal_record(std::string_view record, std::uint8_t version,
                                                    std::string_view what) {
  if (record.size() < 1 + kChecksumBytes) return refuse(what, "too short");
  const auto found = static_cast<std::uint8_t>(record.front());
  if (found != version) {
    return refuse(what, "version " + std::to_string(found) + " is not known, only " +
                            std::to_string(version));
  }
  const std::string_view covered = record.substr(0, record.size() - kChecksumBytes);
  ByteReader checksum(record.substr(covered.size()));
  if (checksum.big_endian_32() != crc32c(covered)) return refuse(what, "checksum does not match");
  return covered.substr(1);
}

}  // namespace pawl::machine
