// Real processes of the three families behind the pool.
#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "functions/function_fixture.h"

namespace pawl::functions {
namespace {

using ::testing::AllOf;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Le;
using ::testing::MatchesRegex;
using Kind = InvocationResult::Kind;

class PoolTest : public FunctionFixture {};

struct Answer {
  const char* name;
  const char* source;
  Kind kind;
  const char* payload;  // "~" before: a part of it
};

void check(FunctionFixture& fixture, const SharedSpec& spec, const Answer& answer) {
  SCOPED_TRACE(answer.name);
  const InvocationResult result = fixture.invoke(spec, R"({"a":1})");
  EXPECT_EQ(result.kind, answer.kind) << result.payload;
  if (answer.payload[0] == '~') {
    EXPECT_THAT(result.payload, HasSubstr(answer.payload + 1));
  } else {
    EXPECT_EQ(result.payload, answer.payload);
  }
}

const Answer kNodeAnswers[] = {
    {"async", "exports.handler = async (event) => ({ got: event })", Kind::kSucceeded,
     R"({"got":{"a":1}})"},
    {"callback", "exports.handler = (event, context, callback) => callback(null, event.a + 1)",
     Kind::kSucceeded, "2"},
    {"late callback",
     "exports.handler = (e, c, callback) => { setTimeout(() => callback(null, 'late'), 5) }",
     Kind::kSucceeded, R"("late")"},
    {"callback waits for the event loop",
     "let n = 0; exports.handler = (e, c, callback) => {"
     " callback(null, { get n() { return n } }); setTimeout(() => { n = 7 }, 20) }",
     Kind::kSucceeded, R"({"n":7})"},
    {"callback that does not wait",
     "let n = 0; exports.handler = (e, c, callback) => { c.callbackWaitsForEmptyEventLoop = false;"
     " callback(null, n); setTimeout(() => { n = 7 }, 20) }",
     Kind::kSucceeded, "0"},
    {"callback with an error",
     "exports.handler = (e, c, callback) => callback(new TypeError('no'))", Kind::kFunctionError,
     R"(~{"errorType":"TypeError","errorMessage":"no","trace":["TypeError: no",)"},
    {"callback with text", "exports.handler = (e, c, callback) => callback('no')",
     Kind::kFunctionError, R"({"errorType":"string","errorMessage":"no","trace":[]})"},
    {"promise", "exports.handler = (e) => Promise.resolve([e.a])", Kind::kSucceeded, "[1]"},
    {"context.succeed", "exports.handler = (e, context) => { context.succeed({ ok: true }) }",
     Kind::kSucceeded, R"({"ok":true})"},
    {"context.done", "exports.handler = (e, context) => { context.done(null, 3) }",
     Kind::kSucceeded, "3"},
    {"context.fail", "exports.handler = (e, context) => { context.fail(new Error('old')) }",
     Kind::kFunctionError, R"(~{"errorType":"Error","errorMessage":"old")"},
    {"nothing returned", "exports.handler = () => {}", Kind::kSucceeded, "null"},
    {"undefined", "exports.handler = async () => undefined", Kind::kSucceeded, "null"},
    {"async throw", "exports.handler = async () => { throw new RangeError('far') }",
     Kind::kFunctionError,
     R"json(~"trace":["RangeError: far","    at exports.handler (/var/task/index.js:1:39)")json"},
    {"own error name",
     "class Custom extends Error { constructor(m) { super(m); this.name = 'Custom' } }\n"
     "exports.handler = async () => { throw new Custom('mine') }",
     Kind::kFunctionError, R"(~{"errorType":"Custom","errorMessage":"mine")"},
    {"never settles", "exports.handler = async () => new Promise(() => {})", Kind::kFunctionError,
     R"(~{"errorType":"Runtime.NodeJsExit")"},
    {"not JSON", "exports.handler = async () => { const a = {}; a.a = a; return a }",
     Kind::kFunctionError,
     R"(~{"errorType":"Error","errorMessage":"Unable to stringify response body")"},
    {"uncaught", "exports.handler = () => { setTimeout(() => { throw new Error('up') }, 1) }",
     Kind::kFunctionError, R"(~{"errorType":"Error","errorMessage":"up")"},
    {"unhandled",
     "exports.handler = () => { Promise.reject(new Error('up')); setTimeout(() => {}, 50) }",
     Kind::kFunctionError,
     R"(~{"errorType":"Runtime.UnhandledPromiseRejection","errorMessage":"Error: up")"},
    {"missing module", "require('nope')", Kind::kFunctionError,
     R"(~{"errorType":"Runtime.ImportModuleError","errorMessage":"Error: Cannot find module 'nope'\nRequire stack:\n- /)"},
    {"no handler", "exports.other = 1", Kind::kFunctionError,
     R"(~{"errorType":"Runtime.HandlerNotFound","errorMessage":"index.handler is undefined or not exported")"},
    {"syntax error", "exports.handler = (", Kind::kFunctionError,
     R"(~{"errorType":"Runtime.UserCodeSyntaxError","errorMessage":"SyntaxError: )"},
    {"throws at load", "throw new Error('early')", Kind::kFunctionError,
     R"(~{"errorType":"Error","errorMessage":"early")"},
};

TEST_F(PoolTest, NodeHandlers) {
  for (const Answer& answer : kNodeAnswers) check(*this, node(answer.source), answer);
}

const Answer kPythonAnswers[] = {
    {"returns", "def handler(event, context):\n  return {'got': event}", Kind::kSucceeded,
     R"({"got": {"a": 1}})"},
    {"none", "def handler(event, context):\n  pass", Kind::kSucceeded, "null"},
    {"raises",
     "def handler(event, context):\n    raise Exception(\"Some exception was raised.\")\n",
     Kind::kFunctionError,
     R"({"errorMessage": "Some exception was raised.", "errorType": "Exception", "requestId": "request-3", "stackTrace": ["  File \"/var/task/handler.py\", line 2, in handler\n    raise Exception(\"Some exception was raised.\")\n"]})"},
    {"own exception", "class Custom(Exception):\n  pass\ndef handler(e, c):\n  raise Custom()",
     Kind::kFunctionError, R"(~{"errorMessage": "", "errorType": "Custom", "requestId": )"},
    {"missing module", "import nope", Kind::kFunctionError,
     R"({"errorMessage": "Unable to import module 'handler': No module named 'nope'", "errorType": "Runtime.ImportModuleError", "requestId": "", "stackTrace": []})"},
    {"no handler", "x = 1", Kind::kFunctionError,
     R"({"errorMessage": "Handler 'handler' missing on module 'handler'", "errorType": "Runtime.HandlerNotFound", "requestId": "", "stackTrace": []})"},
    {"not JSON", "def handler(e, c):\n  return {1, 2}", Kind::kFunctionError,
     R"(~"Unable to marshal response: Object of type set is not JSON serializable", "errorType": "Runtime.MarshalError")"},
    {"syntax error", "def handler(", Kind::kFunctionError,
     R"json(~"errorMessage": "Syntax error in module 'handler': '(' was never closed (handler.py, line 1)", "errorType": "Runtime.UserCodeSyntaxError")json"},
    {"exits", "import sys\ndef handler(e, c):\n  sys.exit(3)", Kind::kFunctionError,
     R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: request-9 Error: Runtime exited with error: exit status 3"})"},
    {"kills itself", "import os\ndef handler(e, c):\n  os.kill(os.getpid(), 9)",
     Kind::kFunctionError,
     R"({"errorType":"Runtime.ExitError","errorMessage":"RequestId: request-10 Error: Runtime exited with error: signal: killed"})"},
};

