#include "services/states/history_event.h"

#include <cctype>
#include <string>

#include "services/states/fields.h"

namespace pawl::states {

namespace {

using namespace machine;  // NOLINT: the event types, by their own names

std::string_view name_of(StateType type) {
  switch (type) {
    case StateType::kPass:
      return "Pass";
    case StateType::kTask:
      return "Task";
    case StateType::kChoice:
      return "Choice";
    case StateType::kWait:
      return "Wait";
    case StateType::kSucceed:
      return "Succeed";
    case StateType::kFail:
      return "Fail";
    case StateType::kParallel:
      return "Parallel";
    case StateType::kMap:
      return "Map";
  }
  return "";
}

std::string_view family_of(TaskKind kind) {
  switch (kind) {
    case TaskKind::kLambdaFunction:
      return "LambdaFunction";
    case TaskKind::kActivity:
      return "Activity";
    case TaskKind::kService:
      return "Task";
  }
  return "";
}

std::string_view name_of(TaskFailure failure) {
  switch (failure) {
    case TaskFailure::kFailed:
      return "Failed";
    case TaskFailure::kTimedOut:
      return "TimedOut";
    case TaskFailure::kScheduleFailed:
      return "ScheduleFailed";
    case TaskFailure::kStartFailed:
      return "StartFailed";
    case TaskFailure::kSubmitFailed:
      return "SubmitFailed";
  }
  return "";
}

std::string_view name_of(MapIterationEnd end) {
  switch (end) {
    case MapIterationEnd::kSucceeded:
      return "Succeeded";
    case MapIterationEnd::kFailed:
      return "Failed";
    case MapIterationEnd::kAborted:
      return "Aborted";
  }
  return "";
}

std::string_view name_of(MapRunEnd end) {
  switch (end) {
    case MapRunEnd::kSucceeded:
      return "Succeeded";
    case MapRunEnd::kFailed:
      return "Failed";
    case MapRunEnd::kAborted:
      return "Aborted";
  }
  return "";
}

std::string joined(std::string_view left, std::string_view right) {
  return std::string(left).append(right);
}

struct TypeName {
  std::string operator()(const ExecutionStarted&) { return "ExecutionStarted"; }
  std::string operator()(const ExecutionSucceeded&) { return "ExecutionSucceeded"; }
  std::string operator()(const ExecutionFailed&) { return "ExecutionFailed"; }
  std::string operator()(const ExecutionAborted&) { return "ExecutionAborted"; }
  std::string operator()(const ExecutionTimedOut&) { return "ExecutionTimedOut"; }
  std::string operator()(const StateEntered& e) { return joined(name_of(e.type), "StateEntered"); }
  std::string operator()(const StateExited& e) { return joined(name_of(e.type), "StateExited"); }
  std::string operator()(const StateAborted& e) { return joined(name_of(e.type), "StateAborted"); }
  std::string operator()(const TaskScheduled& e) { return joined(family_of(e.kind), "Scheduled"); }
  std::string operator()(const TaskStarted& e) { return joined(family_of(e.kind), "Started"); }
  std::string operator()(const TaskSubmitted&) { return "TaskSubmitted"; }
  std::string operator()(const TaskSucceeded& e) { return joined(family_of(e.kind), "Succeeded"); }
  std::string operator()(const TaskFailed& e) {
    return joined(family_of(e.kind), name_of(e.failure));
  }
  std::string operator()(const ParallelStarted&) { return "ParallelStateStarted"; }
  std::string operator()(const MapStarted&) { return "MapStateStarted"; }
  std::string operator()(const MapIterationStarted&) { return "MapIterationStarted"; }
  std::string operator()(const MapIterationEnded& e) {
    return joined("MapIteration", name_of(e.end));
  }
  std::string operator()(const ContainerSucceeded& e) {
    return joined(name_of(e.type), "StateSucceeded");
  }
  std::string operator()(const ContainerFailed& e) {
    return joined(name_of(e.type), "StateFailed");
  }
  std::string operator()(const EvaluationFailed&) { return "EvaluationFailed"; }
  std::string operator()(const DistributedMapStarted&) { return "MapStateStarted"; }
  std::string operator()(const MapRunStarted&) { return "MapRunStarted"; }
  std::string operator()(const MapRunEnded& e) { return joined("MapRun", name_of(e.end)); }
  std::string operator()(const MapRunRedriven&) { return "MapRunRedriven"; }
  // Hidden events have no name to show.
  std::string operator()(const WaitStarted&) { return {}; }
  std::string operator()(const RetryScheduled&) { return {}; }
  std::string operator()(const FaultRaised&) { return {}; }
  std::string operator()(const HaltChanged&) { return {}; }
  std::string operator()(const ExecutionRedriven&) { return "ExecutionRedriven"; }
  std::string operator()(const ExecutionForked&) { return {}; }
};

// Writes the `...EventDetails` member, for the events that have one.
class Details {
 public:
  Details(json::Writer& out, std::string_view type, HistoryData data, const Qualifiers& qualifiers)
      : out_(out), type_(type), data_(data), qualifiers_(qualifiers) {}
  // Under a name of their own, which is there for events without details too.
  Details(json::Writer& out, std::string_view type, HistoryData data, const Qualifiers& qualifiers,
          std::string_view name)
      : Details(out, type, data, qualifiers) {
    name_ = name;
  }
  bool opened() const { return opened_; }

