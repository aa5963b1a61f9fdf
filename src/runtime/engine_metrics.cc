#include "runtime/engine_metrics.h"

#include <algorithm>

namespace pawl::runtime {

namespace {

constexpr std::array<std::string_view, 4> kStatuses = {"succeeded", "failed", "timed_out",
                                                       "aborted"};

// Index into kStatuses; -1: the event closes nothing.
int closing_status(const machine::Event& event) {
  if (std::holds_alternative<machine::ExecutionSucceeded>(event.body)) return 0;
  if (std::holds_alternative<machine::ExecutionFailed>(event.body)) return 1;
  if (std::holds_alternative<machine::ExecutionTimedOut>(event.body)) return 2;
  if (std::holds_alternative<machine::ExecutionAborted>(event.body)) return 3;
  return -1;
}

}  // namespace

void EngineMetrics::count(const std::vector<machine::Event>& events) {
  if (events.empty()) return;
  if (std::holds_alternative<machine::ExecutionStarted>(events.front().body)) started.add();
  const auto entered = std::count_if(events.begin(), events.end(), [](const auto& event) {
    return std::holds_alternative<machine::StateEntered>(event.body);
  });
  if (entered > 0) transitions.add(static_cast<std::uint64_t>(entered));
  const int status = closing_status(events.back());
  if (status >= 0) closed[static_cast<std::size_t>(status)].add();
}

void EngineMetrics::write(MetricsText& out) const {
  out.counter("pawl_executions_started_total", "Executions started.").sample(started.value());
  out.counter("pawl_executions_closed_total", "Executions that ended, by status.");
  for (std::size_t i = 0; i < kStatuses.size(); ++i) {
    out.sample(closed[i].value(), {{"status", kStatuses[i]}});
  }
  out.counter("pawl_state_transitions_total", "States entered.").sample(transitions.value());
  out.counter("pawl_executions_loaded_total", "Executions read back into memory.")
      .sample(loaded.value());
  out.gauge("pawl_executions_open", "Executions that run or wait.")
      .sample(static_cast<std::uint64_t>(std::max<std::int64_t>(open.load(), 0)));
  out.gauge("pawl_executions_paused", "Executions that are paused one by one.")
      .sample(static_cast<std::uint64_t>(std::max<std::int64_t>(paused.load(), 0)));
  out.gauge("pawl_executions_halted", "Executions that halted where they would have failed.")
      .sample(static_cast<std::uint64_t>(std::max<std::int64_t>(halted.load(), 0)));
  out.histogram("pawl_task_seconds", "From handing a task out to its answer.")
      .sample(function_tasks.snapshot(), {{"kind", "function"}})
      .sample(service_tasks.snapshot(), {{"kind", "service"}});
}

}  // namespace pawl::runtime
