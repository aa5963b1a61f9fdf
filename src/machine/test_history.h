// Tests' view of events: the type names and details of GetExecutionHistory (step-functions.md D2).
#pragma once

#include <string>

#include "json/writer.h"
#include "machine/event.h"

namespace pawl::machine::test {

// When tests' time begins; hidden events show their times as milliseconds since then.
inline constexpr WallMillis kEpoch = 1'700'000'000'000;  // 2023-11-14T22:13:20Z

inline std::string state_type_name(StateType type) {
  static constexpr const char* kNames[] = {"",        "Pass", "Task",     "Choice", "Wait",
                                           "Succeed", "Fail", "Parallel", "Map"};
  return kNames[static_cast<int>(type)];
}

inline std::string task_prefix(TaskKind kind) {
  if (kind == TaskKind::kLambdaFunction) return "LambdaFunction";
  return kind == TaskKind::kActivity ? "Activity" : "Task";
}

struct TypeName {
  std::string operator()(const ExecutionStarted&) const { return "ExecutionStarted"; }
  std::string operator()(const ExecutionSucceeded&) const { return "ExecutionSucceeded"; }
  std::string operator()(const ExecutionFailed&) const { return "ExecutionFailed"; }
  std::string operator()(const ExecutionAborted&) const { return "ExecutionAborted"; }
  std::string operator()(const ExecutionTimedOut&) const { return "ExecutionTimedOut"; }
  std::string operator()(const StateEntered& body) const {
    return state_type_name(body.type) + "StateEntered";
  }
  std::string operator()(const StateExited& body) const {
    return state_type_name(body.type) + "StateExited";
  }
  std::string operator()(const StateAborted& body) const {
    return state_type_name(body.type) + "StateAborted";
  }
  std::string operator()(const TaskScheduled& body) const {
    return task_prefix(body.kind) + "Scheduled";
  }
  std::string operator()(const TaskStarted& body) const {
    return task_prefix(body.kind) + "Started";
  }
  std::string operator()(const TaskSubmitted&) const { return "TaskSubmitted"; }
  std::string operator()(const TaskSucceeded& body) const {
    return task_prefix(body.kind) + "Succeeded";
  }
  std::string operator()(const TaskFailed& body) const {
    static constexpr const char* kNames[] = {
        "", "Failed", "TimedOut", "ScheduleFailed", "StartFailed", "SubmitFailed"};
    return task_prefix(body.kind) + kNames[static_cast<int>(body.failure)];
  }
  std::string operator()(const ParallelStarted&) const { return "ParallelStateStarted"; }
  std::string operator()(const MapStarted&) const { return "MapStateStarted"; }
  std::string operator()(const MapIterationStarted&) const { return "MapIterationStarted"; }
  std::string operator()(const MapIterationEnded& body) const {
    static constexpr const char* kNames[] = {"", "Succeeded", "Failed", "Aborted"};
    return std::string("MapIteration") + kNames[static_cast<int>(body.end)];
  }
  std::string operator()(const ContainerSucceeded& body) const {
    return state_type_name(body.type) + "StateSucceeded";
  }
  std::string operator()(const ContainerFailed& body) const {
    return state_type_name(body.type) + "StateFailed";
  }
  std::string operator()(const EvaluationFailed&) const { return "EvaluationFailed"; }
  std::string operator()(const DistributedMapStarted&) const { return "MapStateStarted"; }
  std::string operator()(const MapRunStarted&) const { return "MapRunStarted"; }
  std::string operator()(const MapRunRedriven&) const { return "MapRunRedriven"; }
  std::string operator()(const MapRunEnded& body) const {
    static constexpr const char* kNames[] = {"", "Succeeded", "Failed", "Aborted"};
    return std::string("MapRun") + kNames[static_cast<int>(body.end)];
  }
  std::string operator()(const WaitStarted&) const { return "(WaitStarted)"; }
  std::string operator()(const HaltChanged&) const { return "(HaltChanged)"; }
  std::string operator()(const RetryScheduled&) const { return "(RetryScheduled)"; }
  std::string operator()(const FaultRaised&) const { return "(FaultRaised)"; }
  std::string operator()(const ExecutionRedriven&) const { return "ExecutionRedriven"; }
  std::string operator()(const ExecutionForked&) const { return "(ExecutionForked)"; }
};

inline std::string type_name(const Event& event) { return std::visit(TypeName(), event.body); }

// The members of the event's details, without the `...Details` of data; nothing where AWS has none.
class Details {
 public:
  explicit Details(json::Writer& writer) : writer_(writer) {}

