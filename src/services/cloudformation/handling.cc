// One resource in one phase. Every call of a service stands between two durable changes: the first
// says what is begun, under a token and with the physical id; the second what has come of it. A
// task that comes again after a crash finds the first and knows that its call may be a repeated
// one.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "services/cloudformation/service.h"
#include "services/cloudformation/stack_policy.h"
#include "templates/references.h"

namespace pawl::cloudformation {

namespace {

std::string text_in(json::Node node, std::string_view name) {
  const json::Node* found = node.find(name);
  return found != nullptr && found->is_string() ? std::string(found->string()) : std::string();
}

json::Value wait_answer(int seconds) {
  return json::Value::trusted("{\"wait\":" + std::to_string(seconds) + "}");
}

bool removes(std::string_view phase) { return phase != "apply" && phase != "rollback"; }

std::string settled_mark(const std::string& operation, const std::string& phase) {
  return operation + "/" + phase;
}

std::string policy_name(templates::DeletionPolicy policy) {
  switch (policy) {
    case templates::DeletionPolicy::kDelete:
      return "Delete";
    case templates::DeletionPolicy::kRetain:
      return "Retain";
    case templates::DeletionPolicy::kSnapshot:
      return "Snapshot";
    case templates::DeletionPolicy::kRetainExceptOnCreate:
      return "RetainExceptOnCreate";
  }
  return "Delete";
}

constexpr std::string_view kInitiated = "Resource creation Initiated";
constexpr std::string_view kReplacing =
    "Requested update requires the creation of a new physical resource; hence creating one.";

// Secrets as everybody may see them.
templates::ParameterValues masked_parameters(const templates::Template& parsed,
                                             templates::ParameterValues values) {
  for (const templates::Parameter& parameter : parsed.parameters) {
    const auto found = values.find(parameter.name);
    if (parameter.no_echo && found != values.end()) found->second.value = "****";
  }
  return values;
}

bool is_gone(const ResourceRecord& record) {
  return record.status == "DELETE_COMPLETE" || record.status == "DELETE_SKIPPED";
}

}  // namespace

void Service::handle_resource(const runtime::WorkflowTask& task,
                              const runtime::Workflows::Reply& reply) {
  const json::Node input = task.input.root();
  const Item item{text_in(input, "stack"), text_in(input, "operation"), text_in(input, "phase"),
                  text_in(input, "resource")};
  {
    // What becomes durable after this look wakes the task that is put here.
    const std::lock_guard lock(waiting_mutex_);
    std::set<std::string> blockers = blockers_of(item);
    if (!blockers.empty()) {
      waiting_[item.stack_id].push_back(
          {std::move(blockers), [this, task, reply] { handle_resource(task, reply); }});
      return;
    }
  }
  work_.run([this, item, reply] {
    const int seconds = handle(item);
    reply(wait_answer(seconds));
    wake(item);
  });
}

// Tasks that wait for the item look again; after a failure all do.
void Service::wake(const Item& item) {
  const auto operation = find_operation(item.stack_id);
  const bool all = !operation || !operation->failure.empty();
  std::vector<Waiting> tasks;
  {
    const std::lock_guard lock(waiting_mutex_);
    const auto found = waiting_.find(item.stack_id);
    if (found == waiting_.end()) return;
    std::vector<Waiting> stay;
    for (Waiting& each : found->second) {
      const bool wakes = all || each.blockers.contains(item.logical_id);
      (wakes ? tasks : stay).push_back(std::move(each));
    }
    found->second = std::move(stay);
    if (found->second.empty()) waiting_.erase(found);
  }
  for (const Waiting& task : tasks) task.look_again();
}

// What must be settled in this phase before the resource is dealt with. Where the operation has
// failed nothing waits any more: handle() sees what is left to do.
std::set<std::string> Service::blockers_of(const Item& item) const {
  std::set<std::string> blockers;
  const auto operation = find_operation(item.stack_id);
  const auto stack = find_stack(item.stack_id);
  if (!stack || !operation || operation->id != item.operation_id || item.phase == "rollback") {
    return blockers;
  }
  if (item.phase == "apply" && !operation->failure.empty()) return blockers;
  const std::string mark = settled_mark(item.operation_id, item.phase);
  if (removes(item.phase)) {
    for (const auto& [key, text] : with_prefix(parts_.catalog, kResourceTable, stack->id + "#")) {
      if (text.find('"' + item.logical_id + '"') == std::string::npos) continue;
      const ResourceRecord record = ResourceRecord::from_json(text);
      const auto& needs = record.needs;
      const bool uses = std::find(needs.begin(), needs.end(), item.logical_id) != needs.end();
      if (uses && record.settled != mark && !is_gone(record) &&
          is_removed(*stack, *operation, record)) {
        blockers.insert(record.logical_id);
      }
    }
    return blockers;
  }
  const auto parsed = parsed_template(stack->content.processed_hash);
  const templates::Resource* resource = parsed ? parsed->resource(item.logical_id) : nullptr;
  if (resource == nullptr) return blockers;
  const auto conditions =
      templates::evaluate_conditions(*parsed, stack->content.parameters, surroundings_of(*stack));
  for (const std::string& need : templates::dependencies_of(*parsed, *resource)) {
    const std::string& condition = parsed->resource(need)->condition;
    if (!condition.empty() && conditions.ok() && !conditions->at(condition)) continue;
    const auto record = find_resource(item.stack_id, need);
    if (!record || record->settled != mark) blockers.insert(need);
  }
  return blockers;
}

// Whether a removing phase of the operation deals with the resource: a clean-up only with what the
// stack's template has no more.
bool Service::is_removed(const StackRecord& stack, const OperationRecord& operation,
                         const ResourceRecord& record) const {
  const bool cleanup = operation.phase == "cleanup" || operation.phase == "rollback-cleanup";
  if (!cleanup || record.replaced) return true;
  const auto parsed = parsed_template(stack.content.processed_hash);
  const templates::Resource* resource = parsed ? parsed->resource(record.logical_id) : nullptr;
  if (resource == nullptr) return true;
  if (resource->condition.empty()) return false;
  const auto conditions =
      templates::evaluate_conditions(*parsed, stack.content.parameters, surroundings_of(stack));
  return conditions.ok() && !conditions->at(resource->condition);
}

int Service::handle(const Item& item) {
  const auto stack = find_stack(item.stack_id);
  const auto operation = find_operation(item.stack_id);
  if (!stack || !operation || operation->id != item.operation_id ||
      operation->phase != item.phase) {
    return 0;
  }
  const auto record = find_resource(item.stack_id, item.logical_id);
  if (record && record->settled == settled_mark(item.operation_id, item.phase)) return 0;
  if (item.phase == "apply") return apply(item, *stack, *operation);
  if (item.phase == "rollback") return roll_back(item, *stack, *operation);
  return remove(item, *stack, *operation);
}

Request Service::request_for(const StackRecord& stack, const ResourceRecord& record,
                             json::Node properties, json::Node previous, std::string token) const {
  return {.services = services_,
          .stack = stack,
          .logical_id = record.logical_id,
          .type = record.type,
          .properties = properties,
          .previous = previous,
          .physical_id = record.physical_id,
          .attributes = record.attributes,
          .token = std::move(token),
          .since = record.time,
          .now = parts_.clock.wall_now()};
}

::pawl::Result<Service::Desired, std::string> Service::desired_properties(
    const StackRecord& stack, const templates::Resource& resource, const ResourceType& type) const {
  const auto parsed = parsed_template(stack.content.processed_hash);
  const auto conditions =
      templates::evaluate_conditions(*parsed, stack.content.parameters, surroundings_of(stack));
  if (!conditions.ok()) return Err{conditions.error().message};
  const templates::Surroundings surroundings = surroundings_of(stack);
  const templates::Knowledge knowledge = knowledge_of(stack, nullptr);
  const templates::Scope scope{*parsed, stack.content.parameters, surroundings, *conditions,
                               knowledge};
  json::Arena arena;
  const auto properties = templates::evaluate(arena, scope, resource.properties);
  if (!properties.ok()) return Err{properties.error().message};
  Desired desired{
      with_stack_tags(type, TRY(conform_properties(type, resource.name, properties->node)),
                      stack.content.tags),
      {},
      {}};
  if (!resource.creation_policy.is_null()) {
    const auto policy = templates::evaluate(arena, scope, resource.creation_policy);
    if (!policy.ok()) return Err{policy.error().message};
    desired.creation_policy = json::print(policy->node);
  }
  const templates::ParameterValues masked = masked_parameters(*parsed, stack.content.parameters);
  if (masked != stack.content.parameters) {
    const templates::Scope open{*parsed, masked, surroundings, *conditions, knowledge};
    const auto shown = templates::evaluate(arena, open, resource.properties);
    if (shown.ok()) desired.shown = json::print(shown->node);
  }
  return desired;
}

json::Value Service::creation_policy_of(const StackRecord& stack,
                                        const std::string& logical_id) const {
  const auto parsed = parsed_template(stack.content.processed_hash);
  const templates::Resource* resource = parsed ? parsed->resource(logical_id) : nullptr;
  const ResourceType* type = resource ? types_.find(resource->type) : nullptr;
  if (type == nullptr || resource->creation_policy.is_null()) return json::Value::trusted("null");
  const auto desired = desired_properties(stack, *resource, *type);
  return json::Value::trusted(desired.ok() ? desired->creation_policy : "null");
}

int Service::fail(const Item& item, ResourceRecord record, std::string_view verb,
                  std::string reason, std::string_view after) {
  edit(item.stack_id, [&](StackEdit& edit) {
    auto operation = edit.operation();
    if (!after.empty()) edit.put(record, after, "");
    record.settled = settled_mark(item.operation_id, item.phase);
    const std::string status = verb == "create"   ? "CREATE_FAILED"
                               : verb == "update" ? "UPDATE_FAILED"
                                                  : "DELETE_FAILED";
    edit.put(record, status, reason);
    if (!operation || operation->id != item.operation_id) return;
    // The first failure names the operation's; resources that were merely stopped are none.
    if (operation->failure.empty()) operation->failed_verb = verb;
    if (operation->failure.empty() || operation->failed_verb == verb) {
      operation->failed.push_back(item.logical_id);
    }
    operation->failure = reason;
    edit.put(*operation);
  });
  return 0;
}

// A creation that takes longer than its caller allows fails as a whole.
bool Service::takes_too_long(const StackRecord& stack, const OperationRecord& operation) const {
  constexpr std::int64_t kMinute = 60'000;
  if (operation.kind != "create" || stack.timeout_minutes == 0) return false;
  return parts_.clock.wall_now() - stack.creation_time > stack.timeout_minutes * kMinute;
}

// The operation, failed where its time is up.
OperationRecord Service::in_time(const Item& item, const StackRecord& stack,
                                 OperationRecord operation) {
  if (!operation.failure.empty() || !takes_too_long(stack, operation)) return operation;
  operation.failure = "Stack creation time exceeded the specified timeout. ";
  edit(item.stack_id, [&](StackEdit& edit) {
    auto stored = edit.operation();
    if (!stored || stored->id != item.operation_id || !stored->failure.empty()) return;
    stored->failure = operation.failure;
    edit.put(*stored);
  });
  return operation;
}

int Service::apply(const Item& item, const StackRecord& stack, const OperationRecord& given) {
  const OperationRecord operation = in_time(item, stack, given);
  const auto parsed = parsed_template(stack.content.processed_hash);
  const templates::Resource* resource = parsed ? parsed->resource(item.logical_id) : nullptr;
  if (resource == nullptr) return 0;
  const ResourceType* type = types_.find(resource->type);
  auto found = find_resource(item.stack_id, item.logical_id);
  const bool begun = found && !found->begun.empty();
  if (!operation.failure.empty()) {
    if (!begun) return 0;
    const bool creates = found->status.starts_with("CREATE") || found->replaced;
    found->status_reason = {};
    edit(item.stack_id, [&](StackEdit& edit) {
      found->settled = settled_mark(item.operation_id, item.phase);
      edit.put(*found, creates ? "CREATE_FAILED" : "UPDATE_FAILED",
               creates ? "Resource creation cancelled" : "Resource update cancelled");
    });
    return 0;
  }
  if (begun) {
    if (found->status.starts_with("CREATE") || found->replaced) return create(item, stack, *found);
    return change(item, stack, *found, json::Value::trusted(found->properties));
  }
  ResourceRecord record;
  const bool exists = found && !is_gone(*found) && found->status != "CREATE_FAILED";
  if (exists) record = *found;
  record.logical_id = item.logical_id;
  if (!exists) record.type = resource->type;
  record.needs = templates::dependencies_of(*parsed, *resource);
  const auto desired = desired_properties(stack, *resource, *type);
  if (!desired.ok()) return fail(item, record, exists ? "update" : "create", desired.error());
  const json::Value& properties = desired->properties;
  record.deletion_policy = policy_name(resource->deletion_policy);
  record.replace_policy = policy_name(resource->update_replace_policy);
  record.metadata = resource->metadata.is_null() ? "" : json::print(resource->metadata);
  if (!exists) {
    record.properties = properties.text();
    record.shown = desired->shown;
    return create(item, stack, record);
  }
  const std::vector<std::string> changed =
      changed_properties(json::Value::trusted(record.properties).root(), properties.root());
  if (changed.empty() && record.type == resource->type) {
    edit(item.stack_id, [&](StackEdit& edit) {
      record.settled = settled_mark(item.operation_id, item.phase);
      edit.put(static_cast<const ResourceRecord&>(record));
    });
    return 0;
  }
  const bool replaces =
      record.type != resource->type ||
      std::any_of(changed.begin(), changed.end(), [type](const std::string& name) {
        const Property* property = type->find(name);
        return property != nullptr && property->replaces == Replaces::kAlways;
      });
  const auto denied = denied_by(
      operation.policy.empty() ? stack.policy : operation.policy,
      {replaces ? UpdateAction::kReplace : UpdateAction::kModify, item.logical_id, record.type});
  if (denied) return fail(item, record, "update", *denied);
  record.shown = desired->shown;
  return replaces ? replace(item, stack, record, *resource, properties)
                  : change(item, stack, record, properties);
}

int Service::create(const Item& item, const StackRecord& stack, ResourceRecord record) {
  const ResourceType& type = *types_.find(record.type);
  const json::Value properties = json::Value::trusted(record.properties);
  const std::string token = item.operation_id;
  const bool repeated = !record.begun.empty();
  Request request = request_for(stack, record, properties.root(), json::Node(), token);
  if (!repeated) {
    const bool is_named =
        !type.name_property.empty() && properties.root().find(type.name_property) != nullptr;
    request.physical_id = type.choose_id(request);
    if (is_named && type.exists && type.exists(request)) {
      return fail(item, record, record.replaced ? "update" : "create",
                  fmt::format("Resource of type '{}' with identifier '{}' already exists.",
                              record.type, request.text(type.name_property)),
                  record.replaced ? "UPDATE_IN_PROGRESS" : "CREATE_IN_PROGRESS");
    }
    edit(item.stack_id, [&](StackEdit& edit) {
      record.begun = token;
      const std::string chosen = request.physical_id;
      // Until the new one is begun, events name the one that it replaces.
      record.physical_id =
          record.replaced ? ResourceRecord::from_json(record.before).physical_id : std::string();
      edit.put(record, record.replaced ? "UPDATE_IN_PROGRESS" : "CREATE_IN_PROGRESS",
               record.replaced ? kReplacing : "");
      record.physical_id = chosen;
      edit.put(static_cast<const ResourceRecord&>(record));
    });
    request.since = record.time;
  }
  request.attempt = repeated ? Attempt::kRepeated : Attempt::kFirst;
  const json::Value policy = creation_policy_of(stack, item.logical_id);
  request.creation_policy = policy.root();
  return settle(item, record, type.create(request), record.replaced ? "replace" : "create");
}

int Service::change(const Item& item, const StackRecord& stack, ResourceRecord record,
                    const json::Value& properties) {
  const ResourceType& type = *types_.find(record.type);
  const std::string token = item.operation_id;
  const bool repeated = !record.begun.empty();
  if (!repeated) {
    edit(item.stack_id, [&](StackEdit& edit) {
      ResourceRecord before = record;
      if (const auto stored = edit.resource(item.logical_id)) before = *stored;
      before.before.clear();
      record.before = before.to_json();
      record.properties = properties.text();
      record.begun = token;
      edit.put(record, "UPDATE_IN_PROGRESS", "");
    });
  }
  const json::Value previous =
      json::Value::trusted(ResourceRecord::from_json(record.before).properties);
  Request request = request_for(stack, record, properties.root(), previous.root(), token);
  request.attempt = repeated ? Attempt::kRepeated : Attempt::kFirst;
  return settle(item, record, type.update(request), "update");
}

int Service::replace(const Item& item, const StackRecord& stack, const ResourceRecord& record,
                     const templates::Resource& resource, const json::Value& properties) {
  const ResourceType& type = *types_.find(resource.type);
  const json::Value old_properties = json::Value::trusted(record.properties);
  const json::Node* old_name = old_properties.root().find(type.name_property);
  const json::Node* new_name = properties.root().find(type.name_property);
  const bool keeps_name = record.type == resource.type && old_name != nullptr &&
                          new_name != nullptr && json::equal(*old_name, *new_name);
  if (keeps_name) {
    return fail(item, record, "update",
                fmt::format("CloudFormation cannot update a stack when a custom-named resource "
                            "requires replacing. Rename {} and update the stack again.",
                            json::print(*new_name)));
  }
  ResourceRecord replacement = record;
  ResourceRecord before = find_resource(item.stack_id, item.logical_id).value_or(record);
  before.before.clear();
  replacement.type = resource.type;
  replacement.before = before.to_json();
  replacement.replaced = true;
  replacement.physical_id.clear();
  replacement.attributes = "{}";
  replacement.begun.clear();
  replacement.properties = properties.text();
  return create(item, stack, replacement);
}

// What has come of a call. `verb` is "create", "replace" or "update".
int Service::settle(const Item& item, ResourceRecord record, const Outcome& outcome,
                    std::string_view verb) {
  const bool creates = verb != "update";
  const std::string progress = verb == "create" ? "CREATE_IN_PROGRESS" : "UPDATE_IN_PROGRESS";
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    record.begun.clear();
    if (verb == "create") record.physical_id.clear();
    return fail(item, record, verb == "create" ? "create" : "update", failure->message);
  }
  const auto* made = std::get_if<Made>(&outcome);
  const auto* pending = std::get_if<Pending>(&outcome);
  const std::string physical_id = made ? made->physical_id : pending->physical_id;
  const bool tells_start = creates && record.status_reason != kInitiated;
  if (pending != nullptr && !tells_start && record.physical_id == physical_id) {
    return pending->seconds;
  }
  edit(item.stack_id, [&](StackEdit& edit) {
    record.physical_id = physical_id;
    if (tells_start) edit.put(record, progress, kInitiated);
    if (made == nullptr) {
      edit.put(static_cast<const ResourceRecord&>(record));
      return;
    }
    record.attributes = made->attributes;
    record.begun.clear();
    // A custom resource may answer an update with another resource: the old one goes later.
    if (!creates && !record.before.empty() &&
        ResourceRecord::from_json(record.before).physical_id != physical_id) {
      record.replaced = true;
    }
    record.settled = settled_mark(item.operation_id, item.phase);
    edit.put(record, verb == "create" ? "CREATE_COMPLETE" : "UPDATE_COMPLETE", "");
  });
  return pending != nullptr ? pending->seconds : 0;
}

