#include "services/states/test_run.h"

#include <utility>

#include "machine/error_match.h"

namespace pawl::states {

namespace {

// The state under test lasts five minutes at most; a wait is not waited for.
constexpr std::int64_t kTestMillisMax = 300'000;

// Name of the state that a pointer ends with (RFC 6901 escapes).
std::string name_at_end(std::string_view pointer) {
  const std::string_view last = pointer.substr(pointer.rfind('/') + 1);
  std::string name;
  for (std::size_t i = 0; i < last.size(); ++i) {
    const bool escaped = last[i] == '~' && i + 1 < last.size();
    name.push_back(!escaped ? last[i] : last[++i] == '1' ? '/' : '~');
  }
  return name;
}

machine::Fault timeout() { return {.error = "States.Timeout", .cause = std::nullopt}; }

}  // namespace

TestRun::TestRun(TestRequest request, const Limits& limits, WallMillis now, std::uint64_t seed)
    : request_(std::move(request)), limits_(limits), started_(now), now_(now), seed_(seed) {
  limits_.step_fuel_max = 1;
  inspection_.start_pointer = request_.subject.state->pointer;
  inspection_.context_object = request_.context_object;
  inspection_.item_reader_data = request_.map_item_reader_data;
  mock_children();
}

// What the iterations of a Map or the branches of a Parallel state come to.
void TestRun::mock_children() {
  if (request_.mock_error) inspection_.children = *request_.mock_error;
  if (request_.mock_result) inspection_.children = *request_.mock_result;
  inspection_.failed_children = request_.map_iteration_failure_count.value_or(0);
}

TestRun::Outcome TestRun::start() {
  step(machine::Start{request_.input});
  if (request_.variables) {
    machine::Strand& top = execution_.strands.at(0);
    for (const json::Member& member : request_.variables->root().members()) {
      top.variables.insert_or_assign(std::string(member.key.string()),
                                     json::Value::of(member.value));
    }
    variables_ = top.variables;
  }
  return run(machine::Continue{});
}

TestRun::Outcome TestRun::go_on(machine::Input input, WallMillis now) {
  now_ = now;
  const machine::Strand* top = strand();
  const bool late = std::holds_alternative<machine::TimerFired>(input);
  if (late && top && top->task && !top->task->scheduled.timeout_at) {
    return {.verdict = failed(timeout()), .task = {}};
  }
  return run(std::move(input));
}

machine::Step TestRun::step(const machine::Input& input) {
  const machine::Context context{
      .definition = *request_.subject.machine,
      .identity = request_.identity,
      .limits = limits_,
      .now = now_,
      .seed = seed_++,
      .task_token = [](machine::EventId) { return std::string(); },
      .map_run_arn = [](const asl::State&, machine::EventId) { return std::string(); },
      .activity_exists = [](std::string_view) { return true; },
      .inspection = &inspection_};
  return machine::decide(execution_, input, context);
}

TestRun::Outcome TestRun::run(machine::Input input) {
  for (;;) {
    find_handlers();
    const machine::Step step = this->step(input);
    for (const machine::Event& event : step.events) {
      if (auto verdict = judge(event)) return {.verdict = std::move(verdict), .task = {}};
    }
    input = machine::Continue{};
    if (step.more) continue;
    if (auto answered = answer()) {
      input = std::move(*answered);
      continue;
    }
    const machine::Strand* top = strand();
    if (!top || top->phase != machine::Phase::kTask)
      return {.verdict = failed(timeout()), .task = {}};
    return {.verdict = {},
            .task = runtime::TaskRequest{
                .execution = runtime::id_of_execution(request_.identity.execution_arn),
                .task = top->task->id,
                .names = request_.names,
                .role_arn = request_.identity.role_arn,
                .state_name = top->state_name,
                .scheduled = top->task->scheduled,
                .submitted = false}};
  }
}

const machine::Strand* TestRun::strand() const {
  const auto found = execution_.strands.find(0);
  return found == execution_.strands.end() ? nullptr : &found->second;
}

// What the state waits for, when it need not be asked of anybody: a mock, or the time.
std::optional<machine::Input> TestRun::answer() {
  const machine::Strand* top = strand();
  if (!top) return std::nullopt;
  if (top->phase == machine::Phase::kWaiting) {
    if (top->due - started_ > kTestMillisMax) return std::nullopt;
    now_ = top->due;
    return machine::TimerFired{{machine::TimerId::Kind::kWait, top->entered}};
  }
  if (top->phase != machine::Phase::kTask) return std::nullopt;
  const machine::OpenTask& task = *top->task;
  const bool mocked = request_.mock_result || request_.mock_error;
  if (!mocked) return std::nullopt;
  if (!task.started && task.scheduled.kind == machine::TaskKind::kActivity) {
    return machine::TaskTaken{task.id, std::nullopt};
  }
  if (request_.mock_result) return machine::TaskReturned{task.id, *request_.mock_result};
  return machine::TaskFaulted{task.id, machine::TaskFailure::kFailed, *request_.mock_error};
}

// Which retrier and which catcher the state's fault is for, before the machine takes one of them.
void TestRun::find_handlers() {
  const auto found = execution_.strands.find(0);
  if (found == execution_.strands.end() || found->second.phase != machine::Phase::kFault) return;
  machine::Strand& top = found->second;
  faulted_ = true;
  verdict_.fault = top.fault;
  const asl::State& state = *request_.subject.state;
  for (std::size_t i = 0; i < state.retry.size() && !verdict_.retry_index; ++i) {
    if (!machine::matches(state.retry[i].error_equals, top)) continue;
    verdict_.retry_index = static_cast<std::int64_t>(i);
    top.retries.resize(std::max(top.retries.size(), i + 1));
    top.retries[i] = request_.retrier_retry_count;
  }
  for (std::size_t i = 0; i < state.catchers.size() && !verdict_.catch_index; ++i) {
    if (machine::matches(state.catchers[i].error_equals, top)) {
      verdict_.catch_index = static_cast<std::int64_t>(i);
    }
  }
}

std::optional<TestVerdict> TestRun::judge(const machine::Event& event) {
  if (event.strand != 0) return std::nullopt;
  if (std::holds_alternative<machine::StateEntered>(event.body)) {
    execution_.strands.at(0).retry_count = request_.retrier_retry_count;
  } else if (const auto* retry = std::get_if<machine::RetryScheduled>(&event.body)) {
    TestVerdict verdict = failed(verdict_.fault);
    verdict.status = TestVerdict::Status::kRetriable;
    verdict.catch_index.reset();
    verdict.retry_backoff_seconds = (retry->due - now_) / 1'000;
    return verdict;
  } else if (const auto* exited = std::get_if<machine::StateExited>(&event.body)) {
    return leave(*exited);
  } else if (const auto* end = std::get_if<machine::ExecutionFailed>(&event.body)) {
    TestVerdict verdict = failed(end->fault);
    verdict.catch_index.reset();
    return verdict;
  }
  return std::nullopt;
}

std::optional<TestVerdict> TestRun::leave(const machine::StateExited& exited) {
  if (const machine::Strand* top = strand()) variables_ = top->variables;
  TestVerdict verdict = failed(verdict_.fault);
  verdict.status = faulted_ ? TestVerdict::Status::kCaughtError : TestVerdict::Status::kSucceeded;
  verdict.output = exited.output;
  if (!exited.next_pointer.empty()) verdict.next_state = name_at_end(exited.next_pointer);
  return verdict;
}

TestVerdict TestRun::failed(const machine::Fault& fault) const {
  TestVerdict verdict = verdict_;
  verdict.status = TestVerdict::Status::kFailed;
  verdict.fault = fault;
  return verdict;
}

}  // namespace pawl::states
