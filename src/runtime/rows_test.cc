#include "runtime/rows.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pawl::runtime {
namespace {

ExecutionId id_of(std::string_view text) { return id_of_execution(text); }

TEST(Rows, SummaryKeepsEveryField) {
  const Summary summary{.names = {"eu-west-1", "123456789012", "orders", "run-1"},
                        .revision = "abc",
                        .start_time = 1'700'000'000'123,
                        .status = machine::Status::kTimedOut,
                        .stop_time = 1'700'000'001'000,
                        .event_count = 77,
                        .last_record = 70,
                        .trace_header = "Root=1",
                        .revision_id = "r-2",
                        .revision_time = 1'600'000'000'000,
                        .role_arn = "arn:aws:iam::1:role/r",
                        .input_digest = std::string("\0\1\2\3\4\5\6\7", 8),
                        .started_by = "parent",
                        .version = 12,
                        .alias = "live",
                        .redrive_count = 3,
                        .redrive_time = 1'700'000'002'000,
                        .redrive_tokens = {{1'700'000'001'500, "a"}, {1'700'000'002'000, "b"}},
                        .forked_from = "arn",
                        .forked_event = 77,
                        .history_full = true};
  const auto decoded = decode_summary(encode(summary));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(encode(*decoded), encode(summary));
  EXPECT_EQ(decoded->names.execution_arn(),
            "arn:aws:states:eu-west-1:123456789012:execution:orders:run-1");
  EXPECT_EQ(decoded->status, machine::Status::kTimedOut);
  EXPECT_EQ(decode_status(encode(summary)), machine::Status::kTimedOut);
  EXPECT_EQ(decode_name(encode(summary)), "run-1");
}

RC_GTEST_PROP(Rows, DamagedSummariesAreRefusedOrRead, (std::string bytes)) {
  decode_name(bytes);
  decode_summary(bytes);  // whatever it answers, it answers
  decode_pointer(bytes);
  parse_timer_key(bytes);
  parse_history_key(bytes);
  parse_list_key(bytes);
}

TEST(Rows, ATruncatedSummaryIsRefused) {
  const std::string whole = encode(Summary{.names = {"r", "a", "m", "e"}, .revision = "x"});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(decode_summary(std::string_view(whole).substr(0, length))) << length;
  }
}

RC_GTEST_PROP(Rows, TimersSortByDue, (std::uint32_t one, std::uint32_t other)) {
  const TimerKey left{one, id_of("a"), {machine::TimerId::Kind::kWait, 2}};
  const TimerKey right{other, id_of("b"), {machine::TimerId::Kind::kRetry, 9}};
  if (one != other) RC_ASSERT((timer_key(left) < timer_key(right)) == (one < other));
  RC_ASSERT(timer_key(left) >= timer_bound(one));
  RC_ASSERT(timer_key(left) < timer_bound(static_cast<WallMillis>(one) + 1));
  const auto parsed = parse_timer_key(timer_key(left));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->due == left.due && parsed->execution == left.execution);
  RC_ASSERT(parsed->timer == left.timer);
}

RC_GTEST_PROP(Rows, ListsAreNewestFirst, (std::uint32_t one, std::uint32_t other)) {
  const std::string left = list_key(7, one, id_of("a"));
  const std::string right = list_key(7, other, id_of("b"));
  if (one != other) RC_ASSERT((left < right) == (one > other));
  RC_ASSERT(left.starts_with(list_prefix(7)));
  RC_ASSERT(left < after_prefix(list_prefix(7)));
  const auto parsed = parse_list_key(left);
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->start == static_cast<WallMillis>(one));
  RC_ASSERT(parsed->id == id_of("a"));
}

TEST(Rows, RecordsOfAnExecutionAreInOrderAndTogether) {
  const std::string prefix = history_prefix(1000, id_of("a"));
  const std::string first = history_key(1000, id_of("a"), 0);
  const std::string second = history_key(1000, id_of("a"), 300);
  EXPECT_LT(first, second);
  EXPECT_LT(second, after_prefix(prefix));
  EXPECT_FALSE(history_key(1001, id_of("a"), 0) < after_prefix(prefix));
}

struct ArnCase {
  const char* arn;
  bool valid;
};
class ExecutionArn : public testing::TestWithParam<ArnCase> {};
TEST_P(ExecutionArn, ParsesOrNot) {
  const auto names = parse_execution_arn(GetParam().arn);
  EXPECT_EQ(names.has_value(), GetParam().valid) << GetParam().arn;
  if (names) {
    EXPECT_EQ(names->execution_arn(), GetParam().arn);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Rows, ExecutionArn,
    testing::Values(ArnCase{"arn:aws:states:us-east-1:000000000000:execution:m:e", true},
                    ArnCase{"arn:aws-cn:states:cn-north-1:000000000000:execution:m:e", true},
                    ArnCase{"arn:aws:states:us-east-1:000000000000:execution:m", false},
                    ArnCase{"arn:aws:states:us-east-1:000000000000:execution:m:", false},
                    ArnCase{"arn:aws:states:us-east-1:000000000000:execution::e", false},
                    ArnCase{"arn:aws:states:us-east-1:000000000000:execution:m:e:f", false},
                    ArnCase{"arn:aws:states:us-east-1:000000000000:express:m:e", false},
                    ArnCase{"arn:aws:states:us-east-1:000000000000:express:m:e:run", true},
                    ArnCase{"arn:aws:states:us-east-1:000000000000:express:m:e:", false},
                    ArnCase{"arn:aws:states:us-east-1:000000000000:express:m:e:run:x", false},
                    ArnCase{"arn:aws:sqs:us-east-1:000000000000:execution:m:e", false},
                    ArnCase{"", false}, ArnCase{"arn", false}, ArnCase{":::::::", false}));

}  // namespace
}  // namespace pawl::runtime
