#include "telemetry/span_builder.h"

#include <algorithm>
#include <utility>

namespace pawl::telemetry {

namespace {

const char* name_of(machine::StateType type) {
  using Type = machine::StateType;
  switch (type) {
    case Type::kPass:
      return "Pass";
    case Type::kTask:
      return "Task";
    case Type::kChoice:
      return "Choice";
    case Type::kWait:
      return "Wait";
    case Type::kSucceed:
      return "Succeed";
    case Type::kFail:
      return "Fail";
    case Type::kParallel:
      return "Parallel";
    case Type::kMap:
      return "Map";
  }
  return "";
}

std::string message_of(const std::string& error, const std::string& cause) {
  return error.empty() || cause.empty() ? error + cause : error + ": " + cause;
}

}  // namespace

SpanBuilder::SpanBuilder(std::string execution_arn, std::string_view trace_header)
    : arn_(std::move(execution_arn)),
      id_(runtime::id_of_execution(arn_)),
      context_(trace_context(id_, trace_header)),
      root_(span_id(id_, 0)) {}

void SpanBuilder::apply(const Fact& fact, std::vector<Span>& ended) {
  using Kind = Fact::Kind;
  if (fact.id != 0) last_ = fact.id;
  switch (fact.kind) {
    case Kind::kExecutionStarted:
      start_ = fact.time;
      return;
    case Kind::kExecutionEnded:
      return end(fact, ended);
    case Kind::kExecutionRedriven:
      closed_ = false;
      return;
    case Kind::kStateEntered:
      return enter(fact);
    case Kind::kStateExited:
      return leave(fact.strand, fact.time, Outcome::kSucceeded, ended);
    case Kind::kStateAborted:
      return leave(fact.strand, fact.time, Outcome::kFailed, ended);
    case Kind::kTaskScheduled:
      if (Visit* visit = find(fact.strand)) {
        visit->resource = fact.name;
        visit->retries = fact.retries;
        visit->error.clear();
        visit->cause.clear();
      }
      return;
    case Kind::kFailed:
      if (Visit* visit = find(fact.child != 0 ? fact.child : fact.strand)) {
        visit->error = fact.error;
        visit->cause = fact.cause;
      }
      return;
    case Kind::kContainerStarted:
      if (Visit* visit = find(fact.strand)) {
        if (visit->opened != 0) ++visit->retries;
        containers_.erase(std::exchange(visit->opened, fact.id));
        containers_[fact.id] = span_id(id_, visit->entered);
      }
      return;
    case Kind::kIterationStarted:
      if (const Visit* visit = find(fact.strand)) {
        parents_[fact.child] = span_id(id_, visit->entered);
      }
      return;
    case Kind::kIterationEnded:
      leave(fact.child, fact.time, Outcome::kFailed, ended);
      parents_.erase(fact.child);
      return;
    case Kind::kOther:
      return;
  }
}

SpanBuilder::Visit* SpanBuilder::find(machine::StrandId strand) {
  const auto found = open_.find(strand);
  return found == open_.end() ? nullptr : &found->second;
}

// A strand's first state follows the event that opened the strand.
void SpanBuilder::enter(const Fact& fact) {
  if (!parents_.contains(fact.strand)) {
    const auto container = containers_.find(fact.previous);
    parents_[fact.strand] = container == containers_.end() ? root_ : container->second;
  }
  Visit visit;
  visit.entered = fact.id;
  visit.parent = parents_[fact.strand];
  visit.name = fact.name;
  visit.type = fact.type;
  visit.start = fact.time;
  open_[fact.strand] = std::move(visit);
}

void SpanBuilder::leave(machine::StrandId strand, WallMillis time, Outcome outcome,
                        std::vector<Span>& ended) {
  auto found = open_.extract(strand);
  if (found.empty()) return;
  const Visit& visit = found.mapped();
  const std::string id = span_id(id_, visit.entered);
  if (visit.opened != 0) {
    leave_below(id, time, ended);
    containers_.erase(visit.opened);
  }
  if (!context_.sampled) return;
  Span span{.trace_id = context_.trace_id,
            .id = id,
            .parent = visit.parent,
            .name = visit.name,
            .start = visit.start,
            .end = time,
            .attributes = {{"pawl.execution.arn", arn_},
                           {"pawl.state.name", visit.name},
                           {"pawl.state.type", name_of(visit.type)}},
            .retries = visit.retries,
            .failed = outcome == Outcome::kFailed,
            .message = {}};
  if (!visit.resource.empty()) span.attributes.emplace_back("pawl.task.resource", visit.resource);
  if (!visit.error.empty()) span.attributes.emplace_back("error.type", visit.error);
  if (span.failed) span.message = message_of(visit.error, visit.cause);
  ended.push_back(std::move(span));
}

// What still runs below a Parallel or Map state ends with it.
void SpanBuilder::leave_below(const std::string& span, WallMillis time, std::vector<Span>& ended) {
  std::vector<machine::StrandId> strands;
  for (const auto& [strand, parent] : parents_) {
    if (parent == span) strands.push_back(strand);
  }
  for (const machine::StrandId strand : strands) {
    leave(strand, time, Outcome::kFailed, ended);
    parents_.erase(strand);
  }
}

void SpanBuilder::end(const Fact& fact, std::vector<Span>& ended) {
  const bool failed = fact.name != "SUCCEEDED";
  while (!open_.empty()) {
    Visit& visit = open_.begin()->second;
    if (visit.error.empty() && visit.cause.empty()) {
      visit.error = fact.error;
      visit.cause = fact.cause;
    }
    leave(open_.begin()->first, fact.time, Outcome::kFailed, ended);
  }
  parents_.clear();
  containers_.clear();
  closed_ = true;
  if (!context_.sampled) return;
  const auto names = runtime::parse_execution_arn(arn_);
  Span span{.trace_id = context_.trace_id,
            .id = root_,
            .parent = context_.parent,
            .name = names ? names->machine : arn_,
            .start = start_,
            .end = fact.time,
            .attributes = {{"pawl.execution.arn", arn_}, {"pawl.execution.status", fact.name}},
            .retries = 0,
            .failed = failed,
            .message = message_of(fact.error, fact.cause)};
  if (names)
    span.attributes.emplace_back("aws.step_functions.state_machine.arn", names->machine_arn());
  if (!fact.error.empty()) span.attributes.emplace_back("error.type", fact.error);
  ended.push_back(std::move(span));
}

}  // namespace pawl::telemetry
