#include "api/git_password.h"

#include <gtest/gtest.h>

#include "base/base64.h"

namespace pawl::api {
namespace {

// What the AWS CLI's credential helper made of this key, for eu-west-1, at this time.
constexpr std::string_view kKey = "AKIAIOSFODNN7EXAMPLE";
constexpr std::string_view kSecret = "wJalrXUtnFEMIKEYEXAMPLEKEY";
constexpr std::string_view kPassword =
    "20261122T080410Za05723104f15fb0657bcb50752ce61f1d91068e4adfc4cfc3501af799ee935cc";
constexpr WallMillis kSignedAt = 1'795'334'650'000;

struct Row {
  std::string user{kKey};
  std::string password{kPassword};
  std::string path = "/v1/repos/app/git-receive-pack";
  std::string host = "127.0.0.1:4566";
  WallMillis now = kSignedAt;
};

bool is_let_in(const Row& row) {
  const auto basic = read_basic("Basic " + encode_base64(row.user + ":" + row.password));
  EXPECT_TRUE(basic.has_value());
  HttpRequest http;
  http.target = row.path;
  http.headers.add("host", row.host);
  const Target target = *split_target(http.target);
  const std::vector<QueryParameter> query;
  return is_git_password(*basic, {http, target, query}, kSecret, row.now);
}

TEST(GitPassword, IsWhatTheCredentialHelperMakes) {
  EXPECT_TRUE(is_let_in({}));
  EXPECT_TRUE(is_let_in({.path = "/v1/repos/app/info/refs"}));
  EXPECT_TRUE(is_let_in({.now = kSignedAt + 14 * 60'000}));
  EXPECT_TRUE(is_let_in({.password = std::string(kSecret)}));
}

TEST(GitPassword, IsForOneRepositoryOnOneHostForAWhile) {
  EXPECT_FALSE(is_let_in({.path = "/v1/repos/other/info/refs"}));
  EXPECT_FALSE(is_let_in({.host = "example.com"}));
  EXPECT_FALSE(is_let_in({.now = kSignedAt + 16 * 60'000}));
  EXPECT_FALSE(is_let_in({.now = kSignedAt - 16 * 60'000}));
  std::string forged(kPassword);
  forged.back() = forged.back() == '0' ? '1' : '0';
  for (const std::string& password : {forged, std::string(), std::string("20261122T080410Z"),
                                      std::string("20261322T080410Z0"), std::string("p")}) {
    EXPECT_FALSE(is_let_in({.password = password})) << password;
  }
}

TEST(BasicHeader, NamesTheKey) {
  const auto with_token = read_basic("Basic " + encode_base64("KEY%a token:secret:with colon"));
  ASSERT_TRUE(with_token.has_value());
  EXPECT_EQ(with_token->scope.access_key, "KEY");
  EXPECT_EQ(with_token->signature, "secret:with colon");
  for (const char* header : {"", "Basic", "Basic !", "Bearer YTpi", "Basic bm9jb2xvbg=="}) {
    EXPECT_FALSE(read_basic(header).has_value()) << header;
  }
}

}  // namespace
}  // namespace pawl::api
