#include "services/states/service.h"

#include <utility>

#include "services/states/execution_history.h"
#include "services/states/fields.h"

namespace pawl::states {

Service::Service(runtime::Engine& engine, runtime::Catalog& catalog, Directory& directory,
                 runtime::Logs& logs, const Clock& clock, std::function<std::uint64_t()> random)
    : engine_(engine),
      catalog_(catalog),
      directory_(directory),
      logs_(logs),
      clock_(clock),
      random_(std::move(random)),
      operator_(engine, catalog, directory, clock) {}

void Service::add_to(runtime::Operations& operations) {
  operations_ = &operations;
  const auto answered = [&](const char* name, Result (Service::*run)(const Call&)) {
    operations.add("states", name,
                   [this, run](const Call& call, Reply reply) { reply((this->*run)(call)); });
  };
  const auto replied = [&](const char* name, void (Service::*run)(const Call&, const Reply&)) {
    operations.add("states", name,
                   [this, run](const Call& call, Reply reply) { (this->*run)(call, reply); });
  };
  replied("CreateStateMachine", &Service::create_machine);
  replied("UpdateStateMachine", &Service::update_machine);
  replied("DeleteStateMachine", &Service::delete_machine);
  answered("DescribeStateMachine", &Service::describe_machine);
  answered("ListStateMachines", &Service::list_machines);
  answered("ValidateStateMachineDefinition", &Service::validate_definition);
  answered("DescribeStateMachineForExecution", &Service::describe_machine_for_execution);
  replied("PublishStateMachineVersion", &Service::publish_version);
  replied("DeleteStateMachineVersion", &Service::delete_version);
  answered("ListStateMachineVersions", &Service::list_versions);
  replied("CreateStateMachineAlias", &Service::create_alias);
  replied("UpdateStateMachineAlias", &Service::update_alias);
  replied("DeleteStateMachineAlias", &Service::delete_alias);
  answered("DescribeStateMachineAlias", &Service::describe_alias);
  answered("ListStateMachineAliases", &Service::list_aliases);
  replied("StartExecution", &Service::start_execution);
  replied("StartSyncExecution", &Service::start_sync_execution);
  replied("TestState", &Service::test_state);
  replied("StopExecution", &Service::stop_execution);
  replied("RedriveExecution", &Service::redrive_execution);
  operations.add("pawl", "Explain",
                 [this](const Call& call, const Reply& reply) { explain_execution(call, reply); });
  operations.add("pawl", "Fork",
                 [this](const Call& call, const Reply& reply) { fork_execution(call, reply); });
  operations.add("pawl", "ReadHistory", [this](const Call& call, const Reply& reply) {
    reply(read_large_history(engine_, call));
  });
  operator_.add_to(operations);
  answered("DescribeMapRun", &Service::describe_map_run);
  answered("ListMapRuns", &Service::list_map_runs);
  replied("UpdateMapRun", &Service::update_map_run);
  answered("DescribeExecution", &Service::describe_execution);
  answered("ListExecutions", &Service::list_executions);
  answered("GetExecutionHistory", &Service::get_execution_history);
  replied("CreateActivity", &Service::create_activity);
  replied("DeleteActivity", &Service::delete_activity);
  answered("DescribeActivity", &Service::describe_activity);
  answered("ListActivities", &Service::list_activities);
  operations.add_waiting("states", "GetActivityTask", [this](const Call& call, const Reply& reply) {
    return get_activity_task(call, reply);
  });
  replied("SendTaskSuccess", &Service::send_task_success);
  replied("SendTaskFailure", &Service::send_task_failure);
  replied("SendTaskHeartbeat", &Service::send_task_heartbeat);
  replied("TagResource", &Service::tag_resource);
  replied("UntagResource", &Service::untag_resource);
  answered("ListTagsForResource", &Service::list_tags);
}

::pawl::Result<std::shared_ptr<const MachineRecord>, ServiceError> Service::find_machine(
    std::string_view arn) const {
  auto machine = directory_.machine(arn);
  if (machine) return machine;
  return Err{service_error("StateMachineDoesNotExist",
                           "State Machine Does Not Exist: '" + std::string(arn) + "'")};
}

std::string Service::new_uuid() const {
  thread_local SystemRng rng;
  return make_uuid(rng);
}

::pawl::Result<MachineRecord, ServiceError> stored_machine(const runtime::Catalog::View& view,
                                                           std::string_view arn) {
  const std::string* record = view.find(kMachineTable, arn);
  auto machine = record ? MachineRecord::from_json(json::Value::trusted(*record)) : std::nullopt;
  if (!machine) {
    return Err{service_error("StateMachineDoesNotExist",
                             "State Machine Does Not Exist: '" + std::string(arn) + "'")};
  }
  if (machine->deleting) return Err{machine_deleting(arn)};
  return std::move(*machine);
}

runtime::Catalog::Change store_machine(const MachineRecord& machine) {
  return {std::string(kMachineTable), machine.arn, std::string(machine.to_json().text())};
}

ServiceError machine_deleting(std::string_view arn) {
  return service_error("StateMachineDeleting",
                       "State Machine is being deleted: '" + std::string(arn) + "'");
}

ServiceError labelled_arn_refused() {
  ServiceError error = validation_error("Labelled state machine ARNs are not supported");
  error.members.emplace_back("reason", "\"API_DOES_NOT_SUPPORT_LABELED_ARNS\"");
  return error;
}

}  // namespace pawl::states
