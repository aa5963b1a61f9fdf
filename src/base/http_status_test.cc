#include "base/http_status.h"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(HttpStatus, HasItsPhrase) {
  EXPECT_EQ(reason_phrase(200), "OK");
  EXPECT_EQ(reason_phrase(207), "Multi-Status");
  EXPECT_EQ(reason_phrase(413), "Content Too Large");
  EXPECT_EQ(reason_phrase(599), "");
}

}  // namespace
}  // namespace pawl
