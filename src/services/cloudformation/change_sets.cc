// Change sets: what an update would do, kept until somebody executes or deletes it.
#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "base/utc_text.h"
#include "runtime/execution_id.h"
#include "services/cloudformation/change_set_diff.h"
#include "services/cloudformation/service.h"

namespace pawl::cloudformation {

namespace {

using json::Writer;

// An executed change set is found by its ARN only: its name is free again.
std::string executed_key(const ChangeSetRecord& set) {
  return change_set_key(set.stack_id, "executed " + set.id);
}

Err<ServiceError> not_found(std::string_view name) {
  return Err{
      service_error("ChangeSetNotFound", fmt::format("ChangeSet [{}] does not exist", name), 404)};
}

std::string change_set_name_error(const std::string& name) {
  return fmt::format(
      "1 validation error detected: Value '{}' at 'changeSetName' failed to satisfy constraint: "
      "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*",
      name);
}

::pawl::Result<void, ServiceError> check_change_set_type(const std::string& type) {
  if (type == "CREATE" || type == "UPDATE") return {};
  if (type == "IMPORT") {
    return Err{validation_error("Importing resources into stacks is not supported by this server")};
  }
  return Err{validation_error(fmt::format(
      "1 validation error detected: Value '{}' at 'changeSetType' failed to satisfy constraint: "
      "Member must satisfy enum value set: [IMPORT, UPDATE, CREATE]",
      type))};
}

ChangeSetRecord change_set_for(const StackRecord& stack, const std::string& name,
                               const std::string& uuid, const Fields& fields) {
  ChangeSetRecord set;
  set.name = name;
  set.id =
      fmt::format("arn:{}:cloudformation:{}:{}:changeSet/{}/{}",
                  runtime::partition_of(stack.region), stack.region, stack.account, name, uuid);
  set.description = fields.text("Description");
  set.stack_id = stack.id;
  set.stack_name = stack.name;
  set.client_token = fields.text("ClientToken");
  if (fields.text("OnStackFailure") == "DELETE") set.on_failure = OnFailure::kDelete;
  if (fields.text("OnStackFailure") == "DO_NOTHING") set.on_failure = OnFailure::kDoNothing;
  return set;
}

std::string_view on_failure_name(OnFailure on_failure) {
  switch (on_failure) {
    case OnFailure::kRollback:
      return "ROLLBACK";
    case OnFailure::kDelete:
      return "DELETE";
    case OnFailure::kDoNothing:
      return "DO_NOTHING";
  }
  return "ROLLBACK";
}

void write_summary(Writer& out, const ChangeSetRecord& set) {
  out.begin_object();
  out.key("ChangeSetId").string(set.id).key("ChangeSetName").string(set.name);
  out.key("StackId").string(set.stack_id).key("StackName").string(set.stack_name);
  if (!set.description.empty()) out.key("Description").string(set.description);
  out.key("CreationTime").string(iso_time_millis(set.creation_time));
  out.key("ExecutionStatus").string(set.execution_status).key("Status").string(set.status);
  if (!set.status_reason.empty()) out.key("StatusReason").string(set.status_reason);
  out.key("IncludeNestedStacks").boolean(false).end_object();
}

// Which of the two texts is shown depends on whether the template has a transform.
std::string no_changes_reason(const Prepared& prepared) {
  return prepared.text == prepared.processed_text
             ? "The submitted information didn't contain changes. Submit different information to "
               "create a change set."
             : "No updates are to be performed.";
}

json::Value created_answer(const ChangeSetRecord& set) {
  std::string text;
  Writer(text)
      .begin_object()
      .key("Id")
      .string(set.id)
      .key("StackId")
      .string(set.stack_id)
      .end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

std::string Service::changes_of(const StackRecord& stack, const Prepared& prepared) const {
  std::map<std::string, ResourceRecord> resources;
  for (const auto& [key, text] : with_prefix(parts_.catalog, kResourceTable, stack.id + "#")) {
    ResourceRecord record = ResourceRecord::from_json(text);
    const bool gone = record.status == "DELETE_COMPLETE" || record.status == "DELETE_SKIPPED" ||
                      record.status == "CREATE_FAILED";
    if (!gone) resources.emplace(record.logical_id, std::move(record));
  }
  const auto old = stack.content.processed_hash.empty()
                       ? nullptr
                       : parsed_template(stack.content.processed_hash);
  const templates::Surroundings surroundings = surroundings_of(stack);
  templates::ConditionValues conditions;
  if (old != nullptr) {
    auto known = templates::evaluate_conditions(*old, stack.content.parameters, surroundings);
    if (known.ok()) conditions = std::move(*known);
  }
  const DiffSide before{old.get(), stack.content.parameters, conditions, surroundings,
                        stack.content.tags};
  const DiffSide after{prepared.parsed.get(), prepared.content.parameters, prepared.conditions,
                       surroundings, prepared.content.tags};
  return diff_stacks(types_, before, after, resources);
}

// The stack that a change set is for: it is there, or begins to be.
Service::Checked<StackRecord> Service::stack_for_change_set(const Call& call,
                                                            const std::string& type) {
  const Fields fields(call.input);
  const std::string name = TRY(fields.required("StackName"));
  auto found = stack_named(call, name, StackWords::kBracketed);
  if (type != "CREATE") {
    if (!found.ok()) return found;
    if (!may_be_updated(found->status)) {
      return Err{validation_error(fmt::format("Stack:{} is in {} state and can not be updated.",
                                              found->id, found->status))};
    }
    return found;
  }
  if (found.ok()) {
    if (found->status == "REVIEW_IN_PROGRESS") return found;
    return Err{validation_error(fmt::format(
        "Stack [{}] already exists and cannot be created again with the changeSet [{}].", name,
        fields.text("ChangeSetName")))};
  }
  TRY(check_stack_name(name));
  StackRecord stack;
  stack.name = name;
  stack.account = call.principal.account;
  stack.region = call.principal.region;
  stack.id = stack_arn(call.principal, name, new_uuid());
  stack.creation_time = parts_.clock.wall_now();
  return stack;
}

Service::Result Service::create_change_set(const Call& call) {
  const Fields fields(call.input);
  const std::string name = TRY(fields.required("ChangeSetName"));
  if (!check_stack_name(name).ok()) return Err{validation_error(change_set_name_error(name))};
  const std::string type = fields.has("ChangeSetType") ? fields.text("ChangeSetType") : "UPDATE";
  TRY(check_change_set_type(type));
  const StackRecord stack = TRY(stack_for_change_set(call, type));
  const bool is_new = stack.content.template_hash.empty();
  const Prepared prepared =
      TRY(prepare(call, stack, is_new ? nullptr : &stack.content, Expansion::kFree));
  ChangeSetRecord set = change_set_for(stack, name, new_uuid(), fields);
  set.type = type;
  set.creation_time = parts_.clock.wall_now();
  set.content = prepared.content;
  set.changes = changes_of(stack, prepared);
  const bool changes = is_new || changes_something(stack, prepared);
  set.status = changes ? "CREATE_COMPLETE" : "FAILED";
  set.execution_status = changes ? "AVAILABLE" : "UNAVAILABLE";
  if (!changes) set.status_reason = no_changes_reason(prepared);
  Result outcome = created_answer(set);
  std::promise<void> durable;
  parts_.catalog.update(
      [&](const View& view) {
        Changes written;
        const std::string key = change_set_key(stack.id, name);
        if (const std::string* record = view.find(kChangeSetTable, key)) {
          const ChangeSetRecord existing = ChangeSetRecord::from_json(*record);
          if (!set.client_token.empty() && existing.client_token == set.client_token) {
            outcome = created_answer(existing);
          } else {
            outcome = Err{service_error("AlreadyExistsException",
                                        fmt::format("ChangeSet {} already exists", name))};
          }
          return written;
        }
        prepared.store(written);
        written.push_back({std::string(kChangeSetTable), key, set.to_json()});
        if (view.find(kStackTable, stack.id) == nullptr) {
          if (view.find(kNameTable, stack.name_key()) != nullptr) {
            outcome = Err{service_error("AlreadyExistsException",
                                        fmt::format("Stack [{}] already exists", stack.name))};
            return Changes();
          }
          StackEdit edit(view, stack, parts_.clock.wall_now());
          edit.token = set.client_token;
          edit.set_status("REVIEW_IN_PROGRESS", "User Initiated");
          edit.stack().change_set_id = set.id;
          edit.change(kNameTable, stack.name_key(), stack.id);
          for (Change& change : edit.finish()) written.push_back(std::move(change));
        }
        return written;
      },
      [&durable] { durable.set_value(); });
  durable.get_future().wait();
  return outcome;
}

Service::Checked<ChangeSetRecord> Service::change_set_named(const Call& call) const {
  const Fields fields(call.input);
  const std::string name = TRY(fields.required("ChangeSetName"));
  if (name.starts_with("arn:")) {
    std::optional<ChangeSetRecord> found;
    parts_.catalog.for_each(kChangeSetTable, [&](const std::string&, const std::string& record) {
      if (found || record.find(name) == std::string::npos) return;
      ChangeSetRecord set = ChangeSetRecord::from_json(record);
      if (set.id == name) found = std::move(set);
    });
    if (!found) return not_found(name);
    return std::move(*found);
  }
  if (!fields.has("StackName")) {
    return Err{validation_error(
        "StackName must be specified if ChangeSetName is not specified as an ARN.")};
  }
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  const auto record = parts_.catalog.get(kChangeSetTable, change_set_key(stack.id, name));
  if (!record) return not_found(name);
  return ChangeSetRecord::from_json(*record);
}

Service::Result Service::describe_change_set(const Call& call) {
  const ChangeSetRecord set = TRY(change_set_named(call));
  const auto parsed = parsed_template(set.content.processed_hash);
  std::string text;
  Writer out(text);
  out.begin_object();
  out.key("ChangeSetName").string(set.name).key("ChangeSetId").string(set.id);
  out.key("StackId").string(set.stack_id).key("StackName").string(set.stack_name);
  if (!set.description.empty()) out.key("Description").string(set.description);
  out.key("Parameters").begin_array();
  for (const auto& [name, value] : set.content.parameters) {
    const templates::Parameter* declared = parsed ? parsed->parameter(name) : nullptr;
    out.begin_object().key("ParameterKey").string(name).key("ParameterValue");
    out.string(declared && declared->no_echo ? "****" : value.given).end_object();
  }
  out.end_array().key("CreationTime").string(iso_time_millis(set.creation_time));
  out.key("ExecutionStatus").string(set.execution_status).key("Status").string(set.status);
  if (!set.status_reason.empty()) out.key("StatusReason").string(set.status_reason);
  out.key("NotificationARNs").begin_array();
  for (const std::string& arn : set.content.notification_arns) out.string(arn);
  out.end_array().key("RollbackConfiguration").begin_object().end_object();
  out.key("Capabilities").begin_array();
  for (const std::string& capability : set.content.capabilities) out.string(capability);
  out.end_array().key("Tags");
  write_tags(out, set.content.tags);
  out.key("Changes").raw(set.changes);
  if (set.on_failure != OnFailure::kRollback) {
    out.key("OnStackFailure").string(on_failure_name(set.on_failure));
  }
  out.key("IncludeNestedStacks").boolean(false).end_object();
  return json::Value::trusted(std::move(text));
}

Service::Result Service::list_change_sets(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  std::string text;
  Writer out(text);
  out.begin_object().key("Summaries").begin_array();
  for (const auto& [key, record] : with_prefix(parts_.catalog, kChangeSetTable, stack.id + "#")) {
    const ChangeSetRecord set = ChangeSetRecord::from_json(record);
    if (key == executed_key(set)) continue;
    write_summary(out, set);
  }
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

Service::Result Service::delete_change_set(const Call& call) {
  const Fields fields(call.input);
  const auto found = change_set_named(call);
  if (!found.ok()) {
    // Of a stack that there is, what is not there is deleted.
    if (found.error().code != "ChangeSetNotFound") return Err{found.error()};
    return empty_answer();
  }
  if (found->execution_status == "EXECUTE_IN_PROGRESS") {
    return Err{service_error(
        "InvalidChangeSetStatus",
        fmt::format("ChangeSet [{}] cannot be deleted in its current status", found->id))};
  }
  edit(found->stack_id, [&](StackEdit& edit) {
    edit.change(kChangeSetTable, change_set_key(found->stack_id, found->name), std::nullopt);
  });
  return empty_answer();
}

Service::Result Service::execute_change_set(const Call& call) {
  const Fields fields(call.input);
  const ChangeSetRecord named = TRY(change_set_named(call));
  OperationRecord operation;
  operation.id = new_uuid();
  operation.token = fields.text("ClientRequestToken");
  const std::string key = change_set_key(named.stack_id, named.name);
  TRY(edit_checked(named.stack_id, [&](StackEdit& edit) -> Checked<void> {
    const std::string* record = edit.view().find(kChangeSetTable, key);
    if (record == nullptr || named.execution_status != "AVAILABLE") {
      return Err{service_error(
          "InvalidChangeSetStatus",
          fmt::format("ChangeSet [{}] cannot be executed in its current status of [{}]", named.id,
                      named.status))};
    }
    StackRecord& stack = edit.stack();
    const bool creates = stack.status == "REVIEW_IN_PROGRESS";
    if (edit.operation() || (!creates && !may_be_updated(stack.status))) {
      return Err{validation_error(
          fmt::format("Stack:{} is in {} state and can not be updated.", stack.id, stack.status))};
    }
    ChangeSetRecord set = ChangeSetRecord::from_json(*record);
    set.execution_status = "EXECUTE_IN_PROGRESS";
    operation.kind = creates ? "create" : "update";
    operation.keeps_on_failure =
        fields.flag("DisableRollback") || set.on_failure == OnFailure::kDoNothing;
    operation.change_set = executed_key(set);
    operation.before = stack.to_json();
    const std::vector<StackOutput> outputs = stack.content.outputs;
    stack.content = set.content;
    stack.content.outputs = outputs;
    stack.change_set_id = set.id;
    stack.on_failure = operation.keeps_on_failure ? OnFailure::kDoNothing : set.on_failure;
    if (!creates) stack.update_time = edit.now();
    put_operation(edit, operation);
    edit.set_status(creates ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS", "User Initiated");
    // The others were made for a stack that there is no more.
    for (const auto& [other, text] : with_prefix(edit.view(), kChangeSetTable, stack.id + "#")) {
      edit.change(kChangeSetTable, other, std::nullopt);
    }
    edit.change(kChangeSetTable, operation.change_set, set.to_json());
    return {};
  }));
  if (const auto stack = find_stack(named.stack_id)) start_run(*stack, operation.id);
  return empty_answer();
}

}  // namespace pawl::cloudformation
