#include "base/crc32c.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

namespace pawl {
namespace {

// RFC 3720 appendix B.4.
TEST(Crc32c, TheVectorsOfTheRfc) {
  std::string rising;
  for (int byte = 0; byte < 32; ++byte) rising.push_back(static_cast<char>(byte));
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(crc32c(rising), 0x46dd794eU);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(""), 0U);
}

RC_GTEST_PROP(Crc32c, InstructionAndTablesAgree, (const std::string& bytes)) {
  RC_ASSERT(crc32c(bytes) == detail::crc32c_by_tables(bytes));
}

}  // namespace
}  // namespace pawl
