// Pawl's own state machines (decision D10): whatever takes long inside Pawl is a workflow that this
// engine runs, with internal tasks. They belong to a reserved account, which no caller can have, so
// that no list, description or start of the API reaches them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "asl/model.h"
#include "machine/fault.h"
#include "runtime/catalog.h"
#include "runtime/engine.h"

namespace pawl::runtime {

struct WorkflowTask {
  json::Value input;
  std::string execution;  // the name of the run that asks
};

class Workflows {
 public:
  static constexpr std::string_view kAccount = "pawl";
  // `Resource` of an internal task: this and its name with its version, "handle-resource:1".
  static constexpr std::string_view kResourcePrefix = "arn:aws:states:::pawl:";
  static constexpr std::string_view kResourceType = "pawl";

  using Reply = std::function<void(Result<json::Value, machine::Fault>)>;
  // Must not block. A task that is delivered again after a crash comes with the same input.
  using Task = std::function<void(const WorkflowTask& task, Reply reply)>;

  // `catalog` outlives this. Everything is added before the engine runs.
  explicit Workflows(Catalog& catalog) : catalog_(catalog) {}

  // Names carry a version; inputs and answers are durable formats. A version that an open run may
  // ask for stays.
  void add_task(std::string_view name, Task run);
  // The current revision of a machine; blocks until it is durable, for runs outlive releases.
  void add_machine(std::string_view name, std::string_view definition);

  // Names the open runs that ask for a task which this release does not have; empty: none.
  std::string missing_tasks(Engine& engine) const;

  const Task* find_task(std::string_view name) const;
  // By content hash; nullptr when it is none of these machines'. Thread-safe.
  std::shared_ptr<const asl::Machine> definition(const std::string& hash) const;

  // Starts a run of the machine's current revision. The same name twice is the same run.
  void start(Engine& engine, std::string_view machine, std::string_view region,
             const std::string& execution, json::Value input,
             std::function<void(StartOutcome)> reply);

 private:
  std::string open_runs_of(const Engine& engine, store::Store& store, std::string_view machine,
                           const std::string& revision) const;

  Catalog& catalog_;
  std::map<std::string, Task, std::less<>> tasks_;
  std::map<std::string, std::string, std::less<>> current_;  // machine -> hash
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const asl::Machine>> parsed_;
};

}  // namespace pawl::runtime
