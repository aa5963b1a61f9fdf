// What goes wrong on the wire, as a table: each row is sent on a connection of its own, answered
// with the status and error code given, and leaves the server alive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/test_server.h"

namespace pawl::api {
namespace {

using testing::authorization;
using testing::exchange;
using ::testing::HasSubstr;
using testing::lambda_request;
using testing::RawClient;
using testing::Response;
using testing::states_request;
using testing::TestServer;

struct Row {
  const char* what;
  std::string request;
  int status;        // 0: closed without a word
  const char* code;  // stands somewhere in the answer
};

constexpr const char* kMalformed = "MalformedHttpRequestException";
constexpr const char* kUnknown = "UnknownOperationException";
constexpr const char* kSerialization = "SerializationException";
constexpr const char* kValidation = "ValidationException";
constexpr const char* kTooLarge = "RequestHeaderTooLargeException";

TestServer& server() {
  static TestServer shared([](runtime::Operations& operations, ServerOptions&) {
    testing::add_echoes(operations, states_model(PayloadLimits::kAws));
    testing::add_echoes(operations, lambda_model());
    testing::add_echoes(operations, sts_model());
  });
  return shared;
}

void check(const Row& row) {
  SCOPED_TRACE(row.what);
  RawClient client(server().port());
  client.send(row.request);
  client.finish_sending();
  const Response response = client.receive().value_or(Response{});
  EXPECT_EQ(response.status, row.status) << response.body;
  EXPECT_THAT(response.head + response.body, HasSubstr(row.code));
  const Response alive =
      exchange(server().port(), "GET /_pawl/health HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(alive.status, 200);
}

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) check(row);
}

// A head with the fields given, then the body as it stands.
std::string post(std::string_view fields, std::string_view body = "") {
  return "POST / HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) + "\r\n" +
         std::string(body);
}

// A well-formed head for ListActivities but for what `fields` says about the length.
std::string framed(std::string_view fields, std::string_view body) {
  return post(
      "Content-Type: application/x-amz-json-1.0\r\n"
      "X-Amz-Target: AWSStepFunctions.ListActivities\r\n" +
          std::string(fields),
      body);
}

TEST(HostileRequests, BreakTheRequestLine) {
  const std::string host = "Host: localhost\r\n\r\n";
  check({
      {"no method", " / HTTP/1.1\r\n" + host, 400, kMalformed},
      {"no target", "GET  HTTP/1.1\r\n" + host, 400, kMalformed},
      {"no version", "GET /\r\n" + host, 400, kMalformed},
      {"old version", "GET / HTTP/0.9\r\n" + host, 505, kMalformed},
      {"new version", "GET / HTTP/2.0\r\n" + host, 505, kMalformed},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, kMalformed},
      {"no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n\r\n", 400, kMalformed},
      {"a TLS hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400,
       kMalformed},
      {"NUL in the method", std::string("GE\0T / HTTP/1.1\r\n", 17) + host, 400, kMalformed},
      {"NUL in the target", std::string("GET /\0 HTTP/1.1\r\n", 17) + host, 400, kMalformed},
      {"tab for a blank", "GET\t/ HTTP/1.1\r\n" + host, 400, kMalformed},
      {"bare line feeds", "GET / HTTP/1.1\nHost: localhost\n\n", 505, kMalformed},
      {"bare carriage return", "GET / HTTP/1.1\rHost: localhost\r\r", 505, kMalformed},
      {"nothing", "", 0, ""},
      {"empty lines", "\r\n\r\n\r\n", 0, ""},
      {"half a line", "GET / HT", 0, ""},
      {"empty line before", "\r\nGET /_pawl/health HTTP/1.1\r\n" + host, 200, "ok"},
      {"long target", "GET /" + std::string(70'000, 'a') + " HTTP/1.1\r\n" + host, 431, kTooLarge},
      {"long method", std::string(70'000, 'A') + " / HTTP/1.1\r\n" + host, 431, kTooLarge},
      {"CONNECT", "CONNECT example.com:443 HTTP/1.1\r\n" + host, 400, "malformed"},
      {"target without slash", "GET _pawl/health HTTP/1.1\r\n" + host, 400, "malformed"},
      {"foreign scheme", "GET ftp://localhost/ HTTP/1.1\r\n" + host, 400, "malformed"},
      {"absolute form", "GET http://localhost/_pawl/health HTTP/1.1\r\n" + host, 200, "ok"},
      {"absolute form elsewhere", "GET http://evil.example/_pawl/health HTTP/1.1\r\n" + host, 403,
       "AccessDeniedException"},
      {"unknown method", "BREW /_pawl/health HTTP/1.1\r\n" + host, 405, ""},
      {"OPTIONS of all", "OPTIONS * HTTP/1.1\r\n" + host, 204, ""},
  });
}

TEST(HostileRequests, BreakTheHeader) {
  const std::string line = "GET /_pawl/health HTTP/1.1\r\n";
  const std::string host = "Host: localhost\r\n";
  std::string many_fields = line + host;
  for (int i = 0; i < 300; ++i) many_fields += "X-" + std::to_string(i) + ": y\r\n";
  check({
      {"no host", line + "\r\n", 400, kMalformed},
      {"two hosts", line + host + "Host: evil.example\r\n\r\n", 400, kMalformed},
      {"foreign host", line + "Host: evil.example\r\n\r\n", 403, "AccessDeniedException"},
      {"host with port", line + "Host: localhost:4566\r\n\r\n", 200, "ok"},
      {"sync- host", line + "Host: sync-localhost:4566\r\n\r\n", 200, "ok"},
      {"host below localhost", line + "Host: states.localhost\r\n\r\n", 200, "ok"},
      {"host that only begins so", line + "Host: localhost.evil.example\r\n\r\n", 403, ""},
      {"host that only ends so", line + "Host: evillocalhost\r\n\r\n", 403, ""},
      {"address that only begins so", line + "Host: 127.0.0.1.evil.example\r\n\r\n", 403, ""},
      {"IPv6 loopback", line + "Host: [::1]:4566\r\n\r\n", 200, "ok"},
      {"blank before the colon", line + host + "X-A : b\r\n\r\n", 400, kMalformed},
      {"no colon", line + host + "X-A\r\n\r\n", 400, kMalformed},
      {"no name", line + host + ": b\r\n\r\n", 400, kMalformed},
      {"NUL in a name", line + host + std::string("X\0A: b\r\n\r\n", 10), 400, kMalformed},
      {"NUL in a value", line + host + std::string("X: a\0b\r\n\r\n", 10), 400, kMalformed},
      {"control in a value", line + host + "X: a\x01z\r\n\r\n", 400, kMalformed},
      {"high bytes in a value", line + host + "X: \xff\xfe\r\n\r\n", 200, "ok"},
      {"folded line", line + host + "X: a\r\n b\r\n\r\n", 200, "ok"},
      {"large field", line + host + "X: " + std::string(70'000, 'x') + "\r\n\r\n", 431, kTooLarge},
      {"many fields", many_fields + "\r\n", 431, kTooLarge},
      {"two authorizations",
       line + host + authorization("states") + "Authorization: Basic YTpi\r\n\r\n", 400,
       kMalformed},
      {"two targets", line + host + "X-Amz-Target: a.b\r\nX-Amz-Target: c.d\r\n\r\n", 400,
       kMalformed},
      {"two content types",
       line + host + "Content-Type: text/plain\r\nContent-Type: application/json\r\n\r\n", 400,
       kMalformed},
      {"unknown expectation", line + host + "Content-Length: 1\r\nExpect: a-miracle\r\n\r\nx", 417,
       kMalformed},
      {"end of input in the head", line + host, 0, ""},
  });
}

TEST(HostileRequests, SmuggleByTwoLengths) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  check({
      {"length and coding", framed("Content-Length: 2\r\n" + chunked, "0\r\n\r\n"), 400,
       kMalformed},
      {"coding and length", framed(chunked + "Content-Length: 2\r\n", "0\r\n\r\n"), 400,
       kMalformed},
      {"two lengths", framed("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "), 400, kMalformed},
      {"list of lengths", framed("Content-Length: 2, 3\r\n", "{} "), 400, kMalformed},
      {"negative length", framed("Content-Length: -1\r\n", "{}"), 400, kMalformed},
      {"signed length", framed("Content-Length: +2\r\n", "{}"), 400, kMalformed},
      {"hexadecimal length", framed("Content-Length: 0x2\r\n", "{}"), 400, kMalformed},
      {"empty length", framed("Content-Length: \r\n", "{}"), 400, kMalformed},
      {"length with a fraction", framed("Content-Length: 2.0\r\n", "{}"), 400, kMalformed},
      {"length of twenty digits", framed("Content-Length: 99999999999999999999\r\n", ""), 400,
       kMalformed},
      {"length of 64 bits", framed("Content-Length: 18446744073709551615\r\n", ""), 413,
       "RequestEntityTooLargeException"},
      {"length beyond the limit", framed("Content-Length: 16777217\r\n", ""), 413,
       "RequestEntityTooLargeException"},
      {"unknown coding", framed("Transfer-Encoding: gzip\r\n", "{}"), 501, kMalformed},
      {"coding before chunked", framed("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501,
       kMalformed},
      {"chunked twice", framed("Transfer-Encoding: chunked, chunked\r\n", "0\r\n\r\n"), 501,
       kMalformed},
      {"two coding fields", framed(chunked + chunked, "0\r\n\r\n"), 400, kMalformed},
      {"hidden coding", framed("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501, kMalformed},
      {"coding with a blank", framed("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400,
       kMalformed},
      {"coding in HTTP/1.0", "POST / HTTP/1.0\r\n" + chunked + "\r\n0\r\n\r\n", 400, kMalformed},
      {"chunked in capitals", framed("Transfer-Encoding: CHUNKED\r\n", "2\r\n{}\r\n0\r\n\r\n"), 200,
       "{}"},
      {"bad chunk size", framed(chunked, "zz\r\n{}\r\n0\r\n\r\n"), 400, kMalformed},
      {"negative chunk size", framed(chunked, "-2\r\n{}\r\n0\r\n\r\n"), 400, kMalformed},
      {"prefixed chunk size", framed(chunked, "0x2\r\n{}\r\n0\r\n\r\n"), 400, kMalformed},
      {"chunk size of 17 digits", framed(chunked, "10000000000000002\r\n{}\r\n0\r\n\r\n"), 400,
       kMalformed},
      {"chunk longer than it says", framed(chunked, "1\r\n{}\r\n0\r\n\r\n"), 400, kMalformed},
      {"chunk without line end", framed(chunked, "2\r\n{}0\r\n\r\n"), 400, kMalformed},
      {"chunk ended by a line feed", framed(chunked, "2\n{}\n0\n\n"), 0, ""},
      {"broken chunk extension", framed(chunked, "2;=\r\n{}\r\n0\r\n\r\n"), 400, kMalformed},
      {"length in a trailer", framed(chunked, "2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n"), 400,
       kMalformed},
      {"target in a trailer",
       framed(chunked, "2\r\n{}\r\n0\r\nX-Amz-Target: AWSStepFunctions.DeleteActivity\r\n\r\n"),
       200, "{}"},
      {"endless chunk extension", framed(chunked, "2;a=" + std::string(200'000, 'x')), 431,
       kTooLarge},
      {"endless trailer", framed(chunked, "2\r\n{}\r\n0\r\nX: " + std::string(200'000, 'x')), 431,
       kTooLarge},
      {"end of input in a chunk", framed(chunked, "5\r\n{"), 0, ""},
      {"end of input in the body", framed("Content-Length: 10\r\n", "{}"), 0, ""},
  });
}

TEST(HostileRequests, NameNoOperation) {
  const std::string json = "Content-Type: application/x-amz-json-1.0\r\n";
  const std::string length = "Content-Length: 2\r\n";
  const auto target = [&](std::string_view name) {
    return post(
        json + authorization("states") + "X-Amz-Target: " + std::string(name) + "\r\n" + length,
        "{}");
  };
  const auto typed = [&](std::string_view type) {
    return post(std::string(type) + authorization("states") +
                    "X-Amz-Target: AWSStepFunctions.ListActivities\r\n" + length,
                "{}");
  };
  check({
      {"unknown operation", target("AWSStepFunctions.MakeCoffee"), 400, kUnknown},
      {"unknown service", target("AWSCoffee.ListActivities"), 400, kUnknown},
      {"service in lower case", target("awsstepfunctions.ListActivities"), 400, kUnknown},
      {"operation in lower case", target("AWSStepFunctions.listActivities"), 400, kUnknown},
      {"no dot", target("AWSStepFunctions"), 400, kUnknown},
      {"two dots", target("AWSStepFunctions.x.ListActivities"), 400, kUnknown},
      {"only a dot", target("."), 400, kUnknown},
      {"nothing in the target", target(""), 400, kUnknown},
      {"high bytes in the target", target("AWSStepFunctions.\xff\xfe"), 400, kUnknown},
      {"no content type", typed(""), 400, kUnknown},
      {"plain text", typed("Content-Type: text/plain\r\n"), 400, kUnknown},
      {"a form", typed("Content-Type: application/x-www-form-urlencoded\r\n"), 400, kUnknown},
      {"CBOR", typed("Content-Type: application/x-amz-cbor-1.1\r\n"), 400, kUnknown},
      {"JSON with a charset", typed("Content-Type: application/json; charset=utf-8\r\n"), 200,
       "{}"},
      {"JSON 1.1", typed("Content-Type: application/x-amz-json-1.1\r\n"), 200, "{}"},
      {"GET with a target",
       "GET / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: AWSStepFunctions.ListActivities\r\n\r\n",
       400, kUnknown},
      {"root", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, kUnknown},
      // Nobody else's path is a bucket's; this server has no operations on buckets.
      {"unknown path", "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, "MethodNotAllowed"},
      {"RPC v2",
       "POST /service/AWSStepFunctions/operation/ListActivities HTTP/1.1\r\n"
       "Host: localhost\r\nContent-Length: 0\r\n\r\n",
       404, kUnknown},
      {"unknown action",
       post("Content-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: 9\r\n",
            "Action=No"),
       400, "InvalidAction"},
      {"form without an action",
       post("Content-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: 3\r\n",
            "a=b"),
       404, "InvalidAction"},
      {"form with broken encoding",
       post("Content-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: 9\r\n",
            "Action=%G"),
       404, "InvalidAction"},
      {"wrong method", lambda_request("PATCH", "/2015-03-31/functions", ""), 405, kUnknown},
      {"wrong service in the scope",
       "GET /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\n" + authorization("sns") + "\r\n",
       404, kUnknown},
      {"path with a dot segment", lambda_request("GET", "/2015-03-31/./functions", ""), 404,
       kUnknown},
      {"path with two slashes", lambda_request("GET", "//2015-03-31/functions", ""), 404, kUnknown},
      {"encoded literal", lambda_request("GET", "/2015-03-31/%66unctions", ""), 404, kUnknown},
      {"unknown own page", "GET /_pawl/secret HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, ""},
      {"posted own page", "POST /_pawl/health HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, kUnknown},
  });
}

TEST(HostileRequests, CarryNoJson) {
  const auto list = [](std::string_view body) { return states_request("ListActivities", body); };
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "[";
  check({
      {"nothing", list(""), 400, kSerialization},
      {"blanks", list("  \r\n"), 400, kSerialization},
      {"a word", list("hello"), 400, kSerialization},
      {"half an object", list("{"), 400, kSerialization},
      {"a member without value", list(R"({"maxResults"})"), 400, kSerialization},
      {"single quotes", list("{'maxResults':1}"), 400, kSerialization},
      {"a comma too many", list(R"({"maxResults":1,})"), 400, kSerialization},
      {"two texts", list("{}{}"), 400, kSerialization},
      {"a comment", list("{/* */}"), 400, kSerialization},
      {"a byte order mark", list("\xef\xbb\xbf{}"), 400, kSerialization},
      {"an array", list("[]"), 400, kSerialization},
      {"a string", list("\"{}\""), 400, kSerialization},
      {"a number", list("1"), 400, kSerialization},
      {"null", list("null"), 400, kSerialization},
      {"NaN", list(R"({"maxResults":NaN})"), 400, kSerialization},
      {"leading zeros", list(R"({"maxResults":007})"), 400, kSerialization},
      {"NUL behind", list(std::string("{}\0", 3)), 400, kSerialization},
      {"raw control in a string", list("{\"nextToken\":\"a\nb\"}"), 400, kSerialization},
      {"lone continuation byte", list("{\"nextToken\":\"\x80\"}"), 400, kSerialization},
      {"overlong slash", list("{\"nextToken\":\"\xc0\xaf\"}"), 400, kSerialization},
      {"encoded surrogate", list("{\"nextToken\":\"\xed\xa0\x80\"}"), 400, kSerialization},
      {"cut character", list("{\"nextToken\":\"\xe2\x82\"}"), 400, kSerialization},
      {"unknown escape", list(R"({"nextToken":"\x41"})"), 400, kSerialization},
      {"endless nesting", list(deep), 400, kSerialization},
      {"nesting in an unknown member", list(R"({"x":)" + deep), 400, kSerialization},
      {"unknown members", list(R"({"x":{"y":[1,2,{}]}})"), 200, R"({"x")"},
      {"null members", list(R"({"nextToken":null,"maxResults":null})"), 200, "{}"},
      {"the same member twice", list(R"({"maxResults":"x","maxResults":7})"), 200, "7"},
      {"a number of a thousand digits", list("{\"maxResults\":" + std::string(1'000, '9') + "}"),
       400, kSerialization},
      {"an exponent out of all bounds", list(R"({"maxResults":1e999999999})"), 400, kSerialization},
      {"a small exponent", list(R"({"maxResults":1e2})"), 200, "100"},
      {"a fraction", list(R"({"maxResults":7.9})"), 200, "7"},
      {"minus zero", list(R"({"maxResults":-0})"), 200, "-0"},
      {"beyond 32 bits", list(R"({"maxResults":4294967297})"), 400, kSerialization},
  });
}

TEST(HostileRequests, GoBeyondConstraints) {
  const auto start = [](std::string_view member, std::size_t size) {
    return states_request("StartExecution", R"({"stateMachineArn":"a",")" + std::string(member) +
                                                "\":\"" + std::string(size, 'x') + "\"}");
  };
  check({
      {"missing member", states_request("StartExecution", "{}"), 400, kValidation},
      {"empty ARN", states_request("StartExecution", R"({"stateMachineArn":""})"), 400,
       kValidation},
      {"long ARN",
       states_request("StartExecution", R"({"stateMachineArn":")" + std::string(257, 'x') + "\"}"),
       400, kValidation},
      {"long name", start("name", 81), 400, kValidation},
      {"longest name", start("name", 80), 200, ""},
      {"long input", start("input", 262'145), 400, kValidation},
      {"longest input", start("input", 262'144), 200, ""},
      {"trace header beyond ASCII",
       states_request("StartExecution", "{\"stateMachineArn\":\"a\",\"traceHeader\":\"\xc3\xa9\"}"),
       400, kValidation},
      {"page too large", states_request("ListActivities", R"({"maxResults":1001})"), 400,
       kValidation},
      {"page below zero", states_request("ListActivities", R"({"maxResults":-1})"), 400,
       kValidation},
      {"unknown status", states_request("ListExecutions", R"({"statusFilter":"DONE"})"), 400,
       "[SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]"},
      {"numeric alias",
       states_request("CreateStateMachineAlias",
                      R"({"name":"123","routingConfiguration":[)"
                      R"({"stateMachineVersionArn":"a","weight":100}]})"),
       400, kValidation},
      {"a million tags",
       states_request("TagResource",
                      [] {
                        std::string body = R"({"resourceArn":"a","tags":[)";
                        for (int i = 0; i < 1'000'000; ++i) body += R"({"key":""},)";
                        body.back() = ']';
                        return body + "}";
                      }()),
       400, "100 validation errors detected"},
  });
}

TEST(HostileRequests, AreSentByWebPages) {
  const std::string line = "GET /2015-03-31/functions HTTP/1.1\r\nHost: localhost:4566\r\n";
  const std::string write =
      "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-amz-json-1.0\r\n"
      "X-Amz-Target: AWSStepFunctions.DeleteActivity\r\nContent-Length: 19\r\n";
  const std::string body = "\r\n{\"activityArn\":\"a\"}";
  check({
      {"foreign origin", line + "Origin: https://evil.example\r\n\r\n", 403,
       "AccessDeniedException"},
      {"no origin", line + "Origin: null\r\n\r\n", 403, "AccessDeniedException"},
      {"another port", line + "Origin: http://localhost:3000\r\n\r\n", 403,
       "AccessDeniedException"},
      {"its own origin", line + "Origin: http://localhost:4566\r\n\r\n", 200, ""},
      {"another site", line + "Sec-Fetch-Site: cross-site\r\n\r\n", 403, "AccessDeniedException"},
      {"the same site", line + "Sec-Fetch-Site: same-origin\r\n\r\n", 200, ""},
      {"preflight of a foreign origin",
       "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
       "Access-Control-Request-Method: POST\r\n\r\n",
       403, "AccessDeniedException"},
      {"write without authorization", write + body, 400, "MissingAuthenticationTokenException"},
      {"write with a password", write + "Authorization: Basic YTpi\r\n" + body, 400,
       "IncompleteSignatureException"},
      {"write with an empty authorization", write + "Authorization: \r\n" + body, 400,
       "IncompleteSignatureException"},
      {"write with half a credential",
       write +
           "Authorization: AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0\r\n"
           "X-Amz-Date: 20261121T120000Z\r\n" +
           body,
       400, "Credential must have exactly 5"},
      {"write without equal-sign", write + "Authorization: AWS4-HMAC-SHA256 Credential\r\n" + body,
       400, "missing equal-sign"},
      {"region that is none",
       write +
           "Authorization: AWS4-HMAC-SHA256 Credential=a/20261121/\"<x>/states/aws4_request, "
           "SignedHeaders=host, Signature=0\r\nX-Amz-Date: 20261121T120000Z\r\n" +
           body,
       400, "malformed scope"},
  });
}

TEST(HostileRequests, PlayWithLambdasPaths) {
  const auto invoke = [](std::string_view name, std::string_view body,
                         std::string_view fields = "") {
    return lambda_request("POST", "/2015-03-31/functions/" + std::string(name) + "/invocations",
                          body, fields);
  };
  constexpr const char* kContent = "InvalidRequestContentException";
  check({
      {"broken percent sign", invoke("f%2", "{}"), 400, kUnknown},
      {"percent sign of no digits", invoke("f%zz", "{}"), 400, kUnknown},
      {"encoded slash", invoke("a%2Fb", "{}"), 400, kValidation},
      {"encoded NUL", invoke("a%00b", "{}"), 400, kValidation},
      {"encoded line end", invoke("a%0d%0ab", "{}"), 400, kValidation},
      {"encoded high byte", invoke("a%ffb", "{}"), 400, kUnknown},
      {"double encoding", invoke("a%252Fb", "{}"), 400, kValidation},
      {"parent folder", invoke("..%2f..%2fetc", "{}"), 400, kValidation},
      {"quote in the name", invoke("a%22b", "{}"), 400, kValidation},
      {"empty name", invoke("", "{}"), 404, kUnknown},
      {"long name", invoke(std::string(300, 'f'), "{}"), 400, kValidation},
      {"encoded ARN", invoke("arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af", "{}"),
       200, ""},
      {"payload that is no JSON", invoke("f", "hello"), 400, kContent},
      {"payload with a comma", invoke("f", "{},"), 400, kContent},
      {"payload that closes ours", invoke("f", R"("x"},"FunctionName":"g")"), 400, kContent},
      {"payload that is not UTF-8", invoke("f", "\"\xff\""), 400, kContent},
      {"unknown invocation type", invoke("f", "{}", "X-Amz-Invocation-Type: Maybe\r\n"), 400,
       kValidation},
      {"context that is not UTF-8", invoke("f", "{}", "X-Amz-Client-Context: \xff\r\n"), 400,
       kSerialization},
      {"broken query", lambda_request("GET", "/2015-03-31/functions?Marker=%", ""), 400,
       "malformed"},
      {"query that is not UTF-8", lambda_request("GET", "/2015-03-31/functions?Marker=%ff", ""),
       400, kSerialization},
      {"number that is none", lambda_request("GET", "/2015-03-31/functions?MaxItems=ten", ""), 400,
       kSerialization},
      {"number in the query too large",
       lambda_request("GET", "/2015-03-31/functions?MaxItems=99999", ""), 400, kValidation},
      {"body that is an array", lambda_request("POST", "/2015-03-31/functions", "[]"), 400,
       kSerialization},
      {"name in the body of another path",
       lambda_request("PUT", "/2015-03-31/functions/f/configuration", R"({"FunctionName":"g"})"),
       200, R"("FunctionName":"f")"},
      {"write without authorization",
       "DELETE /2015-03-31/functions/f HTTP/1.1\r\nHost: localhost\r\n\r\n", 403,
       "MissingAuthenticationTokenException"},
  });
}

// Every member of every operation of Step Functions, given values of other types.
TEST(HostileRequests, GiveMembersOtherTypes) {
  const ServiceModel model = states_model(PayloadLimits::kAws);
  const std::pair<const char*, ShapeType> wrong_values[] = {
      {"true", ShapeType::kBoolean}, {"7", ShapeType::kInteger},    {"\"x\"", ShapeType::kString},
      {"[]", ShapeType::kList},      {"{}", ShapeType::kStructure},
  };
  int rows = 0;
  RawClient client(server().port());
  for (const OperationModel& operation : model.operations()) {
    for (const Member& member : operation.input->members) {
      for (const auto& [text, type] : wrong_values) {
        const bool number =
            member.shape->type == ShapeType::kLong || member.shape->type == ShapeType::kFloat;
        if (type == (number ? ShapeType::kInteger : member.shape->type)) continue;
        SCOPED_TRACE(std::string(operation.name) + "." + std::string(member.name) + " = " + text);
        client.send(
            states_request(operation.name, "{\"" + std::string(member.name) + "\":" + text + "}"));
        const auto response = client.receive();
        ASSERT_TRUE(response);
        EXPECT_EQ(response->status, 400);
        EXPECT_THAT(response->body, HasSubstr(kSerialization));
        ++rows;
      }
    }
  }
  EXPECT_GT(rows, 400);
}

}  // namespace
}  // namespace pawl::api
