#include "machine/timestamps.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pawl::machine {
namespace {

TEST(Timestamps, Parse) {
  struct Row {
    const char* text;
    std::int64_t seconds;
    std::int32_t nanos;
  };
  constexpr Row kRows[] = {
      {"1970-01-01T00:00:00Z", 0, 0},
      {"2016-03-14T01:59:00Z", 1'457'920'740, 0},
      {"2016-03-14T02:59:00+01:00", 1'457'920'740, 0},
      {"2016-03-13T20:29:00-05:30", 1'457'920'740, 0},
      {"2016-03-05T21:29:29.243167252Z", 1'457'213'369, 243'167'252},
      {"2016-03-05T21:29:29.2431672529999Z", 1'457'213'369, 243'167'252},
      {"2016-03-05T21:29:29.5Z", 1'457'213'369, 500'000'000},
      {"2016-02-29T00:00:00Z", 1'456'704'000, 0},
      {"1969-12-31T23:59:59Z", -1, 0},
      {"0001-01-01T00:00:00Z", -62'135'596'800, 0},
  };
  for (const Row& row : kRows) {
    const auto parsed = parse_timestamp(row.text);
    ASSERT_TRUE(parsed) << row.text;
    EXPECT_EQ(parsed->seconds, row.seconds) << row.text;
    EXPECT_EQ(parsed->nanos, row.nanos) << row.text;
  }
}

TEST(Timestamps, RefuseWhatIsNoTimestamp) {
  for (const char* text : {"",
                           "2016-03-14",
                           "2016-03-14T01:59:00",
                           "2016-03-14 01:59:00Z",
                           "2016-03-14t01:59:00Z",
                           "2016-03-14T01:59:00z",
                           "2016-13-05T21:29:29Z",
                           "2015-02-29T00:00:00Z",
                           "2016-12-05T25:29:29Z",
                           "2016-12-05T24:00:00Z",
                           "2016-12-05T21:60:29Z",
                           "2016-12-05T21:29:60Z",
                           "05-12-2016T21:29:29Z",
                           "2016-03-14T01:59Z",
                           "2016-03-14T01:59:00.Z",
                           "2016-03-14T01:59:00+1:00",
                           "2016-03-14T01:59:00+19:00",
                           "2016-03-14T01:59:00+01:60",
                           "2016-03-14T01:59:00Z ",
                           "+2016-03-14T01:59:00Z",
                           "now"}) {
    EXPECT_FALSE(parse_timestamp(text)) << text;
  }
}

TEST(Timestamps, Print) {
  EXPECT_EQ(print_timestamp(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(print_timestamp(1'457'920'740'000), "2016-03-14T01:59:00Z");
  EXPECT_EQ(print_timestamp(1'457'920'740'120), "2016-03-14T01:59:00.120Z");
  EXPECT_EQ(print_timestamp(1'457'920'740'007), "2016-03-14T01:59:00.007Z");
  EXPECT_EQ(print_timestamp(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Timestamps, NotBefore) {
  EXPECT_EQ(millis_not_before({10, 0}), 10'000);
  EXPECT_EQ(millis_not_before({10, 1}), 10'001);
  EXPECT_EQ(millis_not_before({10, 999'999'999}), 11'000);
}

RC_GTEST_PROP(Timestamps, PrintedTimesParseBack, ()) {
  const auto time = *rc::gen::inRange<WallMillis>(-62'135'596'800'000, 253'402'300'799'000);
  const auto parsed = parse_timestamp(print_timestamp(time));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(millis_not_before(*parsed) == time);
}

}  // namespace
}  // namespace pawl::machine
