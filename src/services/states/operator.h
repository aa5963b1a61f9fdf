// What whoever operates the server does with executions, beyond the API of Step Functions
// (docs/operate.md): pause and resume, many at once, search. Pawl's own operations, under the
// signing name "pawl".
#pragma once

#include <functional>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "json/writer.h"
#include "runtime/catalog.h"
#include "runtime/engine.h"
#include "runtime/operations.h"
#include "runtime/search_query.h"
#include "services/states/bulk.h"
#include "services/states/directory.h"

namespace pawl::states {

// The catalog's table of what is paused beside single executions: by a machine's ARN, or kAll.
inline constexpr std::string_view kPauseTable = "pauses";
inline constexpr std::string_view kAll = "*";

// What an engine is to begin with.
runtime::Pauses load_pauses(const runtime::Catalog& catalog);

// The catalog's table of search attributes, by machine: declared once, known to the engine.
inline constexpr std::string_view kSearchTable = "search";
void load_search(const runtime::Catalog& catalog, runtime::SearchDeclarations& declarations);

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

  // search.cc
  void declare_search(const Call& call, const Reply& reply);
  void remove_search(const Call& call, const Reply& reply);
  runtime::OperationResult list_search(const Call& call) const;
  // Changes what a machine has declared: its attributes, the numbers of those that are gone, the
  // next number. Answers why not, or nothing.
  using SearchChange = std::function<std::string(runtime::SearchAttributes&,
                                                 std::vector<std::uint32_t>&, std::uint32_t&)>;
  void change_search(const std::string& machine, const Reply& reply, SearchChange change);
  ::pawl::Result<std::vector<runtime::SearchCondition>, runtime::ServiceError> read_where(
      const Fields& fields, const runtime::Selection& selection) const;

  // list.cc
  runtime::OperationResult list_executions(const Call& call) const;

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
