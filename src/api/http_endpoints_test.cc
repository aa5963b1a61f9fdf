// Which addresses tasks may call, and what a file of connections may say.
#include "api/http_endpoints.h"

#include <gtest/gtest.h>

namespace pawl::api {
namespace {

TEST(HttpEndpoints, AllowsTheOriginsNamed) {
  const HttpEndpoints named({.origins = {"https://api.example.com", "http://127.0.0.1:8080"},
                             .connections = {},
                             .ca_bundle = {},
                             .limits = {}});
  for (const char* url : {"https://api.example.com", "https://API.example.com/a?b#c",
                          "http://127.0.0.1:8080?x", "https://api.example.com#x"}) {
    EXPECT_TRUE(named.allows(url)) << url;
  }
  for (const char* url :
       {"http://api.example.com", "https://api.example.com.evil.org/",
        "https://api.example.com@evil/", "https://api.example.com:8443/", "http://127.0.0.1:80801/",
        "https://evil/https://x", "ftp://api.example.com/", "api.example.com", "", "https://",
        "https://api.example.com\\@evil", "https://api.example.com/a b",
        "https://api.example.com/\r\nx", "file:///etc/passwd"}) {
    EXPECT_FALSE(named.allows(url)) << url;
  }
  const HttpEndpoints all({.origins = {"*"}, .connections = {}, .ca_bundle = {}, .limits = {}});
  EXPECT_TRUE(all.allows("https://anything/"));
  EXPECT_FALSE(all.allows("gopher://anything/"));
  EXPECT_FALSE(all.allows("https://a@b/"));
}

TEST(HttpEndpoints, ReadsConnections) {
  const auto read = read_http_connections(
      R"({"k":{"AuthorizationType":"API_KEY","AuthParameters":{"ApiKeyAuthParameters":)"
      R"({"ApiKeyName":"x-key","ApiKeyValue":"v"},"InvocationHttpParameters":{"HeaderParameters":)"
      R"([{"Key":"h","Value":"1"}],"QueryStringParameters":[{"Key":"q","Value":"2"}]}}},)"
      R"("b":{"AuthorizationType":"BASIC","AuthParameters":{"BasicAuthParameters":)"
      R"({"Username":"user","Password":"secret"}}}})");
  ASSERT_TRUE(read.ok()) << read.error();
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(read->at("k").headers, (Pairs{{"x-key", "v"}, {"h", "1"}}));
  EXPECT_EQ(read->at("k").query, (Pairs{{"q", "2"}}));
  EXPECT_EQ(read->at("b").headers, (Pairs{{"Authorization", "Basic dXNlcjpzZWNyZXQ="}}));
  for (const char* text :
       {"", "[]", R"({"a":1})", R"({"a":{}})",
        R"({"a":{"AuthorizationType":"X","AuthParameters":{}}})",
        R"({"a":{"AuthorizationType":"BASIC","AuthParameters":{}}})",
        R"({"a":{"AuthorizationType":"API_KEY","AuthParameters":{"ApiKeyAuthParameters":)"
        R"({"ApiKeyName":"a\nb","ApiKeyValue":"c"}}}})"}) {
    EXPECT_FALSE(read_http_connections(text).ok()) << text;
  }
}

TEST(HttpEndpoints, TakesOriginsAlone) {
  for (const char* origin : {"*", "https://a", "http://a:1"}) EXPECT_FALSE(origin_problem(origin));
  for (const char* origin : {"", "a", "https://a/", "https://a/b", "https://", "HTTPS://A"}) {
    EXPECT_TRUE(origin_problem(origin)) << origin;
  }
}

}  // namespace
}  // namespace pawl::api