// Takes back what the update has done to the resource; what it has made goes in the next phase.
int Service::roll_back(const Item& item, const StackRecord& stack, const OperationRecord&) {
  auto found = find_resource(item.stack_id, item.logical_id);
  if (!found) return 0;
  const std::string mark = settled_mark(item.operation_id, item.phase);
  if (found->before.empty()) return 0;
  ResourceRecord before = ResourceRecord::from_json(found->before);
  if (found->replaced) {
    edit(item.stack_id, [&](StackEdit& edit) {
      ResourceRecord replacement = *found;
      replacement.before.clear();
      before.before = replacement.to_json();
      before.replaced = true;
      before.begun.clear();
      before.settled = mark;
      edit.put(before, "UPDATE_COMPLETE", "");
    });
    return 0;
  }
  const ResourceType& type = *types_.find(before.type);
  const json::Value properties = json::Value::trusted(before.properties);
  const json::Value attempted = json::Value::trusted(found->properties);
  const std::string token = item.operation_id + "-rollback";
  if (found->begun != token) {
    edit(item.stack_id, [&](StackEdit& edit) {
      found->begun = token;
      edit.put(*found, "UPDATE_IN_PROGRESS", "");
    });
  }
  Request request = request_for(stack, *found, properties.root(), attempted.root(), token);
  request.physical_id = before.physical_id;
  const Outcome outcome = type.update(request);
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    found->begun.clear();
    return fail(item, *found, "update", failure->message);
  }
  if (const auto* pending = std::get_if<Pending>(&outcome)) return pending->seconds;
  edit(item.stack_id, [&](StackEdit& edit) {
    before.settled = mark;
    before.begun.clear();
    edit.put(before, "UPDATE_COMPLETE", "");
  });
  return 0;
}

