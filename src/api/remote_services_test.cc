// Calls of services elsewhere, with this server on the other side: it verifies the signatures, and
// its tables say what was understood.
#include "api/remote_services.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "api/test_server.h"

namespace pawl::api {
namespace {

using runtime::FunctionCall;
using runtime::FunctionOutcome;
using runtime::OperationResult;
using runtime::ServiceError;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::TestServer;
using FunctionAnswer = Result<FunctionOutcome, ServiceError>;

constexpr const char* kArn = "arn:aws:lambda:us-east-1:000000000000:function:f:prod";

// Answers Invoke by what the payload asks for.
void invoke(const runtime::Call& call, const runtime::Reply& reply) {
  const json::Node* payload = call.input.root().find("Payload");
  const std::string wish = payload && payload->is_string() ? std::string(payload->string()) : "";
  if (wish == "throttle") {
    return reply(Err{ServiceError{
        .code = "TooManyRequestsException", .message = "Rate exceeded", .members = {}}});
  }
  if (wish == "fail") {
    return reply(json::Value::trusted(
        R"({"StatusCode":200,"FunctionError":"Unhandled","ExecutedVersion":"7",)"
        R"("Payload":{"errorType":"E",  "errorMessage":"m"}})"));
  }
  // What was called, as the payload.
  std::string text = R"({"StatusCode":200,"ExecutedVersion":"7","LogResult":"bG9nCg==","Payload":)";
  text += json::print(call.input.root()) + "}";
  reply(json::Value::trusted(std::move(text)));
}

class RemoteCalls : public ::testing::Test {
 protected:
  TestServer server{[](runtime::Operations& operations, ServerOptions& served) {
    operations.add("lambda", "Invoke", invoke);
    operations.add(
        "lambda", "GetFunction",
        [](const runtime::Call& call, const runtime::Reply& reply) { reply(call.input); });
    testing::add_echoes(operations, states_model(PayloadLimits::kAws));
    served.handler.credentials = Credentials::parse("AKIDEXAMPLE a+secret/\n").value();
  }};
  StillClock clock;
  RemoteOptions options{.endpoints = {{"lambda", url()}, {"states", url()}},
                        .keys = {"AKIDEXAMPLE", "a+secret/", "a-token"},
                        .region = {},
                        .ca_bundle = {},
                        .limits = {}};

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()); }

  FunctionAnswer call(std::string payload, std::string client_context = {}) {
    std::promise<FunctionAnswer> answer;
    RemoteServices remote(options, clock);
    remote.invoke(FunctionCall{.principal = {},
                               .function = kArn,
                               .qualifier = {},
                               .payload = json::Value::trusted(std::move(payload)),
                               .client_context = std::move(client_context),
                               .request_id = {},
                               .log_tail = FunctionCall::LogTail::kWanted},
                  [&answer](FunctionAnswer outcome) { answer.set_value(std::move(outcome)); });
    return answer.get_future().get();
  }

  OperationResult call(std::string_view service, const std::string& operation, std::string input) {
    std::promise<OperationResult> answer;
    RemoteServices remote(options, clock);
    runtime::Operations operations;
    remote.add_to(operations);
    const runtime::Call made{
        .principal = {}, .input = json::Value::trusted(std::move(input)), .request_id = {}};
    const auto reply = [&answer](OperationResult result) { answer.set_value(std::move(result)); };
    if (const auto* found = operations.find(service, operation)) {
      (*found)(made, reply);
    } else {
      (*operations.find_any(service))(operation, made, reply);
    }
    return answer.get_future().get();
  }
};

TEST_F(RemoteCalls, InvokesAFunction) {
  const FunctionAnswer answer = call(R"({"a":[1,  "é"]})", R"({"c":1})");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->kind, FunctionOutcome::Kind::kSucceeded);
  EXPECT_EQ(answer->executed_version, "7");
  EXPECT_EQ(answer->log_tail, "log\n");
  EXPECT_THAT(std::string(answer->payload.text()),
              AllOf(HasSubstr(std::string(R"("FunctionName":")") + kArn),
                    HasSubstr(R"("ClientContext":"eyJjIjoxfQ==")"),
                    HasSubstr(R"("InvocationType":"RequestResponse")"),
                    HasSubstr(R"("LogType":"Tail")"), HasSubstr(R"({"a":[1,"é"]})")));
}