TEST_F(PoolTest, PythonHandlers) {
  for (const Answer& answer : kPythonAnswers) check(*this, python(answer.source), answer);
}

TEST_F(PoolTest, PythonAnswersBeyondAscii) {
  constexpr const char* kSource = "def handler(e, c):\n  return '\\u00e9\\U0001f600'";
  for (const char* runtime : {"python3.12", "python3.13"}) {
    EXPECT_EQ(invoke(function(runtime, "handler.handler", {{"handler.py", kSource}})).payload,
              "\"\xc3\xa9\xf0\x9f\x98\x80\"")
        << runtime;
  }
  EXPECT_EQ(invoke(function("python3.11", "handler.handler", {{"handler.py", kSource}})).payload,
            R"("\u00e9\ud83d\ude00")");
}

TEST_F(PoolTest, ModulesOfBothKinds) {
  const std::string text = "export const handler = async (event) => event.a";
  EXPECT_EQ(
      invoke(function("nodejs20.x", "index.handler", {{"index.mjs", text}}), R"({"a":5})").payload,
      "5");
  EXPECT_EQ(invoke(function("nodejs22.x", "sub/app.handler",
                            {{"sub/app.js", text}, {"package.json", R"({"type":"module"})"}}),
                   R"({"a":6})")
                .payload,
            "6");
  EXPECT_EQ(
      invoke(function("nodejs20.x", "a.b.c", {{"a.cjs", "exports.b = { c: async () => 'deep' }"}}))
          .payload,
      R"("deep")");
  EXPECT_EQ(invoke(function("python3.11", "sub/mod.main",
                            {{"sub/mod.py", "def main(e, c):\n  return 'py'"}}))
                .payload,
            R"("py")");
}

