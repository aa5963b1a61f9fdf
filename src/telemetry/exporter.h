// Sends traces of executions to an OpenTelemetry collector (OTLP over HTTP, JSON), in batches, on a
// thread of its own. Invariant: nothing of it holds up an execution. The queue is bounded; what a
// slow collector leaves no room for is dropped and counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/execution_log.h"
#include "telemetry/fact.h"

namespace pawl::telemetry {

struct ExporterOptions {
  std::string endpoint;              // "http://collector:4318"; spans go to its /v1/traces
  std::vector<std::string> headers;  // "Name: value", of every request
  std::string service_name = "pawl";
  std::string ca_bundle;  // PEM; empty: the system's
  std::size_t facts_waiting_max = 100'000;
  std::size_t executions_max = 100'000;  // open ones remembered; others are read again
  std::size_t batch_spans_max = 512;
  std::chrono::milliseconds batch_delay{1'000};  // a span waits so long for others
  std::chrono::milliseconds timeout{10'000};     // of one request
  std::chrono::milliseconds retry_delay{1'000};  // doubled from attempt to attempt
  int attempts_max = 5;
  std::chrono::milliseconds stop_timeout{3'000};  // for what is left when the exporter ends
};

class Exporter {
 public:
  struct Counters {
    std::uint64_t spans_exported = 0;
    std::uint64_t spans_dropped = 0;  // the collector would not take them
    std::uint64_t facts_dropped = 0;  // the queue was full; their executions are read again
  };
  // The facts of an execution up to now; nothing when it keeps no history.
  using History = std::function<std::optional<ExecutionFacts>(const runtime::ExecutionId&)>;

  Exporter(ExporterOptions options, History history);
  // Exports what is left, within its time.
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  // For every execution; may outlive the exporter.
  std::shared_ptr<const runtime::ExecutionLog> log() const;
  Counters counters() const;

 private:
  class Queue;
  class Log;
  class Loop;
  std::shared_ptr<Queue> queue_;
  std::unique_ptr<Loop> loop_;
};

}  // namespace pawl::telemetry
