// The protocols: where an operation's members stand on the wire, in and out.
#include "api/protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/json_slice.h"
#include "api/protocols.h"
#include "api/test_server.h"
#include "api/xml.h"
#include "base/percent.h"

namespace pawl::api {
namespace {

using testing::exchange;
using ::testing::HasSubstr;
using testing::lambda_request;
using testing::Response;
using testing::TestServer;

// A Lambda whose answer to Invoke is the test's.
class Lambda : public ::testing::Test {
 protected:
  TestServer server{[this](runtime::Operations& operations, ServerOptions&) {
    const ServiceModel model = lambda_model();
    for (const OperationModel& row : model.operations()) {
      operations.add("lambda", row.name, [this](const runtime::Call& call, runtime::Reply reply) {
        input = call.input.text();
        principal = call.principal;
        if (error) return reply(Err{*error});
        reply(json::Value::trusted(output));
      });
    }
  }};
  std::string input;
  runtime::Principal principal;
  std::string output = "{}";
  std::optional<runtime::ServiceError> error;

  Response ask(std::string_view method, std::string_view path, std::string_view body = "",
               std::string_view fields = "") {
    return exchange(server.port(), lambda_request(method, path, body, fields));
  }
};

constexpr std::string_view kFunctions = "/2015-03-31/functions";

TEST_F(Lambda, InvokesWithThePayloadAsItIs) {
  output = R"({"StatusCode":200,"ExecutedVersion":"$LATEST","Payload": {"a": [1, 2.0]} })";
  const Response response =
      ask("POST", "/2015-03-31/functions/f/invocations?Qualifier=live", R"({ "x" : 1 })",
          "X-Amz-Invocation-Type: RequestResponse\r\nX-Amz-Log-Type: Tail\r\n"
          "X-Amz-Client-Context: e30=\r\n");
  EXPECT_EQ(input, R"({"FunctionName":"f","Qualifier":"live","InvocationType":"RequestResponse",)"
                   R"("LogType":"Tail","ClientContext":"e30=","Payload":{ "x" : 1 }})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"a": [1, 2.0]})");
  EXPECT_EQ(response.field("X-Amz-Executed-Version"), "$LATEST");
  EXPECT_EQ(response.field("X-Amz-Function-Error"), "");
}

TEST_F(Lambda, InvokesWithoutAPayload) {
  output = R"({"StatusCode":202})";
  const Response response =
      ask("POST", "/2015-03-31/functions/f/invocations", "", "X-Amz-Invocation-Type: Event\r\n");
  EXPECT_EQ(input, R"({"FunctionName":"f","InvocationType":"Event"})");
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.body, "");
}

TEST_F(Lambda, TellsOfAFunctionsError) {
  output = R"({"StatusCode":200,"FunctionError":"Unhandled","LogResult":"bG9n",)"
           R"("ExecutedVersion":"1","Payload":{"errorMessage":"x"}})";
  const Response response = ask("POST", "/2015-03-31/functions/f/invocations", "{}");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.field("X-Amz-Function-Error"), "Unhandled");
  EXPECT_EQ(response.field("X-Amz-Log-Result"), "bG9n");
  EXPECT_EQ(response.body, R"({"errorMessage":"x"})");
}

TEST_F(Lambda, TellsWhereAPayloadIsNoJson) {
  const Response response = ask("POST", "/2015-03-31/functions/f/invocations", "{x");
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.field("x-amzn-ErrorType"), "InvalidRequestContentException");
  EXPECT_THAT(
      response.body,
      HasSubstr("Could not parse request body into json: Could not parse payload into json: "
                "Unexpected character"));
  EXPECT_THAT(response.body, HasSubstr(R"(at [Source: (byte[])\"{x\"; line: 1, column: 3])"));
}

TEST_F(Lambda, PutsPathAndBodyTogether) {
  ask("PUT", "/2015-03-31/functions/f/configuration",
      R"({"Timeout":3,"FunctionName":"other","MemorySize":null} )");
  EXPECT_EQ(input, R"({"Timeout":3,"FunctionName":"f"})");
  ask("PUT", "/2015-03-31/functions/f/configuration", " {} ");
  EXPECT_EQ(input, R"( {"FunctionName":"f"})");
  ask("PUT", "/2015-03-31/functions/f/configuration");
  EXPECT_EQ(input, R"({"FunctionName":"f"})");
}

