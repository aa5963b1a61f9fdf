// Signature Version 4 against the values that AWS publishes for it, and every way of being refused.
#include "api/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/test_server.h"
#include "base/digest.h"
#include "base/hex.h"
#include "base/percent.h"

namespace pawl::api {
namespace {

using testing::exchange;
using ::testing::HasSubstr;
using testing::TestServer;

// The key of AWS's examples; it opens nothing.
constexpr std::string_view kKey = "AKIDEXAMPLE";
constexpr std::string_view kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

// A request of AWS's Signature Version 4 test suite, all of which are for the same host, date and
// scope, and its published signature.
struct Vector {
  const char* name;
  const char* method;
  const char* target;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  std::string signed_headers;
  const char* signature;
};

std::string signature_of(const Vector& vector) {
  HttpRequest request;
  request.method = vector.method;
  request.target = vector.target;
  request.headers.add("Host", "example.amazonaws.com");
  for (const auto& [name, value] : vector.fields) request.headers.add(name, value);
  request.headers.add("X-Amz-Date", "20150830T123600Z");
  request.body = vector.body;
  const Target target = split_target(request.target).value();
  const auto query = parse_query(target.query, Plus::kIsPlus).value();
  const SignedRequest signed_request{request, target, query};
  Authorization authorization;
  authorization.scope = {std::string(kKey), "20150830", "us-east-1", "service"};
  authorization.signed_headers = vector.signed_headers;
  authorization.date = "20150830T123600Z";
  const std::string canonical =
      canonical_request(authorization, signed_request, encode_hex(sha256(request.body)));
  return sign(authorization.scope, kSecret, string_to_sign(authorization, canonical));
}

TEST(Signature, IsTheOneAwsPublishes) {
  const std::string plain = "host;x-amz-date";
  const Vector vectors[] = {
      {"get-vanilla",
       "GET",
       "/",
       {},
       "",
       plain,
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query-order-key-case",
       "GET",
       "/?Param2=value2&Param1=value1",
       {},
       "",
       plain,
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-header-value-trim",
       "GET",
       "/",
       {{"My-Header1", "value1"}, {"My-Header2", "\"a   b   c\""}},
       "",
       "host;my-header1;my-header2;x-amz-date",
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"post-vanilla",
       "POST",
       "/",
       {},
       "",
       plain,
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-x-www-form-urlencoded",
       "POST",
       "/",
       {{"Content-Type", "application/x-www-form-urlencoded"}},
       "Param1=value1",
       "content-type;host;x-amz-date",
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
      {"get-relative",
       "GET",
       "/example/..",
       {},
       "",
       plain,
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-slashes",
       "GET",
       "//example//",
       {},
       "",
       plain,
       "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
  };
  for (const Vector& vector : vectors)
    EXPECT_EQ(signature_of(vector), vector.signature) << vector.name;
}

TEST(Signature, DerivesTheKeyOfAwsExample) {
  const CredentialScope scope{"AKIDEXAMPLE", "20150830", "us-east-1", "iam"};
  const std::string text =
      "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
      "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59";
  EXPECT_EQ(sign(scope, kSecret, text),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

// A request to a server that checks, built and signed by our own functions, then spoilt.
struct Attempt {
  std::string method = "POST";
  std::string target = "/";
  std::string key{kKey};
  std::string secret{kSecret};
  std::string service = "states";
  std::string scope_date = "20261121";
  std::string date = "20261121T120000Z";
  std::string signed_headers = "content-type;host;x-amz-date;x-amz-target";
  std::string body = "{}";
  std::string sent_body = "{}";
  std::string more_fields = {};
};

std::string request_of(const Attempt& attempt) {
  HttpRequest request;
  request.method = attempt.method;
  request.target = attempt.target;
  request.headers.add("Host", "localhost");
  request.headers.add("Content-Type", "application/x-amz-json-1.0");
  request.headers.add("X-Amz-Target", "AWSStepFunctions.ListActivities");
  request.headers.add("X-Amz-Date", attempt.date);
  request.body = attempt.body;
  const Target target = split_target(request.target).value();
  const auto query = parse_query(target.query, Plus::kIsPlus).value();
  const SignedRequest signed_request{request, target, query};
  Authorization authorization;
  authorization.scope = {attempt.key, attempt.scope_date, "us-east-1", attempt.service};
  authorization.signed_headers = attempt.signed_headers;
  authorization.date = attempt.date;
  const std::string signature =
      sign(authorization.scope, attempt.secret,
           string_to_sign(authorization, canonical_request(authorization, signed_request,
                                                           encode_hex(sha256(attempt.body)))));
  std::string text = attempt.method + " " + attempt.target + " HTTP/1.1\r\n";
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    text.append(request.headers.at(i).name).append(": ");
    text.append(request.headers.at(i).value).append("\r\n");
  }
  return text + attempt.more_fields + "Authorization: AWS4-HMAC-SHA256 Credential=" + attempt.key +
         "/" + attempt.scope_date + "/us-east-1/" + attempt.service +
         "/aws4_request, SignedHeaders=" + attempt.signed_headers + ", Signature=" + signature +
         "\r\nContent-Length: " + std::to_string(attempt.sent_body.size()) + "\r\n\r\n" +
         attempt.sent_body;
}

class CheckedSignatures : public ::testing::Test {
 protected:
  TestServer server{[](runtime::Operations& operations, ServerOptions& options) {
    testing::add_echoes(operations, states_model(PayloadLimits::kAws));
    testing::add_echoes(operations, lambda_model());
    options.handler.credentials =
        Credentials::parse(std::string(kKey) + " " + std::string(kSecret) + "\n").value();
  }};

  void expect(const Attempt& attempt, int status, const char* text) {
    const testing::Response response = exchange(server.port(), request_of(attempt));
    EXPECT_EQ(response.status, status);
    EXPECT_THAT(response.body, HasSubstr(text));
  }
};

TEST_F(CheckedSignatures, LetTheRightOneIn) { expect({}, 200, "{}"); }

TEST_F(CheckedSignatures, RefuseOthers) {
  constexpr const char* kMismatch =
      "InvalidSignatureException\",\"message\":\"The request signature we calculated does not "
      "match "
      "the signature you provided. Check your AWS Secret Access Key and signing method. Consult "
      "the "
      "service documentation for details.\\n\\nThe Canonical String for this request should have "
      "been\\n'POST\\n/\\n\\ncontent-type:application/x-amz-json-1.0\\nhost:localhost\\n";
  expect({.secret = "other"}, 400, kMismatch);
  expect({.sent_body = "{ }"}, 400, kMismatch);
  expect(
      {.key = "AKIDUNKNOWN"}, 400,
      "UnrecognizedClientException\",\"message\":\"The security token included in the request is "
      "invalid.");
  expect({.service = "lambda"}, 400, "Credential should be scoped to correct service: 'states'");
  expect({.scope_date = "20261120"}, 400, "Date in Credential scope does not match");
  expect({.date = "yesterday"}, 400, "IncompleteSignatureException");
  expect({.signed_headers = "x-amz-date;x-amz-target"}, 400, "'Host' or ':authority' must be");
  expect({.signed_headers = "host;x-amz-date"}, 400, "'x-amz-target' must be a 'SignedHeader'");
  expect({.more_fields = "X-Amz-Security-Token: x\r\n"}, 400,
         "'x-amz-security-token' must be a 'SignedHeader'");
  expect({.signed_headers = "content-type;host;x-amz-date;x-amz-target;x-nobody"}, 200, "{}");
}

TEST_F(CheckedSignatures, HoldForAQuarterOfAnHour) {
  expect({.date = "20261121T114500Z"}, 200, "{}");
  expect({.date = "20261121T121500Z"}, 200, "{}");
  expect({.date = "20261121T114459Z"}, 400,
         "Signature expired: 20261121T114459Z is now earlier than 20261121T114500Z "
         "(20261121T120000Z - 15 min.)");
  expect({.date = "20261121T121501Z"}, 400,
         "Signature not yet current: 20261121T121501Z is still later than 20261121T121500Z "
         "(20261121T120000Z + 15 min.)");
}

TEST_F(CheckedSignatures, CoverTheBodyThatTheyAnnounce) {
  expect({.signed_headers = "host;x-amz-content-sha256;x-amz-date;x-amz-target",
          .more_fields = "X-Amz-Content-Sha256: UNSIGNED-PAYLOAD\r\n"},
         400, "x-amz-content-sha256 does not match");
}

TEST_F(CheckedSignatures, AreNeededForReadsToo) {
  const testing::Response response =
      exchange(server.port(), "GET /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.field("x-amzn-ErrorType"), "MissingAuthenticationTokenException");
  EXPECT_THAT(response.body, HasSubstr("Missing Authentication Token"));
}

// A presigned GET of ListFunctions.
std::string presigned(std::string_view date, std::string_view expires, std::string_view secret) {
  HttpRequest request;
  request.method = "GET";
  request.target =
      "/2015-03-31/functions?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" +
      std::string(kKey) +
      "%2F20261121%2Fus-east-1%2Flambda%2Faws4_request&X-Amz-Date=" + std::string(date) +
      "&X-Amz-Expires=" + std::string(expires) + "&X-Amz-SignedHeaders=host";
  request.headers.add("Host", "localhost");
  const Target target = split_target(request.target).value();
  const auto query = parse_query(target.query, Plus::kIsPlus).value();
  Authorization authorization;
  authorization.scope = {std::string(kKey), "20261121", "us-east-1", "lambda"};
  authorization.signed_headers = "host";
  authorization.date = date;
  const std::string canonical = canonical_request(
      authorization, SignedRequest{request, target, query}, encode_hex(sha256("")));
  return "GET " + request.target + "&X-Amz-Signature=" +
         sign(authorization.scope, secret, string_to_sign(authorization, canonical)) +
         " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

TEST_F(CheckedSignatures, MayStandInTheQuery) {
  const auto answer = [&](const std::string& request) { return exchange(server.port(), request); };
  EXPECT_EQ(answer(presigned("20261121T110000Z", "3600", kSecret)).status, 200);
  EXPECT_THAT(answer(presigned("20261121T105959Z", "3600", kSecret)).body,
              HasSubstr("Signature expired"));
  EXPECT_THAT(answer(presigned("20261121T110000Z", "3600", "other")).body,
              HasSubstr("does not match the signature you provided"));
  EXPECT_THAT(answer(presigned("20261121T110000Z", "604801", kSecret)).body,
              HasSubstr("X-Amz-Expires"));
  EXPECT_THAT(answer("GET /2015-03-31/functions?X-Amz-Algorithm=AWS4-HMAC-SHA256 HTTP/1.1\r\n"
                     "Host: localhost\r\n\r\n")
                  .body,
              HasSubstr("must include 'X-Amz-Credential'"));
}

TEST(Credentials, AreReadInBothForms) {
  const auto simple = Credentials::parse("# comment\n\nAKIA1 secret/1\n AKIA2\tsecret+2 \r\n");
  ASSERT_TRUE(simple.ok());
  EXPECT_EQ(*simple->find_secret("AKIA1"), "secret/1");
  EXPECT_EQ(*simple->find_secret("AKIA2"), "secret+2");
  EXPECT_EQ(simple->find_secret("AKIA3"), nullptr);

  const auto profiles = Credentials::parse(
      "[default]\naws_access_key_id = AKIA1\naws_secret_access_key=a=b/c\nregion = x\n"
      "[role]\nrole_arn = arn\n[other]\naws_access_key_id=AKIA2\naws_secret_access_key=s\n");
  ASSERT_TRUE(profiles.ok());
  EXPECT_EQ(profiles->size(), 2u);
  EXPECT_EQ(*profiles->find_secret("AKIA1"), "a=b/c");
}

TEST(Credentials, TellWhatIsWrongAndWhere) {
  const std::tuple<const char*, int, const char*> cases[] = {
      {"", 0, "no credentials"},
      {"AKIA1\n", 1, "expected ACCESS_KEY SECRET"},
      {"AKIA1 a\nAKIA1 b\n", 2, "two secrets"},
      {"A/B secret\n", 1, "no slash"},
      {"[default\n", 1, "ends with ]"},
      {"[a]\nnonsense\n", 2, "NAME = VALUE"},
      {"[a]\naws_access_key_id=x\n", 1, "without its secret"},
      {"[a]\nregion=x\n", 0, "no credentials"},
  };
  for (const auto& [text, line, message] : cases) {
    const auto parsed = Credentials::parse(text);
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().line, line) << text;
    EXPECT_THAT(parsed.error().message, HasSubstr(message));
  }
  EXPECT_FALSE(Credentials::read("/nonexistent/credentials").ok());
}

}  // namespace
}  // namespace pawl::api
