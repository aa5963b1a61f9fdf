#include "base/crc.h"

#include <gtest/gtest.h>

#include <string>

namespace pawl {
namespace {

// The check values of the catalogue of parametrised CRC algorithms: of "123456789".
TEST(Crc, CheckValues) {
  EXPECT_EQ(extend_crc(CrcKind::kCrc32, 0, "123456789"), 0xcbf43926U);
  EXPECT_EQ(extend_crc(CrcKind::kCrc32c, 0, "123456789"), 0xe3069283U);
  EXPECT_EQ(extend_crc(CrcKind::kCrc64Nvme, 0, "123456789"), 0xae8b14860a799888ULL);
}

TEST(Crc, PiecesAndPartsGiveTheWhole) {
  std::string text;
  for (int i = 0; i < 1'000; ++i) text += static_cast<char>(i * 7 + i / 31);
  for (const CrcKind kind : {CrcKind::kCrc32, CrcKind::kCrc32c, CrcKind::kCrc64Nvme}) {
    const std::uint64_t whole = extend_crc(kind, 0, text);
    for (const std::size_t cut : {0, 1, 7, 8, 500, 999, 1'000}) {
      const std::string_view first = std::string_view(text).substr(0, cut);
      const std::string_view second = std::string_view(text).substr(cut);
      EXPECT_EQ(extend_crc(kind, extend_crc(kind, 0, first), second), whole) << cut;
      EXPECT_EQ(
          combine_crc(kind, extend_crc(kind, 0, first), extend_crc(kind, 0, second), second.size()),
          whole)
          << cut;
    }
  }
}

}  // namespace
}  // namespace pawl