TEST_F(Lambda, DecodesThePath) {
  ask("GET",
      "/2015-03-31/functions/"
      "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af?Qualifier=%24LATEST");
  EXPECT_EQ(input, R"({"FunctionName":"arn:aws:lambda:us-east-1:000000000000:function:f",)"
                   R"("Qualifier":"$LATEST"})");
}

TEST_F(Lambda, ReadsNumbersAndListsFromTheQuery) {
  ask("GET", std::string(kFunctions) + "/?MaxItems=50&Marker=a%20b");
  EXPECT_EQ(input, R"({"Marker":"a b","MaxItems":50})");
  ask("DELETE", "/2017-03-31/tags/arn%3Ax?tagKeys=a&tagKeys=b");
  EXPECT_EQ(input, R"({"Resource":"arn:x","TagKeys":["a","b"]})");
}

TEST_F(Lambda, AnswersWithTheModelsStatus) {
  const std::string create = R"({"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r",)"
                             R"("Code":{"ZipFile":"UEs="}})";
  output = R"({"FunctionName":"f"})";
  EXPECT_EQ(ask("POST", kFunctions, create).status, 201);
  EXPECT_EQ(ask("GET", kFunctions).status, 200);
  const Response deleted = ask("DELETE", "/2015-03-31/functions/f");
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(deleted.body, "");
  EXPECT_EQ(deleted.field("Content-Length"), "");
}

TEST_F(Lambda, AnswersErrorsInItsOwnForm) {
  error = runtime::ServiceError{
      .code = "ResourceNotFoundException", .message = "Function not found: f", .members = {}};
  const Response response = ask("GET", "/2015-03-31/functions/f");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.field("x-amzn-ErrorType"), "ResourceNotFoundException");
  EXPECT_EQ(response.body, R"({"Type":"User","Message":"Function not found: f"})");
}

TEST_F(Lambda, TakesUploadsLargerThanOtherBodies) {
  const std::string zip(20u << 20, 'A');
  const std::string create = R"({"FunctionName":"f","Role":"arn:aws:iam::000000000000:role/r",)"
                             R"("Code":{"ZipFile":")" +
                             zip + "\"}}";
  EXPECT_EQ(ask("POST", kFunctions, create).status, 201);
  EXPECT_EQ(input.size(), create.size());
  EXPECT_EQ(ask("POST", "/2015-03-31/functions/f/aliases", create).status, 413);
}

TEST_F(Lambda, KnowsItsCallerByTheCredentialScope) {
  ask("GET", kFunctions);
  EXPECT_EQ(principal.account, "000000000000");
  EXPECT_EQ(principal.region, "eu-west-1");
  EXPECT_EQ(principal.access_key, "test");
  exchange(server.port(), "GET /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\n" +
                              testing::authorization("lambda", "123456789012") + "\r\n");
  EXPECT_EQ(principal.account, "123456789012");
  exchange(server.port(), "GET /2015-03-31/functions HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(principal.region, "us-east-1");
  EXPECT_EQ(principal.access_key, "");
}

// Query.

Response ask_sts(const std::string& form, std::string_view output) {
  TestServer server([&](runtime::Operations& operations, ServerOptions&) {
    operations.add("sts", "GetCallerIdentity",
                   [&](const runtime::Call&, const runtime::Reply& reply) {
                     reply(json::Value::trusted(std::string(output)));
                   });
  });
  return exchange(server.port(),
                  "POST / HTTP/1.1\r\nHost: localhost\r\n" + testing::authorization("sts") +
                      "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n"
                      "Content-Length: " +
                      std::to_string(form.size()) + "\r\n\r\n" + form);
}

TEST(QueryProtocol, AnswersInXml) {
  const Response response = ask_sts("Action=GetCallerIdentity&Version=2011-06-15",
                                    R"({"UserId":"a<b>&\"c","Account":"000000000000","X":null})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.field("Content-Type"), "text/xml");
  EXPECT_THAT(
      response.body,
      HasSubstr("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
                "<GetCallerIdentityResult><UserId>a&lt;b&gt;&amp;&quot;c</UserId>"
                "<Account>000000000000</Account></GetCallerIdentityResult>"
                "<ResponseMetadata><RequestId>" +
                response.field("x-amzn-RequestId")));
}

