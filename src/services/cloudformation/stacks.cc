// Creating, updating and deleting stacks: what is checked before an operation begins.
#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <set>

#include "base/ascii.h"
#include "base/broken_rules.h"
#include "runtime/execution_id.h"
#include "services/cloudformation/service.h"
#include "services/cloudformation/stack_policy.h"

namespace pawl::cloudformation {

namespace {

constexpr std::size_t kStackNameCharactersMax = 128;

bool has_name_letters(std::string_view name) {
  return !name.empty() && is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(),
                     [](char byte) { return is_letter_or_digit(byte) || byte == '-'; });
}

json::Value stack_id_answer(const std::string& id) {
  std::string text;
  json::Writer(text).begin_object().key("StackId").string(id).end_object();
  return json::Value::trusted(std::move(text));
}

::pawl::Result<void, ServiceError> valid_policy(const std::string& policy) {
  const auto checked = check_stack_policy(policy);
  if (!checked.ok()) return Err{validation_error(checked.error())};
  return {};
}

Err<ServiceError> in_state(const StackRecord& stack) {
  return Err{validation_error(
      fmt::format("Stack:{} is in {} state and can not be updated.", stack.id, stack.status))};
}

}  // namespace

// "CREATE_COMPLETE" and its like: an update may begin.
bool may_be_updated(std::string_view status) {
  return status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" ||
         status == "UPDATE_ROLLBACK_COMPLETE" || status == "IMPORT_COMPLETE" ||
         status == "UPDATE_FAILED" || status == "CREATE_FAILED";
}

::pawl::Result<void, ServiceError> check_stack_name(const std::string& name) {
  constexpr TextRules kName{.length_min = 1,
                            .length_max = kStackNameCharactersMax,
                            .pattern = "[a-zA-Z][-a-zA-Z0-9]*",
                            .fits = has_name_letters};
  if (auto broken = broken_rules("stackName", name, kName)) {
    return Err{validation_error(std::move(*broken))};
  }
  return {};
}

std::string stack_arn(const runtime::Principal& principal, std::string_view name,
                      std::string_view uuid) {
  return fmt::format("arn:{}:cloudformation:{}:{}:stack/{}/{}",
                     runtime::partition_of(principal.region), principal.region, principal.account,
                     name, uuid);
}

Service::Checked<StackRecord> Service::stack_of(const Call& call, StackWords words) const {
  return stack_named(call, TRY(Fields(call.input).required("StackName")), words);
}

Service::Checked<StackRecord> Service::stack_named(const Call& call, const std::string& name,
                                                   StackWords words) const {
  if (name.starts_with("arn:")) {
    auto stack = find_stack(name);
    if (!stack) return Err{no_such_stack(name, words)};
    return std::move(*stack);
  }
  const std::string key = call.principal.account + ":" + call.principal.region + ":" + name;
  const auto id = parts_.catalog.get(kNameTable, key);
  auto stack = id ? find_stack(*id) : std::nullopt;
  if (!stack) return Err{no_such_stack(name, words)};
  return std::move(*stack);
}

Service::Result Service::create_stack(const Call& call) {
  const Fields fields(call.input);
  StackRecord stack;
  stack.name = TRY(fields.required("StackName"));
  TRY(check_stack_name(stack.name));
  stack.account = call.principal.account;
  stack.region = call.principal.region;
  stack.id = stack_arn(call.principal, stack.name, new_uuid());
  stack.creation_time = parts_.clock.wall_now();
  stack.policy = fields.text("StackPolicyBody");
  if (!stack.policy.empty()) TRY(valid_policy(stack.policy));
  stack.termination_protected = fields.flag("EnableTerminationProtection");
  stack.timeout_minutes = fields.integer("TimeoutInMinutes").value_or(0);
  stack.parent_id = fields.text("pawl:ParentId");
  stack.root_id = fields.text("pawl:RootId");
  const std::string on_failure = fields.text("OnFailure");
  if (!on_failure.empty() && fields.has("DisableRollback")) {
    return Err{validation_error("Either DisableRollback or OnFailure can be specified, not both.")};
  }
  if (on_failure == "DELETE") stack.on_failure = OnFailure::kDelete;
  if (on_failure == "DO_NOTHING" || fields.flag("DisableRollback")) {
    stack.on_failure = OnFailure::kDoNothing;
  }
  const Prepared prepared = TRY(prepare(call, stack, nullptr, Expansion::kNeedsCapability));
  stack.content = prepared.content;
  OperationRecord operation;
  operation.id = new_uuid();
  operation.kind = "create";
  operation.token = fields.text("ClientRequestToken");
  operation.keeps_on_failure = stack.on_failure == OnFailure::kDoNothing;
  stack.creation_token = operation.token;

  Result outcome = stack_id_answer(stack.id);
  bool created = false;
  std::promise<void> durable;
  parts_.catalog.update(
      [&](const View& view) {
        Changes changes;
        if (const std::string* existing = view.find(kNameTable, stack.name_key())) {
          const std::string* made = view.find(kStackTable, *existing);
          if (made != nullptr && !operation.token.empty() &&
              StackRecord::from_json(*made).creation_token == operation.token) {
            outcome = stack_id_answer(*existing);
          } else {
            outcome = Err{service_error("AlreadyExistsException",
                                        fmt::format("Stack [{}] already exists", stack.name))};
          }
          return changes;
        }
        created = true;
        StackEdit edit(view, stack, parts_.clock.wall_now());
        put_operation(edit, operation);
        edit.set_status("CREATE_IN_PROGRESS", "User Initiated");
        edit.change(kNameTable, stack.name_key(), stack.id);
        changes = edit.finish();
        prepared.store(changes);
        return changes;
      },
      [&durable] { durable.set_value(); });
  durable.get_future().wait();
  if (created) start_run(stack, operation.id);
  return outcome;
}

