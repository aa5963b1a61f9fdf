#include "telemetry/fact.h"

#include <type_traits>
#include <variant>

#include "runtime/history.h"
#include "runtime/shard.h"

namespace pawl::telemetry {

namespace {

using Kind = Fact::Kind;

constexpr std::size_t kCauseBytesMax = 1'024;

// Cut between characters.
std::string beginning(const std::string& text) {
  std::size_t size = std::min(text.size(), kCauseBytesMax);
  while (size < text.size() && size > 0 && (text[size] & 0xC0) == 0x80) --size;
  return text.substr(0, size);
}

void set_fault(Fact& fact, const machine::Fault& fault) {
  fact.error = beginning(fault.error.value_or(""));
  fact.cause = beginning(fault.cause.value_or(""));
}

void end(Fact& fact, const char* status, const machine::Fault& fault) {
  fact.kind = Kind::kExecutionEnded;
  fact.name = status;
  set_fault(fact, fault);
}

// One overload an event; what a trace does not show is kOther, kept for its id.
struct Reader {
  Fact& fact;

  template <class Body>
  void operator()(const Body&) const {}

  void operator()(const machine::ExecutionStarted&) const { fact.kind = Kind::kExecutionStarted; }
  void operator()(const machine::ExecutionSucceeded&) const { end(fact, "SUCCEEDED", {}); }
  void operator()(const machine::ExecutionFailed& body) const { end(fact, "FAILED", body.fault); }
  void operator()(const machine::ExecutionAborted& body) const { end(fact, "ABORTED", body.fault); }
  void operator()(const machine::ExecutionTimedOut& body) const {
    end(fact, "TIMED_OUT", body.fault);
  }
  void operator()(const machine::ExecutionRedriven&) const { fact.kind = Kind::kExecutionRedriven; }
  void operator()(const machine::StateEntered& body) const {
    fact.kind = Kind::kStateEntered;
    fact.name = body.name;
    fact.type = body.type;
  }
  void operator()(const machine::StateExited&) const { fact.kind = Kind::kStateExited; }
  void operator()(const machine::StateAborted&) const { fact.kind = Kind::kStateAborted; }
  void operator()(const machine::TaskScheduled& body) const {
    fact.kind = Kind::kTaskScheduled;
    fact.name = body.kind == machine::TaskKind::kService ? body.resource_type + ":" + body.resource
                                                         : body.resource;
    fact.retries = body.retry_count;
  }
  void operator()(const machine::TaskFailed& body) const { fail(body.fault); }
  void operator()(const machine::EvaluationFailed& body) const { fail(body.fault); }
  void operator()(const machine::HaltChanged& body) const {
    if (body.fault) fail(*body.fault);
  }
  void operator()(const machine::FaultRaised& body) const {
    fail(body.fault);
    fact.child = body.child;
  }
  void operator()(const machine::ParallelStarted&) const { fact.kind = Kind::kContainerStarted; }
  void operator()(const machine::MapStarted&) const { fact.kind = Kind::kContainerStarted; }
  void operator()(const machine::MapIterationStarted& body) const {
    fact.kind = Kind::kIterationStarted;
    fact.child = body.child;
  }
  void operator()(const machine::MapIterationEnded& body) const {
    fact.kind = Kind::kIterationEnded;
    fact.child = body.child;
  }

  void fail(const machine::Fault& fault) const {
    fact.kind = Kind::kFailed;
    set_fault(fact, fault);
  }
};

}  // namespace

Fact fact_of(const machine::Event& event) {
  Fact fact;
  fact.id = event.id;
  fact.previous = event.previous;
  fact.time = event.time;
  fact.strand = event.strand;
  std::visit(Reader{fact}, event.body);
  return fact;
}

std::optional<ExecutionFacts> read_facts(const store::Store& store,
                                         const runtime::ExecutionId& id) {
  const auto summary = runtime::read_summary(store, id, runtime::Horizon{});
  if (!summary) return std::nullopt;
  ExecutionFacts read{summary->trace_header, {}};
  const runtime::HistoryWalk walk =
      runtime::walk_history(store, *summary, id, runtime::HistoryOrder::kForward, std::nullopt,
                            [&read](const machine::Event& event) {
                              read.facts.push_back(fact_of(event));
                              return true;
                            });
  if (!walk.damage.empty()) return std::nullopt;
  return read;
}

}  // namespace pawl::telemetry