TEST(QueryProtocol, AnswersErrorsInXml) {
  const Response response = ask_sts("Action=AssumeNothing", "{}");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("<ErrorResponse><Error><Type>Sender</Type><Code>"
                                       "InvalidAction</Code><Message>The action AssumeNothing is "
                                       "not valid for this web service.</Message></Error>"));
}

// A service that has what later ones will need.
ServiceModel made_up_model() {
  ServiceModel model({.signing_name = "made-up", .protocol = Protocol::kQuery});
  Shapes& shapes = model.shapes();
  const Shape* tag =
      shapes.structure("Tag", {{"Key", shapes.string()}, {"Value", shapes.string()}});
  model.add({.name = "Do"}, {{"Name", shapes.string()},
                             {"Count", shapes.integer()},
                             {"Force", shapes.boolean()},
                             {"Tags", shapes.list(tag)},
                             {"Ids", shapes.list(shapes.string(), {}, ListForm::kFlattened),
                              Presence::kOptional, Location::kBody, "Id"},
                             {"Attributes", shapes.map(shapes.string(), shapes.integer())}});
  return model;
}

std::string read_form(std::string_view form) {
  const auto model = std::make_shared<const ServiceModel>(made_up_model());
  const Route route{.service = model,
                    .operation = model->find("Do"),
                    .path = {},
                    .form = parse_query(form, Plus::kIsSpace).value()};
  const auto input = read_query_input(route);
  return input.ok() ? std::string(input->text()) : input.error().code;
}

TEST(QueryProtocol, ReadsStructuresListsAndMaps) {
  EXPECT_EQ(read_form("Action=Do"), "{}");
  EXPECT_EQ(read_form("Name=a+b%26&Count=-7&Force=true"),
            R"({"Name":"a b&","Count":-7,"Force":true})");
  EXPECT_EQ(read_form("Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=x"),
            R"({"Tags":[{"Key":"a","Value":"x"},{"Key":"b"}]})");
  EXPECT_EQ(read_form("Id.1=a&Id.2=b&Id.4=d"), R"({"Ids":["a","b"]})");
  EXPECT_EQ(read_form("Attributes.entry.1.key=k&Attributes.entry.1.value=3"),
            R"({"Attributes":{"k":3}})");
  EXPECT_EQ(read_form("Count=many"), "SerializationException");
  EXPECT_EQ(read_form("Count={}"), "SerializationException");
  EXPECT_EQ(read_form("Force=perhaps"), "SerializationException");
  EXPECT_EQ(read_form("Name=%ff"), "SerializationException");
}

TEST(Xml, FollowsTheShape) {
  const ServiceModel model = made_up_model();
  const auto value = json::Value::parse(
      R"({"Tags":[{"Key":"a"}],"Ids":["x","y"],"Attributes":{"k":1},"Other":[true]})");
  std::string out;
  append_xml_element(out, "R", value->root(), model.find("Do")->input);
  EXPECT_EQ(out,
            "<R><Tags><member><Key>a</Key></member></Tags><Id>x</Id><Id>y</Id>"
            "<Attributes><entry><key>k</key><value>1</value></entry></Attributes>"
            "<Other><member>true</member></Other></R>");
}

TEST(Xml, HoldsNoControlCharacters) {
  std::string out;
  append_xml_text(out, std::string_view("a\0b\x1b\t\n\r", 7));
  EXPECT_EQ(out, "a?b?\t\n&#xD;");
}

// CORS.

TEST(Cors, IsForOriginsAllowedByName) {
  TestServer server([](runtime::Operations& operations, ServerOptions& options) {
    testing::add_echoes(operations, states_model(PayloadLimits::kAws));
    options.handler.allowed_origins = {"https://console.example"};
  });
  const std::string origin = "Origin: https://console.example\r\n";
  const Response preflight = exchange(
      server.port(), "OPTIONS / HTTP/1.1\r\nHost: localhost\r\n" + origin +
                         "Access-Control-Request-Method: POST\r\n"
                         "Access-Control-Request-Headers: x-amz-target,authorization\r\n\r\n");
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.field("Access-Control-Allow-Origin"), "https://console.example");
  EXPECT_EQ(preflight.field("Access-Control-Allow-Headers"), "x-amz-target,authorization");

  std::string request = testing::states_request("ListActivities", "{}");
  request.insert(request.find("Host"), origin + "Sec-Fetch-Site: cross-site\r\n");
  const Response response = exchange(server.port(), request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.field("Access-Control-Allow-Origin"), "https://console.example");
  EXPECT_EQ(response.field("Vary"), "Origin");
}