namespace {

// What an update changes of a stack besides its resources.
bool changes_stack_alone(const StackContent& from, const StackContent& to,
                         const templates::Template* before, const templates::Template& after) {
  if (from.tags != to.tags || from.notification_arns != to.notification_arns) return true;
  if (before == nullptr) return true;
  const json::Node none;
  const json::Node* old_outputs = before->document.root().find("Outputs");
  const json::Node* new_outputs = after.document.root().find("Outputs");
  if (!json::equal(old_outputs ? *old_outputs : none, new_outputs ? *new_outputs : none))
    return true;
  return new_outputs != nullptr && from.parameters != to.parameters;
}

}  // namespace

bool Service::changes_something(const StackRecord& stack, const Prepared& prepared) const {
  return changes_of(stack, prepared) != "[]" || !stack.status.ends_with("_COMPLETE") ||
         changes_stack_alone(stack.content, prepared.content,
                             parsed_template(stack.content.processed_hash).get(), *prepared.parsed);
}

Service::Result Service::update_stack(const Call& call) {
  const Fields fields(call.input);
  for (const char* name : {"StackPolicyBody", "StackPolicyDuringUpdateBody"}) {
    if (fields.has(name)) TRY(valid_policy(fields.text(name)));
  }
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  if (!may_be_updated(stack.status)) return in_state(stack);
  const Prepared prepared = TRY(prepare(call, stack, &stack.content, Expansion::kNeedsCapability));
  if (!changes_something(stack, prepared)) {
    return Err{validation_error("No updates are to be performed.")};
  }
  OperationRecord operation;
  operation.id = new_uuid();
  operation.kind = "update";
  operation.token = fields.text("ClientRequestToken");
  operation.keeps_on_failure = fields.flag("DisableRollback");
  TRY(edit_checked(stack.id, [&](StackEdit& edit) -> Checked<void> {
    if (edit.operation() || !may_be_updated(edit.stack().status)) return in_state(edit.stack());
    operation.before = edit.stack().to_json();
    const std::vector<StackOutput> outputs = edit.stack().content.outputs;
    edit.stack().content = prepared.content;
    edit.stack().content.outputs = outputs;
    edit.stack().update_time = edit.now();
    if (fields.has("StackPolicyBody")) edit.stack().policy = fields.text("StackPolicyBody");
    operation.policy = fields.text("StackPolicyDuringUpdateBody");
    put_operation(edit, operation);
    edit.set_status("UPDATE_IN_PROGRESS", "User Initiated");
    Changes texts;
    prepared.store(texts);
    for (Change& change : texts) edit.change(change.table, change.key, change.record);
    return {};
  }));
  start_run(stack, operation.id);
  return stack_id_answer(stack.id);
}