  void operator()(const ExecutionStarted& e) {
    open(type_);
    payload("input", e.input);
    out_.key("roleArn").string(e.role_arn);
    optional("stateMachineAliasArn", qualifiers_.alias_arn);
    optional("stateMachineVersionArn", qualifiers_.version_arn);
    close();
  }
  void operator()(const ExecutionSucceeded& e) {
    open(type_);
    payload("output", e.output);
    close();
  }
  void operator()(const ExecutionFailed& e) { fault_only(e.fault); }
  void operator()(const ExecutionAborted& e) { fault_only(e.fault); }
  void operator()(const ExecutionTimedOut& e) { fault_only(e.fault); }
  void operator()(const StateEntered& e) {
    open("stateEntered");
    out_.key("name").string(e.name);
    payload("input", e.input);
    close();
  }
  void operator()(const StateExited& e) {
    open("stateExited");
    out_.key("name").string(e.name);
    payload("output", e.output);
    if (e.assigned) assigned(*e.assigned);
    close();
  }
  void operator()(const TaskScheduled& e) {
    open(type_);
    service(e.resource_type, e.resource);
    if (e.kind == TaskKind::kService) {
      out_.key("region").string(e.region);
      const bool shown = name_.empty() || data_ == HistoryData::kIncluded;
      if (shown) out_.key("parameters").string(e.parameters.text());
    } else {
      payload("input", e.parameters);
    }
    if (e.timeout_seconds) out_.key("timeoutInSeconds").integer(*e.timeout_seconds);
    if (e.heartbeat_seconds) out_.key("heartbeatInSeconds").integer(*e.heartbeat_seconds);
    if (e.credentials_role_arn) {
      out_.key("taskCredentials").begin_object().key("roleArn").string(*e.credentials_role_arn);
      out_.end_object();
    }
    close();
  }
  void operator()(const TaskStarted& e) {
    if (e.kind == TaskKind::kLambdaFunction) return;
    open(type_);
    if (e.kind == TaskKind::kService) service(e.resource_type, e.resource);
    if (e.worker_name) out_.key("workerName").string(*e.worker_name);
    close();
  }
  void operator()(const TaskSubmitted& e) { outcome(TaskKind::kService, e); }
  void operator()(const TaskSucceeded& e) { outcome(e.kind, e); }
  void operator()(const TaskFailed& e) {
    open(type_);
    if (e.kind == TaskKind::kService) service(e.resource_type, e.resource);
    fault(e.fault);
    close();
  }
  void operator()(const MapStarted& e) { length(e.length); }
  void operator()(const DistributedMapStarted& e) { length(e.length); }
  void operator()(const MapRunStarted& e) {
    open(type_);
    out_.key("mapRunArn").string(e.arn);
    close();
  }
  void operator()(const MapRunRedriven& e) {
    open(type_);
    out_.key("mapRunArn").string(e.arn).key("redriveCount").integer(e.redrive_count);
    close();
  }
  void operator()(const MapRunEnded& e) {
    if (e.end == MapRunEnd::kFailed) fault_only(e.fault);
  }
  void operator()(const MapIterationStarted& e) { iteration(e.name, e.index); }
  void operator()(const MapIterationEnded& e) { iteration(e.name, e.index); }
  void operator()(const EvaluationFailed& e) {
    open(type_);
    fault(e.fault);
    if (e.location) out_.key("location").string(*e.location);
    out_.key("state").string(e.state);
    close();
  }
  void operator()(const StateAborted&) {}
  void operator()(const ParallelStarted&) {}
  void operator()(const ContainerSucceeded&) {}
  void operator()(const ContainerFailed&) {}
  void operator()(const WaitStarted&) {}
  void operator()(const RetryScheduled&) {}
  void operator()(const FaultRaised&) {}
  void operator()(const HaltChanged&) {}
  void operator()(const ExecutionForked&) {}
  void operator()(const ExecutionRedriven& e) {
    open(type_);
    out_.key("redriveCount").integer(e.redrive_count);
    close();
  }

