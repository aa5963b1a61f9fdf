// nextToken: what it holds for, and for how long.
#include "services/states/page_token.h"

#include <gtest/gtest.h>

#include "json/writer.h"

namespace pawl::states {
namespace {

constexpr WallMillis kNow = 1'800'000'000'000;
constexpr WallMillis kDay = 86'400'000;

std::string read(const std::string& token, std::string_view parameters, WallMillis now) {
  std::string text;
  json::Writer(text).begin_object().key("nextToken").string(token).end_object();
  const json::Value input = json::Value::trusted(std::move(text));
  const auto position = read_page_token(Fields(input), parameters, now);
  return position.ok() ? *position : position.error().code + " " + position.error().message;
}

TEST(PageToken, HoldsForItsRequestAndADay) {
  const std::string position = std::string("place") + '\0' + "\xff";
  const std::string token = make_page_token(position, "list|m", kNow);
  const std::string refused = "InvalidToken Invalid Token: 'Invalid token'";
  EXPECT_EQ(read(token, "list|m", kNow), position);
  EXPECT_EQ(read(token, "list|m", kNow + kDay), position);
  EXPECT_EQ(read(token, "list|m", kNow - kDay), position) << "a clock that was set back";
  EXPECT_EQ(read(token, "list|m", kNow + kDay + 1), refused);
  EXPECT_EQ(read(token, "list|n", kNow), refused);
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string changed = token;
    changed[at] = changed[at] == '0' ? '1' : '0';
    EXPECT_EQ(read(changed, "list|m", kNow), refused) << at;
    EXPECT_EQ(read(token.substr(0, at), "list|m", kNow), refused) << at;
  }
}

}  // namespace
}  // namespace pawl::states