Service::Result Service::delete_stack(const Call& call) {
  const Fields fields(call.input);
  const std::string name = TRY(fields.required("StackName"));
  const auto found = stack_named(call, name);
  // A stack that is not there is deleted.
  if (!found.ok()) return empty_answer();
  if (found->status == "DELETE_COMPLETE") return empty_answer();
  OperationRecord operation;
  operation.id = new_uuid();
  operation.kind = "delete";
  operation.token = fields.text("ClientRequestToken");
  operation.retained = fields.texts("RetainResources");
  if (!operation.retained.empty() && found->status != "DELETE_FAILED") {
    return Err{validation_error(
        "Invalid operation on stack [" + found->id +
        "]. When you delete a stack, specify which resources to retain only when the stack is in "
        "the DELETE_FAILED state.")};
  }
  bool begins = false;
  TRY(edit_checked(found->id, [&](StackEdit& edit) -> Checked<void> {
    const StackRecord& stack = edit.stack();
    if (stack.status == "DELETE_IN_PROGRESS") return {};
    if (stack.termination_protected) {
      return Err{validation_error(fmt::format(
          "Stack [{}] cannot be deleted while TerminationProtection is enabled", stack.name))};
    }
    if (edit.operation() && stack.status != "CREATE_IN_PROGRESS") {
      return Err{validation_error(
          fmt::format("Stack [{}] cannot be deleted while in status {}", stack.id, stack.status))};
    }
    const std::string place = stack.account + ":" + stack.region + ":";
    for (const auto& [key, record] : with_prefix(edit.view(), kExportTable, place)) {
      if (!record.starts_with(stack.id + "\n")) continue;
      for (const auto& [use, nothing] : with_prefix(edit.view(), kImportTable, key + "#")) {
        const std::string* user = edit.view().find(kStackTable, use.substr(key.size() + 1));
        return Err{validation_error(fmt::format("Export {} cannot be deleted as it is in use by {}",
                                                key.substr(place.size()),
                                                user ? StackRecord::from_json(*user).name : ""))};
      }
    }
    begins = true;
    put_operation(edit, operation);
    edit.set_status("DELETE_IN_PROGRESS", "User Initiated");
    return {};
  }));
  if (begins) start_run(*found, operation.id);
  return empty_answer();
}

Service::Result Service::cancel_update(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  TRY(edit_checked(stack.id, [](StackEdit& edit) -> Checked<void> {
    auto operation = edit.operation();
    if (!operation || edit.stack().status != "UPDATE_IN_PROGRESS") {
      return Err{validation_error("CancelUpdateStack cannot be called from current stack status")};
    }
    operation->failure = "Update cancelled. ";
    operation->cancelled = true;
    edit.put(*operation);
    return {};
  }));
  wake({stack.id, "", "", ""});
  return empty_answer();
}

// Tries the rollback of a failed update again, or (RollbackStack) begins one that was held back.
Service::Result Service::continue_rollback(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  const std::vector<std::string> skipped = fields.texts("ResourcesToSkip");
  OperationRecord operation;
  operation.id = new_uuid();
  operation.kind = "rollback";
  operation.token = fields.text("ClientRequestToken");
  TRY(edit_checked(stack.id, [&](StackEdit& edit) -> Checked<void> {
    const std::string* before = edit.view().find(kOperationTable, edit.stack().id + "#before");
    if (before == nullptr || edit.operation() ||
        (edit.stack().status != "UPDATE_ROLLBACK_FAILED" &&
         edit.stack().status != "UPDATE_FAILED")) {
      return Err{
          validation_error(fmt::format("Stack [{}] is in {} state and can not be rolled back",
                                       edit.stack().name, edit.stack().status))};
    }
    operation.before = *before;
    for (const std::string& name : skipped) {
      if (auto resource = edit.resource(name)) {
        resource->before.clear();
        edit.put(static_cast<const ResourceRecord&>(*resource));
      }
    }
    put_operation(edit, operation);
    edit.set_status("UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated");
    return {};
  }));
  start_run(stack, operation.id);
  return empty_answer();
}

Service::Result Service::rollback_stack(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  if (stack.status == "CREATE_FAILED") {
    OperationRecord operation;
    operation.id = new_uuid();
    operation.kind = "rollback-create";
    operation.token = fields.text("ClientRequestToken");
    TRY(edit_checked(stack.id, [&](StackEdit& edit) -> Checked<void> {
      if (edit.operation() || edit.stack().status != "CREATE_FAILED") return in_state(edit.stack());
      put_operation(edit, operation);
      edit.set_status("ROLLBACK_IN_PROGRESS", "User Initiated");
      return {};
    }));
    start_run(stack, operation.id);
    return stack_id_answer(stack.id);
  }
  TRY(continue_rollback(call));
  return stack_id_answer(stack.id);
}

Service::Result Service::set_policy(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  const std::string body = fields.text("StackPolicyBody");
  TRY(valid_policy(body));
  edit(stack.id, [&body](StackEdit& edit) { edit.stack().policy = body; });
  return empty_answer();
}

Service::Result Service::get_policy(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (!stack.policy.empty()) out.key("StackPolicyBody").string(stack.policy);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Result Service::set_protection(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  const bool wanted = fields.flag("EnableTerminationProtection");
  edit(stack.id, [wanted](StackEdit& edit) { edit.stack().termination_protected = wanted; });
  return stack_id_answer(stack.id);
}

}  // namespace pawl::cloudformation