 private:
  // "TaskScheduled" -> "taskScheduledEventDetails".
  void open(std::string_view type) {
    opened_ = true;
    if (!name_.empty()) {
      out_.key(name_).begin_object();
      return;
    }
    std::string key(type);
    key[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(key[0])));
    out_.key(key + "EventDetails").begin_object();
  }
  void close() { out_.end_object(); }

  void optional(std::string_view name, std::string_view text) {
    if (!text.empty()) out_.key(name).string(text);
  }
  void payload(std::string_view name, const json::Value& value) {
    if (data_ == HistoryData::kLeftOut) return;
    out_.key(name).string(value.text());
    out_.key(joined(name, "Details")).begin_object().key("truncated").boolean(false).end_object();
  }
  void fault(const Fault& fault) {
    if (fault.error) out_.key("error").string(*fault.error);
    if (fault.cause) out_.key("cause").string(*fault.cause);
  }
  void fault_only(const Fault& what) {
    open(type_);
    fault(what);
    close();
  }
  void service(std::string_view resource_type, std::string_view resource) {
    if (!resource_type.empty()) out_.key("resourceType").string(resource_type);
    out_.key("resource").string(resource);
  }
  template <class Event>
  void outcome(TaskKind kind, const Event& e) {
    open(type_);
    if (kind == TaskKind::kService) service(e.resource_type, e.resource);
    payload("output", e.output);
    close();
  }
  void length(std::int64_t items) {
    open(type_);
    out_.key("length").integer(items);
    close();
  }
  void iteration(std::string_view name, std::int64_t index) {
    open(type_);
    out_.key("name").string(name).key("index").integer(index);
    close();
  }
  // Each variable's value is shown as JSON text.
  void assigned(const json::Value& variables) {
    if (data_ == HistoryData::kLeftOut) return;
    out_.key("assignedVariables").begin_object();
    for (const json::Member& member : variables.root().members()) {
      out_.key(member.key.string()).string(json::print(member.value));
    }
    out_.end_object();
    out_.key("assignedVariablesDetails").begin_object().key("truncated").boolean(false);
    out_.end_object();
  }

  json::Writer& out_;
  std::string_view type_;
  HistoryData data_;
  const Qualifiers& qualifiers_;
  std::string_view name_ = {};
  bool opened_ = false;
};

}  // namespace

std::string type_name(const Event& event) { return std::visit(TypeName{}, event.body); }

void write_history_event(json::Writer& out, const Event& event, HistoryData data,
                         const Qualifiers& qualifiers) {
  const std::string type = type_name(event);
  out.begin_object();
  out.key("timestamp");
  write_time(out, event.time);
  out.key("type").string(type);
  out.key("id").integer(event.id);
  out.key("previousEventId").integer(event.previous);
  std::visit(Details(out, type, data, qualifiers), event.body);
  if (event.id <= qualifiers.inherited) out.key("inherited").boolean(true);
  out.end_object();
}

void write_event_details(json::Writer& out, const Event& event, HistoryData data) {
  constexpr std::string_view kName = "details";
  const std::string type = type_name(event);
  const Qualifiers none;
  Details details(out, type, data, none, kName);
  std::visit(details, event.body);
  if (!details.opened()) out.key(kName).begin_object().end_object();
}

}  // namespace pawl::states
