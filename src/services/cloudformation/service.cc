#include "services/cloudformation/service.h"

#include <future>
#include <utility>

#include "base/rng.h"
#include "services/cloudformation/types/types.h"
#include "services/cloudformation/workflow.h"

namespace pawl::cloudformation {

Service::Service(Parts parts) : parts_(parts), services_(parts.operations) {
  add_all_types(types_, *this);
  parts_.workflows.add_machine(kStackMachine, kStackDefinition);
  parts_.workflows.add_task(
      "next-phase:1", [this](const runtime::WorkflowTask& task, runtime::Workflows::Reply reply) {
        next_phase(task, reply);
      });
  parts_.workflows.add_task("handle-resource:1", [this](const runtime::WorkflowTask& task,
                                                        runtime::Workflows::Reply reply) {
    handle_resource(task, reply);
  });
}

void add_all_types(ResourceTypes& types, Service& service) {
  add_lambda_types(types);
  add_lambda_layer_types(types);
  add_lambda_source_types(types);
  add_stepfunctions_types(types);
  add_logs_types(types);
  add_iam_types(types);
  add_s3_types(types);
  add_ssm_types(types);
  add_codecommit_types(types);
  add_codepipeline_types(types);
  add_record_types(types);
  add_waiting_types(types, service);
  add_custom_resource_type(types, service);
  add_nested_stack_type(types, service);
}

void Service::add_to(runtime::Operations& operations) {
  // Operations may wait for other services: they have threads of their own.
  const auto add = [&](const char* name, Result (Service::*run)(const Call&)) {
    operations.add("cloudformation", name, [this, run](const Call& call, Reply reply) {
      api_.run([this, run, call, reply = std::move(reply)] { reply((this->*run)(call)); });
    });
  };
  add("CreateStack", &Service::create_stack);
  add("UpdateStack", &Service::update_stack);
  add("DeleteStack", &Service::delete_stack);
  add("CancelUpdateStack", &Service::cancel_update);
  add("ContinueUpdateRollback", &Service::continue_rollback);
  add("RollbackStack", &Service::rollback_stack);
  add("SetStackPolicy", &Service::set_policy);
  add("GetStackPolicy", &Service::get_policy);
  add("UpdateTerminationProtection", &Service::set_protection);
  add("DescribeStacks", &Service::describe_stacks);
  add("ListStacks", &Service::list_stacks);
  add("DescribeStackEvents", &Service::describe_events);
  add("DescribeStackResource", &Service::describe_resource);
  add("DescribeStackResources", &Service::describe_resources);
  add("ListStackResources", &Service::list_resources);
  add("ListExports", &Service::list_exports);
  add("ListImports", &Service::list_imports);
  add("GetTemplate", &Service::get_template);
  add("GetTemplateSummary", &Service::get_summary);
  add("ValidateTemplate", &Service::validate_template);
  add("CreateChangeSet", &Service::create_change_set);
  add("DescribeChangeSet", &Service::describe_change_set);
  add("ListChangeSets", &Service::list_change_sets);
  add("ExecuteChangeSet", &Service::execute_change_set);
  add("DeleteChangeSet", &Service::delete_change_set);
  add("SignalResource", &Service::signal_resource);
  operations.add("pawl", "PutStackSignal", [this](const Call& call, Reply reply) {
    api_.run([this, call, reply = std::move(reply)] { reply(take_signal(call)); });
  });
}

runtime::OperationResult Service::call(std::string_view operation,
                                       const runtime::Principal& principal, std::string input) {
  const Call call{principal, json::Value::trusted(std::move(input)), new_uuid()};
  if (operation == "CreateStack") return create_stack(call);
  if (operation == "UpdateStack") return update_stack(call);
  if (operation == "DeleteStack") return delete_stack(call);
  ENSURE(false, operation);
  return empty_answer();
}

void Service::stop() {
  api_.stop();
  work_.stop();
}

std::string Service::new_uuid() const {
  thread_local SystemRng rng;
  return make_uuid(rng);
}

void Service::resume() {
  std::vector<std::pair<std::string, std::string>> open;
  parts_.catalog.for_each(kOperationTable,
                          [&open](const std::string& stack_id, const std::string& record) {
                            open.emplace_back(stack_id, OperationRecord::from_json(record).id);
                          });
  // A run that there is already stays the one it is.
  for (const auto& [stack_id, operation] : open) {
    if (const auto stack = find_stack(stack_id)) start_run(*stack, operation);
  }
}

std::optional<StackRecord> Service::find_stack(const std::string& id) const {
  const auto record = parts_.catalog.get(kStackTable, id);
  if (!record) return std::nullopt;
  return StackRecord::from_json(*record);
}

std::optional<std::string> Service::stack_id_named(const runtime::Principal& principal,
                                                   const std::string& name) const {
  return parts_.catalog.get(kNameTable, principal.account + ":" + principal.region + ":" + name);
}

std::optional<ResourceRecord> Service::find_resource(const std::string& stack_id,
                                                     const std::string& logical_id) const {
  const auto record = parts_.catalog.get(kResourceTable, resource_key(stack_id, logical_id));
  if (!record) return std::nullopt;
  return ResourceRecord::from_json(*record);
}

std::optional<OperationRecord> Service::find_operation(const std::string& stack_id) const {
  const auto record = parts_.catalog.get(kOperationTable, stack_id);
  if (!record) return std::nullopt;
  return OperationRecord::from_json(*record);
}

void Service::edit(const std::string& stack_id, const std::function<void(StackEdit&)>& change) {
  const auto done = edit_checked(stack_id, [&change](StackEdit& edit) -> Checked<void> {
    change(edit);
    return {};
  });
  ENSURE(done.ok(), stack_id);
}

Service::Checked<void> Service::edit_checked(
    const std::string& stack_id, const std::function<Checked<void>(StackEdit&)>& change) {
  Checked<void> outcome;
  std::promise<void> durable;
  parts_.catalog.update(
      [&](const View& view) {
        const std::string* record = view.find(kStackTable, stack_id);
        if (record == nullptr) {
          outcome = Err{no_such_stack(stack_id)};
          return Changes();
        }
        StackEdit edit(view, StackRecord::from_json(*record), parts_.clock.wall_now());
        if (const auto operation = edit.operation()) edit.token = operation->token;
        outcome = change(edit);
        return outcome.ok() ? edit.finish() : Changes();
      },
      [&durable] { durable.set_value(); });
  durable.get_future().wait();
  return outcome;
}

}  // namespace pawl::cloudformation
