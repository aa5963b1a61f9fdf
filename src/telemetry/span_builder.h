// From the facts of one execution, in order, to its spans: one a state visit, and the execution's
// own as their root. A pure function of the facts: told again, they give the same spans.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "telemetry/fact.h"
#include "telemetry/span.h"

namespace pawl::telemetry {

class SpanBuilder {
 public:
  SpanBuilder(std::string execution_arn, std::string_view trace_header);

  // Appends the spans that this fact ends.
  void apply(const Fact& fact, std::vector<Span>& ended);

  // Id of the last visible event told of: the next one's is one more.
  machine::EventId last() const { return last_; }
  bool closed() const { return closed_; }
  const std::string& execution_arn() const { return arn_; }

 private:
  struct Visit {
    machine::EventId entered = 0;
    std::string parent;  // span
    std::string name;
    machine::StateType type{};
    WallMillis start = 0;
    std::string resource;
    std::int32_t retries = 0;
    std::string error;
    std::string cause;
    machine::EventId opened = 0;  // event with which it opened strands; 0: none
  };
  enum class Outcome { kSucceeded, kFailed };

  void enter(const Fact& fact);
  void leave(machine::StrandId strand, WallMillis time, Outcome outcome, std::vector<Span>& ended);
  void leave_below(const std::string& span, WallMillis time, std::vector<Span>& ended);
  void end(const Fact& fact, std::vector<Span>& ended);
  Visit* find(machine::StrandId strand);

  const std::string arn_;
  const runtime::ExecutionId id_;
  const TraceContext context_;
  const std::string root_;
  WallMillis start_ = 0;
  machine::EventId last_ = 0;
  bool closed_ = false;
  std::map<machine::StrandId, Visit> open_;
  std::map<machine::StrandId, std::string> parents_;    // span that a strand runs below
  std::map<machine::EventId, std::string> containers_;  // ParallelStarted -> span
};

}  // namespace pawl::telemetry