TEST_F(PoolTest, ContextAndEnvironment) {
  auto spec = python(
      "import os\n"
      "def handler(e, c):\n"
      "  return [c.function_name, c.function_version, c.invoked_function_arn, "
      "c.memory_limit_in_mb,\n"
      "    c.aws_request_id, c.log_group_name, 0 < c.get_remaining_time_in_millis() <= 30000,\n"
      "    os.environ['_HANDLER'], os.environ['AWS_REGION'], os.environ['MINE'], os.getcwd(),\n"
      "    os.environ['TZ'], sorted(k for k in os.environ if 'PAWL' in k),\n"
      "    os.environ['AWS_LAMBDA_RUNTIME_API'].startswith('127.0.0.1:')]");
  spec->environment = {{"MINE", "x=y"}};
  const InvocationResult result = invoke(spec);
  const bool has_mounts = pool().isolation() != IsolationLevel::kProcess;
  EXPECT_EQ(result.payload,
            R"(["f1", "$LATEST", "arn:aws:lambda:us-east-1:000000000000:function:f1", "128", )"
            R"("request-1", "/aws/lambda/f1", true, "handler.handler", "us-east-1", "x=y", ")" +
                (has_mounts ? "/var/task" : spec->code_directory) + R"(", ":UTC", [], true])");
}

TEST_F(PoolTest, WarmEnvironmentsAreReused) {
  const auto spec = node("let n = 0; exports.handler = async () => ++n");
  EXPECT_EQ(invoke(spec).payload, "1");
  EXPECT_EQ(invoke(spec).payload, "2");
  EXPECT_EQ(invoke(spec).payload, "3");
  EXPECT_EQ(pool().stats().environments, 1u);
  pool().retire(spec->identity);
  auto next = std::make_shared<FunctionSpec>(*spec);
  next->identity += "+";
  EXPECT_EQ(invoke(next).payload, "1");
  EXPECT_EQ(pool().stats().environments, 1u);
}

TEST_F(PoolTest, TimesOut) {
  auto spec = node("exports.handler = async () => new Promise((r) => setTimeout(r, 60000))");
  spec->timeout_seconds = 1;
  const InvocationResult result = invoke(spec, "{}", LogTail::kWanted);
  EXPECT_EQ(result.kind, Kind::kFunctionError);
  EXPECT_EQ(result.payload,
            R"({"errorType":"Sandbox.Timedout","errorMessage":"RequestId: request-1 Error: Task )"
            R"(timed out after 1.00 seconds"})");
  EXPECT_THAT(result.log_tail, HasSubstr("request-1 Task timed out after 1.00 seconds\n"));
  EXPECT_THAT(result.log_tail, HasSubstr("Billed Duration: 1000 ms"));
  EXPECT_GE(result.duration_ms, 1000);
}

