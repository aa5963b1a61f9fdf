// One state under test: run by machine::decide, one event at a time, until it is left, fails, or
// would be tried again (step-functions.md A4.33).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "asl/model.h"
#include "base/limits.h"
#include "machine/decide.h"
#include "runtime/tasks.h"

namespace pawl::states {

struct TestSubject {
  std::shared_ptr<const asl::Machine> machine;
  const asl::State* state = nullptr;  // one of the machine's
};

// Everything that TestState was asked for, checked.
struct TestRequest {
  TestSubject subject;
  runtime::ExecutionNames names;
  machine::Identity identity;
  json::Value input;
  json::Value context_object;
  std::optional<json::Value> variables;
  // The mock, if there is one.
  std::optional<json::Value> mock_result;
  std::optional<machine::Fault> mock_error;
  std::int32_t retrier_retry_count = 0;
  std::optional<std::int64_t> map_iteration_failure_count;
  std::optional<json::Value> map_item_reader_data;
};

struct TestVerdict {
  enum class Status { kSucceeded, kFailed, kRetriable, kCaughtError } status = Status::kFailed;
  std::optional<json::Value> output;
  machine::Fault fault;
  std::optional<std::string> next_state;
  std::optional<std::int64_t> retry_index;
  std::optional<std::int64_t> retry_backoff_seconds;
  std::optional<std::int64_t> catch_index;
};

class TestRun {
 public:
  // `limits` outlives the run.
  TestRun(TestRequest request, const Limits& limits, WallMillis now, std::uint64_t seed);
  TestRun(const TestRun&) = delete;
  TestRun& operator=(const TestRun&) = delete;

  // Goes on until there is a verdict, or a task to be run for real.
  struct Outcome {
    std::optional<TestVerdict> verdict;
    std::optional<runtime::TaskRequest> task;
  };
  Outcome start();
  // The task's outcome.
  Outcome go_on(machine::Input input, WallMillis now);

  const TestRequest& request() const { return request_; }
  const machine::Inspection& inspection() const { return inspection_; }
  // What is in scope, the state's own Assign included.
  const std::map<std::string, json::Value, std::less<>>& variables() const { return variables_; }

 private:
  void mock_children();
  Outcome run(machine::Input input);
  machine::Step step(const machine::Input& input);
  std::optional<TestVerdict> judge(const machine::Event& event);
  std::optional<TestVerdict> leave(const machine::StateExited& exited);
  TestVerdict failed(const machine::Fault& fault) const;
  void find_handlers();
  std::optional<machine::Input> answer();
  const machine::Strand* strand() const;

  TestRequest request_;
  Limits limits_;
  WallMillis started_;
  WallMillis now_;
  std::uint64_t seed_;
  machine::Execution execution_;
  machine::Inspection inspection_;
  std::map<std::string, json::Value, std::less<>> variables_;
  TestVerdict verdict_;
  bool faulted_ = false;
};

}  // namespace pawl::states