  void operator()(const ExecutionStarted& body) {
    data("input", body.input);
    text("roleArn", body.role_arn);
  }
  void operator()(const ExecutionSucceeded& body) { data("output", body.output); }
  void operator()(const ExecutionFailed& body) { fault(body.fault); }
  void operator()(const ExecutionAborted& body) { fault(body.fault); }
  void operator()(const ExecutionTimedOut& body) { fault(body.fault); }
  void operator()(const StateEntered& body) {
    data("input", body.input);
    text("name", body.name);
  }
  void operator()(const StateExited& body) {
    if (body.assigned) {
      writer_.key("assignedVariables").begin_object();
      for (const json::Member& member : body.assigned->root().members()) {
        text(member.key.string(), json::print(member.value));
      }
      writer_.end_object();
    }
    text("name", body.name);
    data("output", body.output);
  }
  void operator()(const StateAborted&) {}
  void operator()(const TaskScheduled& body) {
    if (body.kind == TaskKind::kService) {
      data("parameters", body.parameters);
      text("region", body.region);
      text("resource", body.resource);
      text("resourceType", body.resource_type);
    } else {
      data("input", body.parameters);
      text("resource", body.resource);
    }
    if (body.timeout_seconds) number("timeoutInSeconds", *body.timeout_seconds);
    if (body.heartbeat_seconds) number("heartbeatInSeconds", *body.heartbeat_seconds);
    if (body.credentials_role_arn) {
      writer_.key("taskCredentials").begin_object();
      text("roleArn", *body.credentials_role_arn);
      writer_.end_object();
    }
  }
  void operator()(const TaskStarted& body) {
    resource(body);
    if (body.worker_name) text("workerName", *body.worker_name);
  }
  void operator()(const TaskSubmitted& body) {
    data("output", body.output);
    text("resource", body.resource);
    text("resourceType", body.resource_type);
  }
  void operator()(const TaskSucceeded& body) {
    data("output", body.output);
    resource(body);
  }
  void operator()(const TaskFailed& body) {
    fault(body.fault);
    resource(body);
  }
  void operator()(const ParallelStarted&) {}
  void operator()(const MapStarted& body) { number("length", body.length); }
  void operator()(const DistributedMapStarted& body) { number("length", body.length); }
  void operator()(const MapRunStarted& body) { text("mapRunArn", body.arn); }
  void operator()(const MapRunEnded& body) { fault(body.fault); }
  void operator()(const MapRunRedriven& body) {
    text("mapRunArn", body.arn);
    number("redriveCount", body.redrive_count);
  }
  void operator()(const MapIterationStarted& body) {
    number("index", body.index);
    text("name", body.name);
  }
  void operator()(const MapIterationEnded& body) {
    number("index", body.index);
    text("name", body.name);
  }
  void operator()(const ContainerSucceeded&) {}
  void operator()(const ContainerFailed&) {}
  void operator()(const EvaluationFailed& body) {
    fault(body.fault);
    if (body.location) text("location", *body.location);
    text("state", body.state);
  }
  void operator()(const WaitStarted& body) { number("due", body.due - kEpoch); }
  void operator()(const RetryScheduled& body) {
    number("retrier", body.retrier);
    number("due", body.due - kEpoch);
  }
  void operator()(const FaultRaised& body) {
    fault(body.fault);
    number("causedBy", body.caused_by);
    if (body.child != 0) number("child", body.child);
  }
  void operator()(const HaltChanged& body) {
    text("change", body.change == HaltChange::kHalts ? "halts" : "tries again");
    if (body.fault) fault(*body.fault);
  }
  void operator()(const ExecutionForked& body) {
    if (body.input) data("input", *body.input);
    number("target", body.target);
  }
  void operator()(const ExecutionRedriven& body) { number("redriveCount", body.redrive_count); }

 private:
  void text(std::string_view key, std::string_view value) { writer_.key(key).string(value); }
  void data(std::string_view key, const json::Value& value) { text(key, value.text()); }
  void number(std::string_view key, std::int64_t value) { writer_.key(key).integer(value); }
  void fault(const Fault& fault) {
    if (fault.error) text("error", *fault.error);
    if (fault.cause) text("cause", *fault.cause);
  }
  template <class Body>
  void resource(const Body& body) {
    if (body.kind != TaskKind::kService) return;
    text("resource", body.resource);
    text("resourceType", body.resource_type);
  }

  json::Writer& writer_;
};

inline std::string details(const Event& event) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  std::visit(Details(writer), event.body);
  writer.end_object();
  return out;
}

}  // namespace pawl::machine::test