TEST_F(PoolTest, LogTailHoldsTheInvocation) {
  const auto spec = python(
      "import logging\n"
      "def handler(e, c):\n"
      "  print('hello')\n"
      "  logging.getLogger().warning('careful')\n"
      "  print('no newline', end='')");
  const InvocationResult result = invoke(spec, "{}", LogTail::kWanted);
  EXPECT_THAT(result.log_tail,
              MatchesRegex("START RequestId: request-1 Version: \\$LATEST\nhello\n"
                           "\\[WARNING\\]\t[^\t]+Z\trequest-1\tcareful\nno newline\n"
                           "END RequestId: request-1\n"
                           "REPORT RequestId: request-1\tDuration: [0-9.]+ ms\tBilled Duration: "
                           "[0-9]+ ms\tMemory Size: 128 MB\tMax Memory Used: [1-9][0-9]* "
                           "MB\tInit Duration: [0-9.]+ ms\t\n"));
}

TEST_F(PoolTest, LogTailHoldsAStartThatFailed) {
  const std::string report =
      "END RequestId: request-[0-9]+\n"
      "REPORT RequestId: request-[0-9]+\tDuration: [0-9.]+ ms\tBilled Duration: [0-9]+ ms\tMemory "
      "Size: "
      "128 MB\tMax Memory Used: [0-9]+ MB\tStatus: error\tError Type: ";
  const std::string start = "START RequestId: request-[0-9]+ Version: \\$LATEST\n";
  const std::pair<std::string, std::string> rows[] = {
      {"print('hello')\nraise ValueError('no')",
       "hello\n\\[ERROR\\] ValueError: no\n(.|\n)*"
       "INIT_REPORT Init Duration: [0-9.]+ ms\tPhase: init\tStatus: error\t"
       "Error Type: ValueError\n" +
           start + report + "ValueError\n"},
      {"import os\nos._exit(3)",
       "INIT_REPORT Init Duration: [0-9.]+ ms\tPhase: init\tStatus: error\t"
       "Error Type: Runtime.ExitError\n" +
           start +
           "RequestId: request-[0-9]+ Error: Runtime exited with error: exit status 3\n"
           "Runtime.ExitError\n" +
           report + "Runtime.ExitError\n"}};
  for (const auto& [code, log] : rows) {
    EXPECT_THAT(invoke(python(code), "{}", LogTail::kWanted).log_tail, MatchesRegex(log)) << code;
  }
}

TEST_F(PoolTest, ProvidedRuntimeOverTcp) {
  const auto spec = function(
      "provided.al2023", "any",
      {{"bootstrap",
        "#!/usr/bin/env python3\n"
        "import http.client, os\n"
        "c = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])\n"
        "base = '/2018-06-01/runtime/'\n"
        "while True:\n"
        "  c.request('GET', base + 'invocation/next')\n"
        "  r = c.getresponse(); body = r.read(); id = r.headers['Lambda-Runtime-Aws-Request-Id']\n"
        "  if body == b'\"fail\"':\n"
        "    c.request('POST', base + f'invocation/{id}/error', b'{\"errorType\":\"Mine\"}',\n"
        "      {'Lambda-Runtime-Function-Error-Type': 'Mine'})\n"
        "  else:\n"
        "    c.request('POST', base + f'invocation/{id}/response', iter([body[:1], body[1:]]),\n"
        "      {'Transfer-Encoding': 'chunked'}, encode_chunked=True)\n"
        "  assert c.getresponse().read() == b'{\"status\":\"OK\"}'\n"}});
  EXPECT_EQ(invoke(spec, R"({"x":[1,2]})").payload, R"({"x":[1,2]})");
  const InvocationResult failed = invoke(spec, R"("fail")");
  EXPECT_EQ(failed.kind, Kind::kFunctionError);
  EXPECT_EQ(failed.payload, R"({"errorType":"Mine"})");
}

