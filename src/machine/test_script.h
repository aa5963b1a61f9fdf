// The script language of machine/scenarios: each line is one Input, or moves the clock.
//
//   start JSON                    at +SECONDS (since the beginning)
//   take TASK [WORKER]            fire wait|retry EVENT   fire timeout TASK   fire execution
//   accept TASK JSON              heartbeat TASK
//   task TASK returns JSON        stop [ERROR [CAUSE...]]
//   task TASK fails [ERROR [CAUSE...]]                     continue      redrive
//   run MAP_RUN succeeds JSON     run MAP_RUN fails [ERROR [CAUSE...]]
//   try-again                     give-up
//   on-failure halt|fail: what becomes of states that fail for good from there on
//   hold                          release: what follows is decided for a paused execution, or not
//   task TASK fails-schedule|fails-start|fails-submit [ERROR [CAUSE...]]
#pragma once

#include <charconv>
#include <optional>
#include <sstream>
#include <string>

#include "machine/test_world.h"

namespace pawl::machine::test {

class ScriptLine {
 public:
  explicit ScriptLine(std::string_view text) : rest_(text) {}

  std::string word() {
    skip_blanks();
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    std::string taken(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return taken;
  }
  std::int64_t number() {
    const std::string text = word();
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  std::string rest() {
    skip_blanks();
    return std::string(rest_);
  }
  Fault fault() {
    Fault fault;
    if (std::string error = word(); !error.empty()) fault.error = std::move(error);
    if (std::string cause = rest(); !cause.empty()) fault.cause = std::move(cause);
    return fault;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }
  std::string_view rest_;
};

inline std::optional<TimerId> read_timer(ScriptLine& line) {
  const std::string kind = line.word();
  if (kind == "execution") return TimerId{TimerId::Kind::kExecutionTimeout, 0};
  if (kind == "wait") return TimerId{TimerId::Kind::kWait, line.number()};
  if (kind == "retry") return TimerId{TimerId::Kind::kRetry, line.number()};
  if (kind == "timeout") return TimerId{TimerId::Kind::kTaskTimeout, line.number()};
  return std::nullopt;
}

inline std::optional<Input> read_task_answer(ScriptLine& line) {
  static const std::map<std::string, TaskFailure> kFailures{
      {"fails", TaskFailure::kFailed},
      {"fails-schedule", TaskFailure::kScheduleFailed},
      {"fails-start", TaskFailure::kStartFailed},
      {"fails-submit", TaskFailure::kSubmitFailed}};
  const EventId task = line.number();
  const std::string verb = line.word();
  if (verb == "returns") return TaskReturned{task, json::Value::trusted(line.rest())};
  const auto failure = kFailures.find(verb);
  if (failure == kFailures.end()) return std::nullopt;
  return TaskFaulted{task, failure->second, line.fault()};
}

inline std::optional<Input> read_map_run_end(ScriptLine& line) {
  MapRunFinished finished{line.number(), MapRunEnd::kSucceeded, {}, {}};
  const std::string verb = line.word();
  if (verb == "succeeds") {
    finished.result = json::Value::trusted(line.rest());
  } else if (verb == "fails") {
    finished.end = MapRunEnd::kFailed;
    finished.fault = line.fault();
  } else {
    return std::nullopt;
  }
  return finished;
}

// The Input that a line stands for; nothing for `at` and for lines that are none of the language.
inline std::optional<Input> read_input(std::string_view text) {
  ScriptLine line(text);
  const std::string verb = line.word();
  if (verb == "start") return Start{json::Value::trusted(line.rest())};
  if (verb == "continue") return Continue{};
  if (verb == "redrive") return Redrive{};
  if (verb == "try-again") return TryAgain{};
  if (verb == "give-up") return GiveUp{};
  if (verb == "stop") return Stop{line.fault()};
  if (verb == "task") return read_task_answer(line);
  if (verb == "run") return read_map_run_end(line);
  if (verb == "heartbeat") return HeartbeatExpired{line.number()};
  if (verb == "take") {
    TaskTaken taken{line.number(), std::nullopt};
    if (std::string worker = line.word(); !worker.empty()) taken.worker_name = std::move(worker);
    return taken;
  }
  if (verb == "accept") {
    const EventId task = line.number();
    return TaskAccepted{task, json::Value::trusted(line.rest())};
  }
  if (verb == "fire") {
    if (const auto timer = read_timer(line)) return TimerFired{*timer};
  }
  return std::nullopt;
}

// "at +1.5": the clock stands 1.5 seconds after the beginning.
inline std::optional<WallMillis> read_clock(std::string_view text) {
  if (!text.starts_with("at +")) return std::nullopt;
  return kEpoch + static_cast<WallMillis>(std::stod(std::string(text.substr(4))) * 1'000);
}

// Whether what follows finds the execution paused.
inline std::optional<Motion> read_motion(std::string_view text) {
  if (text == "hold") return Motion::kHeld;
  if (text == "release") return Motion::kGoes;
  return std::nullopt;
}

inline std::optional<OnFailure> read_on_failure(std::string_view text) {
  if (text == "on-failure halt") return OnFailure::kHalts;
  if (text == "on-failure fail") return OnFailure::kFails;
  return std::nullopt;
}

inline std::string show_time(WallMillis time) {
  std::ostringstream out;
  out << '+' << static_cast<double>(time - kEpoch) / 1'000;
  return out.str();
}

inline std::string show_timer(const TimerId& timer) {
  static constexpr const char* kNames[] = {"", "wait", "retry", "timeout", "execution"};
  std::string shown = kNames[static_cast<int>(timer.kind)];
  if (timer.event != 0) shown += ' ' + std::to_string(timer.event);
  return shown;
}

struct ShowCommand {
  std::string operator()(const RunTask& run) const {
    return "run " + std::to_string(run.task) + " of " + run.state_name;
  }
  std::string operator()(const CancelTask& cancel) const {
    return "cancel " + std::to_string(cancel.task);
  }
  std::string operator()(const SetTimer& set) const {
    return "set " + show_timer(set.timer) + " at " + show_time(set.due);
  }
  std::string operator()(const StartMapRun& start) const {
    const std::string text = "start " + start.arn + " " + std::string(start.settings.text());
    return start.redrive_count == 0 ? text
                                    : text + " redrive " + std::to_string(start.redrive_count);
  }
  std::string operator()(const StopMapRun& stop) const { return "stop " + stop.arn; }
  std::string operator()(const CancelTimer& cancel) const {
    return "unset " + show_timer(cancel.timer);
  }
};

// "4 < 3  PassStateExited  name=A output={}"
inline std::string show_event(const Event& event) {
  std::ostringstream out;
  if (event.visible()) {
    out << event.id << " < " << event.previous << "  ";
  } else {
    out << "      ";
  }
  out << type_name(event);
  const json::Value shown = json::Value::trusted(details(event));
  for (const json::Member& member : shown.root().members()) {
    out << ' ' << member.key.string() << '=';
    out << (member.value.is_string() ? std::string(member.value.string())
                                     : json::print(member.value));
  }
  return out.str();
}

inline std::string show_step(const Step& step) {
  std::string out;
  for (const Event& event : step.events) out += "  " + show_event(event) + '\n';
  for (const Command& command : step.commands) {
    out += "  ! " + std::visit(ShowCommand(), command) + '\n';
  }
  if (step.more) out += "  more\n";
  return out;
}

inline std::string show_end(const Execution& execution) {
  static constexpr const char* kNames[] = {"NOT STARTED", "RUNNING",   "SUCCEEDED",
                                           "FAILED",      "TIMED_OUT", "ABORTED"};
  std::string out = std::string("= ") + kNames[static_cast<int>(execution.status)];
  if (execution.status == Status::kSucceeded) out += ' ' + std::string(execution.output.text());
  if (execution.fault.error) out += ' ' + *execution.fault.error;
  if (execution.fault.cause) out += ": " + *execution.fault.cause;
  return out + '\n';
}

}  // namespace pawl::machine::test