TEST_F(RemoteCalls, TellsAFunctionsErrorFromTheServices) {
  const FunctionAnswer failed = call(R"("fail")");
  ASSERT_TRUE(failed.ok()) << failed.error().message;
  EXPECT_EQ(failed->kind, FunctionOutcome::Kind::kFunctionError);
  EXPECT_EQ(failed->payload.text(), R"({"errorType":"E",  "errorMessage":"m"})");

  const FunctionAnswer throttled = call(R"("throttle")");
  ASSERT_FALSE(throttled.ok());
  EXPECT_EQ(throttled.error().code, "TooManyRequestsException");
  EXPECT_EQ(throttled.error().message, "Rate exceeded");
  EXPECT_EQ(throttled.error().http_status, 429);
  EXPECT_EQ(throttled.error().request_id.size(), 36u);
}

TEST_F(RemoteCalls, SignsWithTheKeysGiven) {
  options.keys.secret = "another";
  const FunctionAnswer answer = call("{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "InvalidSignatureException");
}

TEST_F(RemoteCalls, PutsMembersWhereTheTableSays) {
  const OperationResult answer =
      call("lambda", "GetFunction", R"({"FunctionName":"f","Qualifier":"a b/$LATEST"})");
  ASSERT_FALSE(answer.ok()) << answer->text();  // the qualifier has come, and is none
  EXPECT_THAT(answer.error().message, HasSubstr("a b/$LATEST"));
  const OperationResult good =
      call("lambda", "GetFunction", R"({"FunctionName":"f","Qualifier":"prod"})");
  ASSERT_TRUE(good.ok()) << good.error().message;
  EXPECT_EQ(good->text(), R"({"FunctionName":"f","Qualifier":"prod"})");
  const OperationResult missing = call("lambda", "GetFunction", "{}");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, "ValidationException");
}

TEST_F(RemoteCalls, CallsOperationsOfJsonServicesByName) {
  const std::string input =
      R"({"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m","name":"n"})";
  const OperationResult answer = call("states", "StartExecution", input);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->text(), input);
  const OperationResult unknown = call("states", "Frobnicate\r\nX-Evil: 1", "{}");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "UnknownOperationException");
}

TEST_F(RemoteCalls, SaysThatNobodyAnswers) {
  server.stop();
  const FunctionAnswer answer = call("{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, "SdkClientException");
  EXPECT_EQ(answer.error().http_status, 0);
  EXPECT_THAT(answer.error().message,
              AllOf(HasSubstr("Unable to execute HTTP request: Connect to 127.0.0.1:"),
                    HasSubstr("Connection refused")));
}

TEST_F(RemoteCalls, BoundsWhatWaits) {
  options.limits.waiting_max = 0;
  const FunctionAnswer answer = call("{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().message,
            "Unable to execute HTTP request: Timeout waiting for connection from pool");
}

TEST_F(RemoteCalls, BoundsAnswers) {
  options.limits.answer_bytes_max = 50;
  const FunctionAnswer answer = call("{}");
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message, HasSubstr("longer than 50 bytes"));
}

TEST(Endpoints, AreCheckedBeforeUse) {
  EXPECT_FALSE(endpoint_problem("lambda", "http://127.0.0.1:3001"));
  EXPECT_FALSE(endpoint_problem("dynamodb", "https://dynamodb.example.com/prefix"));
  EXPECT_THAT(endpoint_problem("textract", "http://h").value(), HasSubstr("known are athena"));
  for (const char* url :
       {"", "h:1", "ftp://h", "http://", "http://h?x", "http://u@h", "http://a b"}) {
    EXPECT_TRUE(endpoint_problem("lambda", url)) << url;
  }
}

}  // namespace
}  // namespace pawl::api
