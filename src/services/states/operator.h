// What whoever operates the server does with executions, beyond the API of Step Functions
// (docs/operate.md): pause and resume, many at once. Pawl's own operations, under the signing name
// "pawl".
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "json/writer.h"
#include "runtime/catalog.h"
#include "runtime/engine.h"
#include "runtime/operations.h"
#include "services/states/bulk.h"
#include "services/states/directory.h"

namespace pawl::states {

// The catalog's table of what is paused beside single executions: by a machine's ARN, or kAll.
inline constexpr std::string_view kPauseTable = "pauses";
inline constexpr std::string_view kAll = "*";

// What an engine is to begin with.
runtime::Pauses load_pauses(const runtime::Catalog& catalog);

class Operator {
 public:
  // All outlive the operator.
  Operator(runtime::Engine& engine, runtime::Catalog& catalog, Directory& directory,
           const Clock& clock)
      : engine_(engine), catalog_(catalog), directory_(directory), clock_(clock) {}

  void add_to(runtime::Operations& operations);
  // The table of pauses has changed: `done` runs when every execution obeys.
  void publish_pauses(std::function<void()> done);

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;

  void pause(const Call& call, const Reply& reply);
  void resume(const Call& call, const Reply& reply);
  runtime::OperationResult list_pauses() const;

  // bulk.cc
  void bulk(const Call& call, const Reply& reply);
  void act(BulkAction action, const runtime::ExecutionId& id, const machine::Fault& fault,
           const BulkDone& done);
  void delete_execution(const Call& call, const Reply& reply);
  // With the children of its Map Runs.
  void erase(const runtime::ExecutionId& id,
             const std::function<void(runtime::EraseOutcome)>& done);
  void erase_children(const std::vector<std::string>& map_runs,
                      const std::function<void(runtime::EraseOutcome)>& done);
  // What a call is about: an execution's ARN, a machine's, or kAll.
  ::pawl::Result<std::string, runtime::ServiceError> read_target(const Call& call) const;

  runtime::Engine& engine_;
  runtime::Catalog& catalog_;
  Directory& directory_;
  const Clock& clock_;
  std::mutex publishing_;
};

// {"since": ..., "by": ..., "reason": ...} without what is empty, into an open object.
void write_pause(json::Writer& out, const runtime::Pause& pause);

}  // namespace pawl::states
