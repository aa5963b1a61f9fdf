#include "base/utc_text.h"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(UtcText, WritesTheFormsOfProtocols) {
  struct Row {
    WallMillis time;
    const char* iso;
    const char* millis;
    const char* basic;
    const char* http;
  };
  const Row rows[] = {
      {784'111'777'000, "1994-11-06T08:49:37Z", "1994-11-06T08:49:37.000Z", "19941106T084937Z",
       "Sun, 06 Nov 1994 08:49:37 GMT"},
      {1'769'860'800'999, "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.999Z", "20260131T120000Z",
       "Sat, 31 Jan 2026 12:00:00 GMT"},
      {0, "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z", "19700101T000000Z",
       "Thu, 01 Jan 1970 00:00:00 GMT"},
      {-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z", "19691231T235959Z",
       "Wed, 31 Dec 1969 23:59:59 GMT"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(iso_time(row.time), row.iso);
    EXPECT_EQ(iso_time_millis(row.time), row.millis);
    EXPECT_EQ(basic_time(row.time), row.basic);
    EXPECT_EQ(http_time(row.time), row.http);
  }
}

}  // namespace
}  // namespace pawl
