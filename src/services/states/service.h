// Step Functions' API operations as plain functions over the engine and the catalog
// (reference/step-functions.md A3, A4). One file a family; wire names and protocols are the API
// layer's.
#pragma once

#include <functional>
#include <memory>

#include "asl/parse.h"
#include "base/clock.h"
#include "base/rng.h"
#include "runtime/catalog.h"
#include "runtime/engine.h"
#include "runtime/listing.h"
#include "runtime/logs.h"
#include "runtime/operations.h"
#include "services/states/arns.h"
#include "services/states/directory.h"
#include "services/states/operator.h"
#include "services/states/revisions.h"
#include "services/states/start.h"

namespace pawl::states {

class Service {
 public:
  // All outlive the service. `random` draws an alias's version; called from any thread.
  Service(runtime::Engine& engine, runtime::Catalog& catalog, Directory& directory,
          runtime::Logs& logs, const Clock& clock, std::function<std::uint64_t()> random);

  // Adds every operation to the table, under the signing name "states". The table outlives the
  // service: it also says what tasks can call.
  void add_to(runtime::Operations& operations);

  // Goes on with what the last process had not finished: deleting machines, indexing executions.
  void resume_unfinished();

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;
  using Result = runtime::OperationResult;

  // machines.cc
  void create_machine(const Call& call, const Reply& reply);
  void update_machine(const Call& call, const Reply& reply);
  void delete_machine(const Call& call, const Reply& reply);
  Result describe_machine(const Call& call);
  Result list_machines(const Call& call);
  Result validate_definition(const Call& call);
  Result describe_machine_for_execution(const Call& call);

  // versions.cc
  void publish_version(const Call& call, const Reply& reply);
  void delete_version(const Call& call, const Reply& reply);
  Result list_versions(const Call& call);

  // aliases.cc
  void create_alias(const Call& call, const Reply& reply);
  void update_alias(const Call& call, const Reply& reply);
  void delete_alias(const Call& call, const Reply& reply);
  Result describe_alias(const Call& call);
  Result list_aliases(const Call& call);

  // redrive.cc
  void redrive_execution(const Call& call, const Reply& reply);
  // The reason as DescribeExecution words it; empty: it may be redriven.
  std::string_view why_not_redrivable(const runtime::Summary& summary) const;

  // explain.cc
  void explain_execution(const Call& call, const Reply& reply);

  // fork.cc
  void fork_execution(const Call& call, const Reply& reply);
  ::pawl::Result<runtime::ForkRequest, ServiceError> read_fork(const Fields& fields) const;

  // executions.cc
  void start_execution(const Call& call, const Reply& reply);
  // Makes the log group of a machine that was created or updated, where there is none.
  void make_log_group(const json::Value& logging, const std::function<void()>& done);
  // start.cc
  ::pawl::Result<StartTarget, ServiceError> find_start_target(const Fields& fields) const;
  ::pawl::Result<Start, ServiceError> read_start(const Fields& fields,
                                                 const StartTarget& target) const;
  // express.cc
  void start_express(Start start, const Reply& reply);
  void start_sync_execution(const Call& call, const Reply& reply);
  // test_state.cc
  void test_state(const Call& call, const Reply& reply);
  // map_runs.cc
  Result describe_map_run(const Call& call);
  Result list_map_runs(const Call& call);
  void update_map_run(const Call& call, const Reply& reply);

  void stop_execution(const Call& call, const Reply& reply);
  Result describe_execution(const Call& call);
  Result list_executions(const Call& call);
  // execution_history.cc
  Result get_execution_history(const Call& call);

  // activities.cc
  void create_activity(const Call& call, const Reply& reply);
  void delete_activity(const Call& call, const Reply& reply);
  Result describe_activity(const Call& call);
  Result list_activities(const Call& call);
  runtime::Withdraw get_activity_task(const Call& call, const Reply& reply);

  // task_answers.cc
  void send_task_success(const Call& call, const Reply& reply);
  void send_task_failure(const Call& call, const Reply& reply);
  void send_task_heartbeat(const Call& call, const Reply& reply);

  // tags.cc
  void tag_resource(const Call& call, const Reply& reply);
  void untag_resource(const Call& call, const Reply& reply);
  Result list_tags(const Call& call);

  // The record of an unqualified machine ARN, or StateMachineDoesNotExist.
  ::pawl::Result<std::shared_ptr<const MachineRecord>, ServiceError> find_machine(
      std::string_view arn) const;
  // What an ARN of a state machine names: the machine itself, a version of it, or the version that
  // an alias draws; of a machine that is being deleted always the machine itself.
  struct Revision {
    std::shared_ptr<const MachineRecord> machine;  // as it is, or as that version has it
    std::int64_t version = 0;                      // 0: unqualified
    std::string alias;
  };
  ::pawl::Result<Revision, ServiceError> find_revision(const Arn& arn) const;
  std::optional<VersionRecord> find_version(std::string_view machine_arn,
                                            std::int64_t number) const;
  // Parse options for definitions that are given now.
  asl::ParseOptions parse_options(std::string_view type) const;
  ::pawl::Result<MachineRecord, ServiceError> read_new_machine(const Call& call) const;
  // InvalidDefinition, or nothing; what a valid one may trip over is logged under the name.
  ::pawl::Result<void, ServiceError> check_definition(std::string_view definition,
                                                      std::string_view type,
                                                      std::string_view name) const;
  // Stops what still runs of a machine that is being deleted, then removes its record. Replies when
  // the record is gone, or at once when something has to be stopped first.
  void finish_deletion(const std::string& arn, const Reply& reply);
  std::string new_uuid() const;

  runtime::Engine& engine_;
  runtime::Catalog& catalog_;
  Directory& directory_;
  runtime::Logs& logs_;
  const Clock& clock_;
  std::function<std::uint64_t()> random_;
  Operator operator_;
  const runtime::Operations* operations_ = nullptr;  // what add_to was given
};

// "RUNNING" ... as the API names it.
std::string_view name_of(machine::Status status);
std::optional<machine::Status> status_of(std::string_view name);

// The machine as it stands in an update: StateMachineDoesNotExist or StateMachineDeleting.
Result<MachineRecord, ServiceError> stored_machine(const runtime::Catalog::View& view,
                                                   std::string_view arn);
runtime::Catalog::Change store_machine(const MachineRecord& machine);
ServiceError machine_deleting(std::string_view arn);
// A Distributed Map's sub-machine where the API takes none.
ServiceError labelled_arn_refused();

// The tags table's record of `tags` ([{key, value}...]) put over `existing`; later keys win.
std::string merge_tags(std::string_view existing, const json::Node& tags);
// ValidationException when a key is one that only AWS may give.
Result<void, ServiceError> check_tags(const json::Node& tags);
// How many tags a record holds.
std::size_t count_tags(std::string_view record);
inline constexpr std::size_t kTagsMax = 50;

}  // namespace pawl::states
