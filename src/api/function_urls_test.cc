// Which requests are for functions, and what of their answers goes onto the wire.
#include "api/function_urls.h"

#include <gtest/gtest.h>

#include "base/percent.h"

namespace pawl::api {
namespace {

constexpr const char* kId = "abcdefghijklmnopqrstuvwxyz234567";

// "id path", or "" for a request that is the API's.
std::string url_of(const std::string& host, const std::string& target) {
  HttpRequest request;
  request.method = "GET";
  request.target = target;
  if (!host.empty()) request.headers.add("host", host);
  const auto parts = split_target(request.target);
  if (!parts) return "malformed";
  const auto url = function_url_of(request, *parts);
  return url ? url->id + " " + url->path : "";
}

TEST(FunctionUrls, AreToldByHostOrPath) {
  const std::string id = kId;
  EXPECT_EQ(url_of(id + ".lambda-url.us-east-1.localhost:4566", "/a%20b?x=1"), id + " /a%20b");
  EXPECT_EQ(url_of(id + ".lambda-url.us-east-1.on.aws", "/"), id + " /");
  EXPECT_EQ(url_of("127.0.0.1", "/_pawl/function-urls/" + id), id + " /");
  EXPECT_EQ(url_of("127.0.0.1", "/_pawl/function-urls/" + id + "/a/b"), id + " /a/b");
  EXPECT_EQ(url_of("", "/_pawl/function-urls/%00/x"), "%00 /x");
  for (const char* host : {"localhost", "box.localhost", "lambda-url.us-east-1.localhost", "",
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.lambda-url.us-east-1.localhost"}) {
    EXPECT_EQ(url_of(host, "/2015-03-31/functions"), "") << host;
  }
  EXPECT_EQ(url_of(id + ".s3.localhost", "/key"), "");
  EXPECT_EQ(url_of("127.0.0.1", "/_pawl/function-urls"), "");
}

TEST(FunctionUrls, AnswersCannotBreakTheMessage) {
  const std::string output =
      R"({"StatusCode":201,"Headers":[["content-type","text/html"],["x-good","a\tb"],)"
      R"(["x-bad","a\r\nset-cookie: b"],["bad name","1"],["Content-Length","1"],)"
      R"(["transfer-encoding","chunked"],["set-cookie","a=1"],["set-cookie","b=2"]]})";
  const HttpResponse response = function_url_response(
      runtime::StreamedOutput{json::Value::trusted(output), {"<p>", nullptr}}, "id");
  std::string text;
  for (const auto& [name, value] : response.headers) text += name + "=" + value + ";";
  EXPECT_EQ(text, "content-type=text/html;x-good=a\tb;set-cookie=a=1;set-cookie=b=2;");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body_text(), "<p>");
}

TEST(FunctionUrls, TakeOddBytesForLatin1) {
  HttpRequest request;
  request.method = "GET";
  request.target = "/?a=\xff";
  request.headers.add("x-name", "\xe9");
  const auto target = split_target(request.target);
  ASSERT_TRUE(target.has_value());
  const auto query = parse_query("a=%ff", Plus::kIsPlus);
  const json::Value input = function_url_input({kId, "/"}, request, *target, *query,
                                               FunctionUrlCaller(Err{std::string("why")}));
  EXPECT_TRUE(json::Value::parse(std::string(input.text())).ok());
  EXPECT_NE(input.text().find(R"(["x-name","é"])"), std::string::npos);
  EXPECT_NE(input.text().find(R"("Query":[["a","ÿ"]])"), std::string::npos);
  EXPECT_NE(input.text().find(R"("Refusal":"why")"), std::string::npos);
}

}  // namespace
}  // namespace pawl::api
