// Function URLs: what an event looks like, what answers mean, and the configurations.
#include <gmock/gmock.h>

#include "services/lambda/service_fixture.h"
#include "services/lambda/url_event.h"
#include "services/lambda/urls.h"

namespace pawl::lambda {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr const char* kRequest =
    R"({"UrlId":"abc","Method":"POST","Path":"/a%20b","RawQuery":"x=1&x=2&y","Protocol":"HTTP/1.1",)"
    R"("SourceIp":"10.0.0.1","Query":[["x","1"],["x","2"],["y",""]],)"
    R"("Headers":[["host","abc.lambda-url.us-east-1.localhost:1"],["accept","a"],["accept","b"],)"
    R"(["cookie","one=1; two=2"],["content-type","TYPE"],["user-agent","test"]],)"
    R"("Caller":{"AccessKey":"AKIA","AccountId":"000000000000","UserArn":"","UserId":""}})";

json::Value event_of(const std::string& type, std::string_view body,
                     UrlRequest::Authorizer authorizer = UrlRequest::Authorizer::kNone) {
  std::string text = kRequest;
  text.replace(text.find("TYPE"), 4, type);
  const json::Value given = json::Value::parse(text).value();
  return url_event({.request = given.root(),
                    .body = body,
                    .domain = "abc.lambda-url.us-east-1.localhost",
                    .scheme = "http",
                    .port = "1",
                    .authorizer = authorizer,
                    .request_id = "id",
                    .now = 1'583'348'638'390});
}

TEST(UrlEvent, IsPayloadFormatTwo) {
  EXPECT_EQ(
      event_of("text/plain", "hello").text(),
      R"({"version":"2.0","routeKey":"$default","rawPath":"/a%20b","rawQueryString":"x=1&x=2&y",)"
      R"("cookies":["one=1","two=2"],"headers":{"host":"abc.lambda-url.us-east-1.localhost:1",)"
      R"("accept":"a,b","content-type":"text/plain","user-agent":"test",)"
      R"("x-forwarded-for":"10.0.0.1","x-forwarded-port":"1","x-forwarded-proto":"http"},)"
      R"("queryStringParameters":{"x":"1,2","y":""},"requestContext":{"accountId":"anonymous",)"
      R"("apiId":"abc","domainName":"abc.lambda-url.us-east-1.localhost","domainPrefix":"abc",)"
      R"("http":{"method":"POST","path":"/a%20b","protocol":"HTTP/1.1","sourceIp":"10.0.0.1",)"
      R"("userAgent":"test"},"requestId":"id","routeKey":"$default","stage":"$default",)"
      R"("time":"04/Mar/2020:19:03:58 +0000","timeEpoch":1583348638390},"body":"hello",)"
      R"("isBase64Encoded":false})");
}

TEST(UrlEvent, BytesAreBase64) {
  EXPECT_THAT(std::string(event_of("application/octet-stream", "hello").text()),
              HasSubstr(R"("body":"aGVsbG8=","isBase64Encoded":true)"));
  EXPECT_THAT(std::string(event_of("application/x-www-form-urlencoded", "a=b").text()),
              HasSubstr(R"("isBase64Encoded":true)"));
  EXPECT_THAT(std::string(event_of("text/plain", "\xff").text()),
              HasSubstr(R"("body":"/w==","isBase64Encoded":true)"));
  EXPECT_THAT(std::string(event_of("application/vnd.x+json; charset=utf-8", "{}").text()),
              HasSubstr(R"("body":"{}","isBase64Encoded":false)"));
  EXPECT_EQ(std::string(event_of("text/plain", "").text()).find("\"body\""), std::string::npos);
}

TEST(UrlEvent, ShowsTheCallerWhereIamLetsIn) {
  const std::string event(event_of("text/plain", "", UrlRequest::Authorizer::kIam).text());
  EXPECT_THAT(event, HasSubstr(R"("accountId":"000000000000","authentication":null)"));
  EXPECT_THAT(event, HasSubstr(R"("userArn":"arn:aws:iam::000000000000:root")"));
}

// "status field: value, field: value body", or "none".
std::string answered(const std::string& payload) {
  const json::Value value = json::Value::parse(payload).value();
  const auto answer = url_answer(value.root());
  if (!answer) return "none";
  std::string text = std::to_string(answer->status);
  for (const auto& [name, field] : answer->headers) text += " " + name + "=" + field;
  return text + " " + answer->body;
}

TEST(UrlAnswer, IsWhatTheHandlerMeans) {
  const std::string json = "content-type=application/json ";
  EXPECT_EQ(answered(R"("Hello")"), "200 " + json + R"("Hello")");
  EXPECT_EQ(answered(R"({"message":"Hello"})"), "200 " + json + R"({"message":"Hello"})");
  EXPECT_EQ(answered("null"), "200 " + json + "null");
  EXPECT_EQ(answered(R"({"statusCode":201,"headers":{"Content-Type":"text/html","X-N":7},)"
                     R"("cookies":["a=1; Secure","b=2"],"body":"<p>"})"),
            "201 content-type=text/html x-n=7 set-cookie=a=1; Secure set-cookie=b=2 <p>");
  EXPECT_EQ(answered(R"({"statusCode":"404","body":{"a":1}})"), "404 " + json + R"({"a":1})");
  EXPECT_EQ(answered(R"({"statusCode":200,"body":"aGk=","isBase64Encoded":true})"),
            "200 " + json + "hi");
  EXPECT_EQ(answered(R"({"statusCode":204,"body":"x"})"), "204 " + json);
  for (const char* wrong :
       {R"({"statusCode":99})", R"({"statusCode":"ok"})", R"({"statusCode":1e9})",
        R"({"statusCode":600})", R"({"statusCode":[]})",
        R"({"statusCode":200,"body":"%","isBase64Encoded":true})"}) {
    EXPECT_EQ(answered(wrong), "none") << wrong;
  }
}

TEST(FunctionUrl, IsANameOfThisMachineOrAPath) {
  EXPECT_EQ(function_url("http://127.0.0.1:4566", "abc", "eu-west-1"),
            "http://abc.lambda-url.eu-west-1.localhost:4566/");
  EXPECT_EQ(function_url("https://[::1]:1", "abc", "eu-west-1"),
            "https://abc.lambda-url.eu-west-1.localhost:1/");
  EXPECT_EQ(function_url("https://10.0.0.7:4566", "abc", "eu-west-1"),
            "https://10.0.0.7:4566/_pawl/function-urls/abc/");
  EXPECT_EQ(function_url("", "abc", "eu-west-1"), "/_pawl/function-urls/abc/");
}

TEST_F(ServiceTest, UrlsLiveWithTheirFunctions) {
  service_->set_endpoint("http://127.0.0.1:4566");
  create("f", kEcho);
  const std::string missing =
      "ResourceNotFoundException: The resource you requested does not exist. (404)";
  const std::string place = R"({"FunctionName":"f")";
  EXPECT_EQ(call("GetFunctionUrlConfig", place + "}"), missing);
  EXPECT_EQ(call("CreateFunctionUrlConfig", R"({"FunctionName":"g","AuthType":"NONE"})"),
            "ResourceNotFoundException: Function does not exist (404)");
  const std::string made = call("CreateFunctionUrlConfig", place + R"(,"AuthType":"NONE"})");
  EXPECT_THAT(field(made, "FunctionUrl"),
              MatchesRegex("http://[a-z0-9]{32}.lambda-url.us-east-1.localhost:4566/"));
  EXPECT_EQ(field(made, "FunctionArn"), kArn + "f");
  EXPECT_EQ(field(made, "InvokeMode"), "BUFFERED");
  EXPECT_THAT(call("CreateFunctionUrlConfig", place + R"(,"AuthType":"NONE"})"),
              StartsWith("ResourceConflictException: Failed to create function url config for "
                         "[functionArn = " +
                         kArn + "f]"));
  const std::string changed =
      call("UpdateFunctionUrlConfig", place + R"(,"AuthType":"AWS_IAM","Cors":{"MaxAge":5}})");
  EXPECT_EQ(field(changed, "FunctionUrl"), field(made, "FunctionUrl"));
  EXPECT_EQ(field(changed, "Cors"), R"({"MaxAge":5})");
  restart();
  service_->set_endpoint("http://127.0.0.1:4566");
  EXPECT_EQ(call("GetFunctionUrlConfig", place + "}"), changed);
  EXPECT_EQ(field(call("ListFunctionUrlConfigs", place + "}"), "FunctionUrlConfigs"),
            "[" + changed + "]");
  EXPECT_EQ(call("DeleteFunction", place + "}"), "{}");
  create("f", kEcho);
  EXPECT_EQ(call("GetFunctionUrlConfig", place + "}"), missing);
  EXPECT_EQ(call("DeleteFunctionUrlConfig", place + "}"), missing);
}

TEST_F(ServiceTest, EventSourceMappingsAreRecords) {
  create("f", kEcho);
  const std::string source = "arn:aws:sqs:us-east-1:000000000000:orders";
  const std::string input =
      R"({"FunctionName":"f","BatchSize":5,"EventSourceArn":")" + source + R"("})";
  const std::string made = call("CreateEventSourceMapping", input);
  EXPECT_EQ(field(made, "State"), "Creating");
  EXPECT_EQ(field(made, "FunctionArn"), kArn + "f");
  const std::string uuid = R"({"UUID":")" + field(made, "UUID") + R"(")";
  EXPECT_THAT(call("CreateEventSourceMapping", input),
              StartsWith("ResourceConflictException: The event source arn (\" " + source));
  restart();
  const std::string found = call("GetEventSourceMapping", uuid + "}");
  EXPECT_EQ(field(found, "State"), "Disabled");
  EXPECT_THAT(field(found, "StateTransitionReason"), HasSubstr("There is no sqs here"));
  EXPECT_EQ(field(found, "BatchSize"), "5");
  EXPECT_EQ(field(found, "MaximumBatchingWindowInSeconds"), "0");
  const std::string changed = call("UpdateEventSourceMapping", uuid + R"(,"Enabled":false})");
  EXPECT_EQ(field(changed, "BatchSize"), "5");
  EXPECT_EQ(field(changed, "StateTransitionReason"), "USER_INITIATED");
  EXPECT_THAT(call("ListEventSourceMappings", R"({"FunctionName":"f"})"),
              HasSubstr(field(made, "UUID")));
  EXPECT_EQ(field(call("DeleteEventSourceMapping", uuid + "}"), "State"), "Deleting");
  EXPECT_EQ(call("GetEventSourceMapping", uuid + "}"),
            "ResourceNotFoundException: The resource you requested does not exist. (404)");
}

}  // namespace
}  // namespace pawl::lambda