// The pool's thread is kept busy until the runtime has told why it cannot start, and has ended: it
// finds the news of the end as early as the reason.
TEST_F(PoolTest, WhatARuntimeSaidBeforeItsEndIsHeard) {
  options_.isolation = Isolation::kProcess;
  const std::string go = directory_ + "/go";
  const std::string told = directory_ + "/told";
  const auto spec =
      function("provided.al2023", "any",
               {{"bootstrap",
                 "#!/usr/bin/env python3\n"
                 "import http.client, os, time\n"
                 "while not os.path.exists('" +
                     go +
                     "'): time.sleep(0.01)\n"
                     "c = http.client.HTTPConnection(os.environ['AWS_LAMBDA_RUNTIME_API'])\n"
                     "c.request('POST', '/2018-06-01/runtime/init/error', b'\"why\"')\n"
                     "open('" +
                     told + ".new', 'w').write(str(os.getpid()))\n" + "os.rename('" + told +
                     ".new', '" + told + "')\n" + "os._exit(1)\n"}});
  const auto warm = python("def handler(e, c):\n  return 1");
  EXPECT_EQ(invoke(warm).payload, "1");
  auto failed = invoke_later(spec, "{}");
  Invocation invocation;
  invocation.request_id = "blocks";
  invocation.payload = json::Value::trusted("{}");
  pool().invoke(warm, std::move(invocation), [&](const InvocationResult&) {
    std::ofstream{go};
    while (!std::filesystem::exists(told)) std::this_thread::yield();
    std::string pid;
    std::getline(std::ifstream(told), pid);
    while (std::filesystem::exists("/proc/" + pid)) std::this_thread::yield();
  });
  EXPECT_EQ(failed.get().payload, R"("why")");
}

TEST_F(PoolTest, MissingBootstrap) {
  const auto spec = function("provided.al2023", "any", {{"other", ""}});
  EXPECT_THAT(invoke(spec).payload, HasSubstr("Runtime.InvalidEntrypoint"));
}

TEST_F(PoolTest, ManyAtOnce) {
  options_.starting_max = 2;  // whatever machine this is
  const auto spec = node("exports.handler = async (event) => event * 2");
  std::vector<std::future<InvocationResult>> results;
  for (int i = 0; i < 200; ++i) results.push_back(invoke_later(spec, std::to_string(i)));
  for (int i = 0; i < 200; ++i) EXPECT_EQ(results[i].get().payload, std::to_string(2 * i));
  EXPECT_LT(pool().stats().started, 50u);  // warm ones serve the queue faster than new ones start
}

TEST_F(PoolTest, SlowInvocationsRunSideBySide) {
  auto spec = node("exports.handler = async () => new Promise((r) => setTimeout(r, 700))");
  std::vector<std::future<InvocationResult>> results;
  for (int i = 0; i < 6; ++i) results.push_back(invoke_later(spec, "{}"));
  for (auto& result : results) EXPECT_EQ(result.get().kind, Kind::kSucceeded);
  EXPECT_GE(pool().stats().started, 4u);
}

TEST_F(PoolTest, LargePayloads) {
  const auto spec =
      node("exports.handler = async (event) => event.n ? 'x'.repeat(event.n) : event.s.length");
  const std::string five_mb(5 << 20, 'y');
  EXPECT_EQ(invoke(spec, R"({"s":")" + five_mb + R"("})").payload, std::to_string(5 << 20));
  EXPECT_EQ(invoke(spec, R"({"n":6000000})").payload.size(), 6'000'002u);
  const InvocationResult large = invoke(spec, R"({"n":7000000})");
  EXPECT_EQ(large.kind, Kind::kFunctionError);
  EXPECT_EQ(large.payload,
            R"({"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size )"
            R"(exceeded maximum allowed payload size (6291556 bytes)."})");
  EXPECT_EQ(invoke(spec, R"({"s":"abc"})").payload, "3");
}

