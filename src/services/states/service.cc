#include "services/states/service.h"

#include <utility>

#include "services/states/fields.h"

namespace pawl::states {

Service::Service(runtime::Engine& engine, runtime::Catalog& catalog, Directory& directory,
                 const Clock& clock)
    : engine_(engine), catalog_(catalog), directory_(directory), clock_(clock) {}

void Service::add_to(runtime::Operations& operations) {
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
  replied("StartExecution", &Service::start_execution);
  replied("StartSyncExecution", &Service::start_sync_execution);
  replied("StopExecution", &Service::stop_execution);
  answered("DescribeExecution", &Service::describe_execution);
  answered("ListExecutions", &Service::list_executions);
  answered("GetExecutionHistory", &Service::get_execution_history);
  replied("CreateActivity", &Service::create_activity);
  replied("DeleteActivity", &Service::delete_activity);
  answered("DescribeActivity", &Service::describe_activity);
  answered("ListActivities", &Service::list_activities);
  replied("GetActivityTask", &Service::get_activity_task);
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

}  // namespace pawl::states