// A page out of a bucket must not call this server as the console does.
TEST(Pages, OutOfBucketsHaveAnOriginOfTheirOwn) {
  TestServer server([](runtime::Operations& operations, ServerOptions&) {
    testing::add_echoes(operations, s3_model());
  });
  const auto policy = [&](const std::string& field) {
    return exchange(server.port(),
                    "GET /bucket/page.html HTTP/1.1\r\nHost: localhost\r\n" + field + "\r\n")
        .field("Content-Security-Policy");
  };
  EXPECT_EQ(policy("Sec-Fetch-Dest: document\r\n"), "sandbox");
  EXPECT_EQ(policy("User-Agent: Mozilla/5.0 (X11)\r\n"), "sandbox");
  EXPECT_EQ(policy("User-Agent: aws-cli/2.9\r\n"), "");
}

TEST(AllowedHosts, AreAddedToTheLoopbackNames) {
  TestServer server([](runtime::Operations&, ServerOptions& options) {
    options.handler.allowed_hosts = {"pawl.internal"};
  });
  const auto status = [&](std::string_view host) {
    return exchange(server.port(),
                    "GET /_pawl/health HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n")
        .status;
  };
  EXPECT_EQ(status("pawl.internal:80"), 200);
  EXPECT_EQ(status("sync-PAWL.internal"), 200);
  EXPECT_EQ(status("pawl.external"), 403);
}

// Which requests under a name that is not the server's own are answered.
TEST(ForeignHosts, AreForWhatNoPageSends) {
  TestServer server([](runtime::Operations& operations, ServerOptions& options) {
    testing::add_echoes(operations, states_model(PayloadLimits::kAws));
    options.handler.allowed_origins = {"https://pawl.example:8443"};
  });
  const auto status = [&](std::string_view host, std::string_view fields) {
    std::string request = testing::states_request("ListActivities", "{}");
    const std::size_t at = request.find("Host: ");
    request.replace(at, request.find('\n', at) + 1 - at,
                    "Host: " + std::string(host) + "\r\n" + std::string(fields));
    return exchange(server.port(), request).status;
  };
  EXPECT_EQ(status("sync-states.us-east-1.amazonaws.com", ""), 200);
  EXPECT_EQ(status("pawl.external", "Origin: http://pawl.external\r\n"), 403);
  EXPECT_EQ(status("pawl.external", "Sec-Fetch-Site: same-origin\r\n"), 403);
  EXPECT_EQ(status("pawl.example", "Origin: https://pawl.example:8443\r\n"), 200);
}

TEST(ForeignHosts, AreAnsweredWhereSignaturesAreVerified) {
  TestServer server([](runtime::Operations&, ServerOptions& options) {
    options.handler.credentials = Credentials::parse("AKIDEXAMPLE secret\n").value();
  });
  EXPECT_EQ(
      exchange(server.port(), "GET /_pawl/health HTTP/1.1\r\nHost: pawl.external\r\n\r\n").status,
      200);
}

// Slices.

TEST(JsonSlice, FindsAMembersText) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"P":1})", "1"},
      {R"({ "a" : "P" , "P" : { "x" : [ 1, 2 ] } , "z":0 })", R"({ "x" : [ 1, 2 ] })"},
      {R"({"a":"\"P\":1}","P":"}\\\""})", R"("}\\\"")"},
      {R"({"a":{"P":1},"P":[{"P":2},"]"]})", R"([{"P":2},"]"])"},
      {R"({"P":1,"P":null })", "null"},
      {R"({"P": -1.5e3
           })",
       "-1.5e3"},
  };
  for (const auto& [object, text] : cases) EXPECT_EQ(member_text(object, "P"), text) << object;
  EXPECT_EQ(member_text("{}", "P"), std::nullopt);
  EXPECT_EQ(member_text(R"({"PP":1,"p":2})", "P"), std::nullopt);
}

}  // namespace
}  // namespace pawl::api