TEST_F(PoolTest, MemoryHogIsKilled) {
  auto spec = python(
      "import time\n"
      "def handler(e, c):\n  x = bytearray(400 << 20)\n  time.sleep(20)\n  return len(x)");
  const InvocationResult result = invoke(spec, "{}", LogTail::kWanted);
  EXPECT_THAT(result.payload, HasSubstr("Runtime exited with error: signal: killed"));
  EXPECT_THAT(result.log_tail, HasSubstr("Max Memory Used: 128 MB"));
}

TEST_F(PoolTest, PrivateTmpAndReadOnlyCode) {
  if (!(pool().isolation() != IsolationLevel::kProcess)) {
    std::puts("private mounts are not allowed here, not run");
    return;
  }
  const auto spec = python(
      "import os\n"
      "def handler(e, c):\n"
      "  seen = os.listdir('/tmp')\n"
      "  open('/tmp/mine', 'w').close()\n"
      "  try: open('/var/task/new', 'w')\n"
      "  except OSError as error: return [seen, error.strerror, os.getpid() < 10]\n");
  EXPECT_EQ(invoke(spec).payload, R"([[], "Read-only file system", true])");
  EXPECT_FALSE(std::filesystem::exists("/tmp/mine"));
}

TEST_F(PoolTest, FloodOfOutputIsBounded) {
  options_.logs.segment_bytes_max = 1 << 20;
  options_.logs.segments_max = 2;
  auto spec = python(
      "import os\n"
      "def handler(e, c):\n"
      "  for i in range(2000): os.write(1, b'x' * 8191 + b'\\n')\n");
  EXPECT_EQ(invoke(spec).payload, "null");
  std::uintmax_t bytes = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(options_.directory + "/logs")) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  EXPECT_LT(bytes, 4u << 20);
}

TEST_F(PoolTest, StopsAtAnyMoment) {
  for (int i = 0; i < 12; ++i) {
    auto spec = node("exports.handler = async () => new Promise((r) => setTimeout(r, 60000))");
    auto result = invoke_later(spec, "{}");
    std::this_thread::sleep_for(std::chrono::milliseconds(i * 7));
    close_pool();
    EXPECT_EQ(result.get().kind, Kind::kStopped);
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);  // no child is left, not even a dead one
    EXPECT_EQ(errno, ECHILD);
  }
}

TEST_F(PoolTest, QueueIsBounded) {
  options_.queued_max = 2;
  options_.environments_max = 1;
  // No room is made while the test asks: nothing ends before the pool does.
  auto spec = node("exports.handler = async () => new Promise((r) => setTimeout(r, 20000))");
  std::vector<std::future<InvocationResult>> results;
  for (int i = 0; i < 8; ++i) results.push_back(invoke_later(spec, "{}"));
  close_pool();
  std::map<Kind, int> kinds;
  for (auto& result : results) ++kinds[result.get().kind];
  // Two, and a third where the first has left the queue for its environment by then.
  EXPECT_THAT(kinds[Kind::kStopped], AllOf(Ge(2), Le(3)));
  EXPECT_EQ(kinds[Kind::kThrottled], 8 - kinds[Kind::kStopped]);
}

TEST_F(PoolTest, OneFunctionDoesNotStarveAnother) {
  options_.environments_max = 1;
  auto busy = node("exports.handler = async () => new Promise((r) => setTimeout(r, 100))");
  auto other = node("exports.handler = async () => 'other'");
  std::vector<std::future<InvocationResult>> results;
  for (int i = 0; i < 60; ++i) results.push_back(invoke_later(busy, "{}"));
  auto waiting = invoke_later(other, "{}");
  EXPECT_EQ(waiting.get().payload, R"("other")");
  EXPECT_EQ(results.back().wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  for (auto& result : results) EXPECT_EQ(result.get().kind, Kind::kSucceeded);
}

}  // namespace
}  // namespace pawl::functions
