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
#include "services/states/search_indexing.h"

namespace pawl::states {

// The catalog's table of what is paused beside single executions: by a machine's ARN, or kAll.
inline constexpr std::string_view kPauseTable = "pauses";
inline constexpr std::string_view kAll = "*";

// What an engine is to begin with.
runtime::Pauses load_pauses(const runtime::Catalog& catalog);

// The catalog's table of search attributes, by machine: declared once, known to the engine.
inline constexpr std::string_view kSearchTable = "search";
void load_search(const runtime::Catalog& catalog, runtime::SearchDeclarations& declarations);

// The catalog's table of machines whose executions halt where they would fail, by ARN.
inline constexpr std::string_view kHaltTable = "halting";
void load_halting(const runtime::Catalog& catalog, runtime::HaltingMachines& machines);

class Operator {
 public:
  // All outlive the operator.
  Operator(runtime::Engine& engine, runtime::Catalog& catalog, Directory& directory,
           const Clock& clock)
      : engine_(engine),
        catalog_(catalog),
        directory_(directory),
        clock_(clock),
        indexing_(engine, catalog) {}

  void add_to(runtime::Operations& operations);
  // The table of pauses has changed: `done` runs when every execution obeys.
  void publish_pauses(std::function<void()> done);
  // At start-up: goes on with what the last process did in the background.
  void resume_indexing() { indexing_.resume(); }
  // The table of halting machines has changed.
  void publish_halting();

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;

  void pause(const Call& call, const Reply& reply);
  void resume(const Call& call, const Reply& reply);
  runtime::OperationResult list_pauses() const;

  // halting.cc
  void choose_on_failure(const Call& call, const Reply& reply);
  runtime::OperationResult list_halting(const Call& call) const;
  void continue_execution(const Call& call, const Reply& reply);
  void fail_execution(const Call& call, const Reply& reply);
  void try_again(const runtime::ExecutionId& id, const std::string& machine,
                 BulkOrder::Definition definition,
                 const std::function<void(runtime::TryAgainOutcome)>& done);

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
  runtime::OperationResult count_executions(const Call& call) const;

  // bulk.cc
  void bulk(const Call& call, const Reply& reply);
  void act(const BulkOrder& order, const runtime::SelectedPage::Match& match, const BulkDone& done);
  void delete_execution(const Call& call, const Reply& reply);
  // With the children of its Map Runs.
  void erase(const runtime::ExecutionId& id,
             const std::function<void(runtime::EraseOutcome)>& done);
  // From a place in its Map Runs' lists on: rows that are gone cost those who pass them again.
  struct ErasedUntil;
  void erase_children(ErasedUntil place, const std::function<void(runtime::EraseOutcome)>& done);
  // What a call is about: an execution's ARN, a machine's, or kAll.
  ::pawl::Result<std::string, runtime::ServiceError> read_target(const Call& call) const;

  runtime::Engine& engine_;
  runtime::Catalog& catalog_;
  Directory& directory_;
  const Clock& clock_;
  SearchIndexing indexing_;
  std::mutex publishing_;
};

// {"since": ..., "by": ..., "reason": ...} without what is empty, into an open object.
void write_pause(json::Writer& out, const runtime::Pause& pause);

}  // namespace pawl::states