// Says that a resource's removal has begun. `target` is what goes: the resource or, where it has
// been replaced, what it was before.
void Service::begin_removal(const Item& item, ResourceRecord& found, ResourceRecord& target,
                            const std::string& token) {
  const bool replaced = target.physical_id != found.physical_id || target.type != found.type;
  const bool made = target.status != "CREATE_FAILED" || !target.begun.empty();
  edit(item.stack_id, [&](StackEdit& edit) {
    found.begun = token;
    if (replaced) {
      target.status = "DELETE_IN_PROGRESS";
      target.status_reason.clear();
      edit.add_event(target);
      edit.put(static_cast<const ResourceRecord&>(found));
      return;
    }
    if (made) {
      target.begun = token;
      edit.put(target, "DELETE_IN_PROGRESS", "");
    }
  });
}

int Service::remove(const Item& item, const StackRecord& stack, const OperationRecord& operation) {
  auto found = find_resource(item.stack_id, item.logical_id);
  if (!found || (is_gone(*found) && !found->replaced)) return 0;
  const std::string mark = settled_mark(item.operation_id, item.phase);
  const bool replaced =
      found->replaced && (item.phase == "cleanup" || item.phase == "rollback-cleanup");
  // Of a replaced resource the one that the record remembers goes.
  ResourceRecord target = replaced ? ResourceRecord::from_json(found->before) : *found;
  const std::string& policy = replaced ? target.replace_policy : target.deletion_policy;
  const bool new_one = item.phase == "rollback-cleanup" || item.phase == "remove-failed" ||
                       item.phase == "delete-failed";
  const bool retained = (policy == "Retain" && !(replaced && new_one)) ||
                        (policy == "RetainExceptOnCreate" && !new_one) ||
                        std::find(operation.retained.begin(), operation.retained.end(),
                                  item.logical_id) != operation.retained.end();
  // A creation that failed left nothing; one that was stopped may have.
  const bool made = (target.status != "CREATE_FAILED" || !target.begun.empty()) &&
                    !(replaced && new_one && target.physical_id.empty());
  const auto done = [&](std::string_view status) {
    edit(item.stack_id, [&](StackEdit& edit) {
      if (replaced) {
        target.status = status;
        target.status_reason.clear();
        edit.add_event(target);
        ResourceRecord kept = *found;
        kept.replaced = false;
        kept.before.clear();
        kept.settled = mark;
        edit.put(static_cast<const ResourceRecord&>(kept));
      } else {
        target.settled = mark;
        target.begun.clear();
        edit.put(target, status, "");
      }
    });
    return 0;
  };
  if (retained && made) return done("DELETE_SKIPPED");
  const std::string token = item.operation_id + "-" + item.phase;
  if (found->begun != token) {
    begin_removal(item, *found, target, token);
  }
  if (!made) return done("DELETE_COMPLETE");
  const ResourceType& type = *types_.find(target.type);
  const json::Value properties = json::Value::trusted(target.properties);
  Request request = request_for(stack, target, properties.root(), json::Node(), token);
  const Outcome outcome = type.remove(request);
  if (const auto* pending = std::get_if<Pending>(&outcome)) return pending->seconds;
  if (const auto* failure = std::get_if<Failure>(&outcome)) {
    target.begun.clear();
    // A clean-up goes on without what it could not remove.
    if (replaced) return done("DELETE_FAILED");
    return fail(item, target, "delete", failure->message);
  }
  return done("DELETE_COMPLETE");
}

}  // namespace pawl::cloudformation
