// The phases of an operation on a stack. An advance is one durable change: a task that comes again
// after it finds the new phase and answers with that.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "services/cloudformation/outputs.h"
#include "services/cloudformation/service.h"
#include "services/cloudformation/stack_policy.h"
#include "services/cloudformation/workflow.h"
#include "templates/references.h"

namespace pawl::cloudformation {

namespace {

std::string text_in(json::Node node, std::string_view name) {
  const json::Node* found = node.find(name);
  return found != nullptr && found->is_string() ? std::string(found->string()) : std::string();
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// "The following resource(s) failed to create: [A, B]. "
std::string failure_text(const OperationRecord& operation) {
  if (operation.failed.empty()) return operation.failure;
  return fmt::format("The following resource(s) failed to {}: [{}]. ", operation.failed_verb,
                     joined(operation.failed));
}

json::Value answer_of(std::string_view phase, const std::vector<std::string>& items) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("phase").string(phase).key("items").begin_array();
  for (const std::string& item : items) out.string(item);
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

// Resources, each before those that it needs. Needs of what is not there any more say nothing.
std::vector<std::string> removal_order(const std::vector<ResourceRecord>& resources) {
  std::map<std::string, std::size_t> users;
  std::map<std::string, const ResourceRecord*> by_name;
  for (const ResourceRecord& resource : resources) by_name[resource.logical_id] = &resource;
  for (const ResourceRecord& resource : resources) {
    for (const std::string& need : resource.needs) ++users[need];
  }
  std::vector<std::string> order;
  for (const ResourceRecord& resource : resources) {
    if (users[resource.logical_id] == 0) order.push_back(resource.logical_id);
  }
  for (std::size_t next = 0; next < order.size(); ++next) {
    const auto found = by_name.find(order[next]);
    for (const std::string& need : found->second->needs) {
      if (--users[need] == 0 && by_name.contains(need)) order.push_back(need);
    }
  }
  return order;
}

// A reason with what follows from it behind it.
std::string before_request(std::string reason) {
  if (!reason.empty() && reason.back() == ' ') return reason;
  return reason + (reason.ends_with('.') ? " " : ". ");
}

}  // namespace

void Service::put_operation(StackEdit& edit, OperationRecord operation) const {
  edit.token = operation.token;
  edit.put(operation);
}

void Service::start_run(const StackRecord& stack, const std::string& operation) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("stack").string(stack.id).key("operation").string(operation);
  out.key("work").begin_object().key("phase").string("").end_object().end_object();
  // A run that cannot be started now is started again by the next start of the server.
  parts_.workflows.start(parts_.engine, kStackMachine, stack.region, operation,
                         json::Value::trusted(std::move(text)), [](runtime::StartOutcome) {});
}

void Service::next_phase(const runtime::WorkflowTask& task,
                         const runtime::Workflows::Reply& reply) {
  work_.run([this, task, reply] {
    const json::Node input = task.input.root();
    reply(next_phase_of(text_in(input, "stack"), text_in(input, "operation"),
                        text_in(input, "after")));
  });
}

json::Value Service::next_phase_of(const std::string& stack_id, const std::string& operation_id,
                                   const std::string& after) {
  edit(stack_id, [&](StackEdit& edit) {
    auto operation = edit.operation();
    if (!operation || operation->id != operation_id || operation->phase != after) return;
    advance(edit, *operation);
  });
  const auto stack = find_stack(stack_id);
  const auto operation = find_operation(stack_id);
  if (!stack || !operation || operation->id != operation_id) return answer_of("end", {});
  return answer_of(operation->phase, items_of(*stack, *operation));
}

void Service::advance(StackEdit& edit, OperationRecord& operation) {
  if (operation.phase.empty()) {
    if (operation.kind == "delete") {
      operation.phase = "remove";
    } else if (operation.kind == "rollback") {
      operation.phase = "rollback";
    } else if (operation.kind == "rollback-create") {
      operation.phase = "remove-failed";
    } else {
      operation.phase = "apply";
    }
    edit.put(operation);
  } else if (operation.phase == "apply") {
    after_apply(edit, operation);
  } else if (operation.phase == "rollback") {
    after_rollback(edit, operation);
  } else {
    after_removal(edit, operation);
  }
}

void Service::after_apply(StackEdit& edit, OperationRecord& operation) {
  const bool creates = operation.kind == "create";
  if (operation.failure.empty()) {
    if (const auto published = publish_outputs(edit); !published.ok()) {
      operation.failure = published.error();
    }
  }
  if (operation.failure.empty() && !creates) {
    operation.failure = denied_removal(edit.stack(), operation).value_or("");
  }
  if (operation.failure.empty()) {
    if (creates) return finish(edit, operation, "CREATE_COMPLETE", "");
    edit.set_status("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS");
    operation.phase = "cleanup";
    return edit.put(operation);
  }
  const std::string why = failure_text(operation);
  if (operation.keeps_on_failure) {
    return finish(edit, operation, creates ? "CREATE_FAILED" : "UPDATE_FAILED", why);
  }
  if (creates) {
    const bool deletes = edit.stack().on_failure == OnFailure::kDelete;
    edit.set_status(deletes ? "DELETE_IN_PROGRESS" : "ROLLBACK_IN_PROGRESS",
                    before_request(why) +
                        (deletes ? "Delete requested by user." : "Rollback requested by user."));
    operation.phase = deletes ? "delete-failed" : "remove-failed";
  } else {
    edit.set_status("UPDATE_ROLLBACK_IN_PROGRESS", why);
    operation.phase = "rollback";
  }
  operation.failed.clear();
  operation.failure.clear();
  edit.put(operation);
}

void Service::after_rollback(StackEdit& edit, OperationRecord& operation) {
  if (!operation.failure.empty()) {
    return finish(edit, operation, "UPDATE_ROLLBACK_FAILED", failure_text(operation));
  }
  // What the update had changed of the stack itself goes back too.
  const StackRecord before = StackRecord::from_json(operation.before);
  edit.stack().content = before.content;
  edit.set_status("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS");
  operation.phase = "rollback-cleanup";
  edit.put(operation);
}

void Service::after_removal(StackEdit& edit, OperationRecord& operation) {
  const std::string why = operation.failure.empty() ? "" : failure_text(operation);
  if (operation.phase == "cleanup") return finish(edit, operation, "UPDATE_COMPLETE", "");
  if (operation.phase == "rollback-cleanup") {
    return finish(edit, operation, "UPDATE_ROLLBACK_COMPLETE", "");
  }
  if (operation.phase == "remove-failed") {
    return finish(edit, operation, why.empty() ? "ROLLBACK_COMPLETE" : "ROLLBACK_FAILED", why);
  }
  if (!why.empty()) return finish(edit, operation, "DELETE_FAILED", why);
  edit.stack().deletion_time = edit.now();
  finish(edit, operation, "DELETE_COMPLETE", "");
  edit.change(kNameTable, edit.stack().name_key(), std::nullopt);
  const std::string prefix = edit.stack().id;
  for (const auto& [key, record] : with_prefix(edit.view(), kChangeSetTable, prefix + "#")) {
    edit.change(kChangeSetTable, key, std::nullopt);
  }
  for (const auto& [key, record] : with_prefix(
           edit.view(), kExportTable, edit.stack().account + ":" + edit.stack().region + ":")) {
    if (record.starts_with(prefix + "\n")) edit.change(kExportTable, key, std::nullopt);
  }
  for (const auto& [key, record] : with_prefix(
           edit.view(), kImportTable, edit.stack().account + ":" + edit.stack().region + ":")) {
    if (key.ends_with("#" + prefix)) edit.change(kImportTable, key, std::nullopt);
  }
}

// The end of an operation: what its phases have left in the resources' records goes.
void Service::finish(StackEdit& edit, const OperationRecord& operation, std::string_view status,
                     std::string_view reason) {
  const bool stack_stays = status != "DELETE_COMPLETE";
  for (ResourceRecord resource : edit.resources()) {
    const bool gone = resource.status == "DELETE_COMPLETE" || resource.status == "DELETE_SKIPPED";
    const bool keeps_way_back = status == "UPDATE_FAILED" || status == "UPDATE_ROLLBACK_FAILED";
    if (gone && stack_stays && operation.kind != "create" && operation.kind != "delete") {
      edit.erase(resource.logical_id);
      continue;
    }
    if (!keeps_way_back) {
      resource.before.clear();
      resource.replaced = false;
    }
    resource.begun.clear();
    edit.put(static_cast<const ResourceRecord&>(resource));
  }
  edit.set_status(status, reason);
  if (operation.kind == "update" && status == "UPDATE_COMPLETE") {
    edit.stack().update_time = edit.now();
  }
  if (!operation.change_set.empty() && stack_stays) {
    if (const std::string* record = edit.view().find(kChangeSetTable, operation.change_set)) {
      ChangeSetRecord set = ChangeSetRecord::from_json(*record);
      const bool well = status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE";
      set.execution_status = well ? "EXECUTE_COMPLETE" : "EXECUTE_FAILED";
      edit.change(kChangeSetTable, operation.change_set, set.to_json());
    }
  }
  // A failed update that was kept can still be rolled back: its content from before stays known.
  if (status == "UPDATE_FAILED" || status == "UPDATE_ROLLBACK_FAILED") {
    edit.change(kOperationTable, edit.stack().id + "#before", operation.before);
  } else {
    edit.change(kOperationTable, edit.stack().id + "#before", std::nullopt);
  }
  edit.end_operation();
}

std::vector<std::string> Service::items_of(const StackRecord& stack,
                                           const OperationRecord& operation) const {
  std::vector<ResourceRecord> resources;
  for (const auto& [key, record] : with_prefix(parts_.catalog, kResourceTable, stack.id + "#")) {
    resources.push_back(ResourceRecord::from_json(record));
  }
  const auto parsed = parsed_template(stack.content.processed_hash);
  std::set<std::string> wanted;
  std::vector<std::string> order;
  if (parsed != nullptr) {
    const auto conditions =
        templates::evaluate_conditions(*parsed, stack.content.parameters, surroundings_of(stack));
    for (const std::string& name : templates::creation_order(*parsed).value()) {
      const templates::Resource& resource = *parsed->resource(name);
      const bool holds =
          resource.condition.empty() || (conditions.ok() && conditions->at(resource.condition));
      if (!holds) continue;
      wanted.insert(name);
      order.push_back(name);
    }
  }
  if (operation.phase == "apply") return order;
  const bool cleanup = operation.phase == "cleanup" || operation.phase == "rollback-cleanup";
  std::vector<std::string> items = removal_order(resources);
  if (operation.phase == "rollback") std::reverse(items.begin(), items.end());
  if (!cleanup) return items;
  std::erase_if(items, [&](const std::string& name) {
    const auto record =
        std::find_if(resources.begin(), resources.end(),
                     [&name](const ResourceRecord& each) { return each.logical_id == name; });
    return wanted.contains(name) && !record->replaced;
  });
  return items;
}

std::optional<std::string> Service::denied_removal(const StackRecord& stack,
                                                   const OperationRecord& operation) const {
  const std::string& policy = operation.policy.empty() ? stack.policy : operation.policy;
  if (policy.empty()) return std::nullopt;
  OperationRecord cleanup = operation;
  cleanup.phase = "cleanup";
  for (const std::string& name : items_of(stack, cleanup)) {
    const auto record = find_resource(stack.id, name);
    if (!record || record->replaced) continue;  // the replacement was asked for already
    if (auto denied = denied_by(policy, {UpdateAction::kDelete, name, record->type})) return denied;
  }
  return std::nullopt;
}

::pawl::Result<void, std::string> Service::publish_outputs(StackEdit& edit) {
  StackRecord& stack = edit.stack();
  const auto parsed = parsed_template(stack.content.processed_hash);
  if (parsed == nullptr) return Err{std::string("The template cannot be read")};
  const auto conditions =
      templates::evaluate_conditions(*parsed, stack.content.parameters, surroundings_of(stack));
  if (!conditions.ok()) return Err{conditions.error().message};
  std::set<std::string> imports;
  const templates::Knowledge knowledge = knowledge_of(stack, &imports);
  const templates::Surroundings surroundings = surroundings_of(stack);
  const templates::Scope scope{*parsed, stack.content.parameters, surroundings, *conditions,
                               knowledge};
  json::Arena arena;
  std::vector<StackOutput> outputs = TRY(evaluated_outputs(scope));
  const std::string place = stack.account + ":" + stack.region + ":";
  std::map<std::string, std::string> exports;
  for (const StackOutput& output : outputs) {
    if (!output.export_name.empty()) exports[output.export_name] = output.value;
  }
  for (const auto& [key, record] : with_prefix(edit.view(), kExportTable, place)) {
    const std::string name = key.substr(place.size());
    const bool mine = record.starts_with(stack.id + "\n");
    const auto wanted = exports.find(name);
    if (!mine && wanted != exports.end()) {
      const std::string owner = record.substr(0, record.find('\n'));
      return Err{fmt::format("Export with name {} is already exported by stack {}. ", name,
                             StackRecord::from_json(*edit.view().find(kStackTable, owner)).name)};
    }
    if (!mine || (wanted != exports.end() && record == stack.id + "\n" + wanted->second)) continue;
    const auto users = with_prefix(edit.view(), kImportTable, key + "#");
    if (!users.empty()) {
      const std::string user = users[0].first.substr(key.size() + 1);
      const std::string* user_record = edit.view().find(kStackTable, user);
      return Err{fmt::format("Export {} cannot be {} as it is in use by {}", name,
                             wanted == exports.end() ? "deleted" : "updated",
                             user_record ? StackRecord::from_json(*user_record).name : user)};
    }
    if (wanted == exports.end()) edit.change(kExportTable, key, std::nullopt);
  }
  for (const auto& [name, value] : exports) {
    edit.change(kExportTable, place + name, stack.id + "\n" + value);
  }
  // What the template imports, whether evaluated now or with its resources.
  for (const templates::Resource& resource : parsed->resources) {
    if (!resource.condition.empty() && !conditions->at(resource.condition)) continue;
    static_cast<void>(templates::evaluate(arena, scope, resource.properties));
  }
  for (const auto& [key, record] : with_prefix(edit.view(), kImportTable, place)) {
    if (key.ends_with("#" + stack.id)) edit.change(kImportTable, key, std::nullopt);
  }
  for (const std::string& name : imports) {
    edit.change(kImportTable, place + name + "#" + stack.id, "{}");
  }
  stack.content.outputs = std::move(outputs);
  return {};
}

templates::Knowledge Service::knowledge_of(const StackRecord& stack,
                                           std::set<std::string>* imports) const {
  templates::Knowledge knowledge;
  knowledge.resource = [this, id = stack.id](const std::string& resource,
                                             const std::string& attribute)
      -> ::pawl::Result<std::optional<json::Value>, templates::TemplateError> {
    const auto record = find_resource(id, resource);
    if (!record) {
      return templates::template_error(fmt::format(
          "Unresolved resource dependencies [{}] in the Resources block of the template",
          resource));
    }
    if (attribute.empty()) {
      return std::optional(json::Value::of(json::Node::string(record->physical_id)));
    }
    const json::Value attributes = json::Value::trusted(record->attributes);
    if (const json::Node* value = attributes.root().find(attribute)) {
      return std::optional(json::Value::of(*value));
    }
    return templates::template_error(
        fmt::format("Attribute '{}' does not exist of resource {}", attribute, resource));
  };
  knowledge.exported = [this, imports,
                        place = stack.account + ":" + stack.region + ":"](const std::string& name)
      -> ::pawl::Result<std::optional<std::string>, templates::TemplateError> {
    const auto record = parts_.catalog.get(kExportTable, place + name);
    if (!record) return templates::template_error(fmt::format("No export named {} found", name));
    if (imports != nullptr) imports->insert(name);
    return std::optional(record->substr(record->find('\n') + 1));
  };
  const runtime::Principal principal{
      .account = stack.account, .region = stack.region, .access_key = {}};
  knowledge.dynamic = [this, principal](const std::string& service, const std::string& rest)
      -> ::pawl::Result<std::optional<std::string>, templates::TemplateError> {
    const std::string name = rest.substr(0, rest.find(':'));
    if (service == "ssm" || service == "ssm-secure") {
      if (auto value = stored_parameters(principal)(name)) return std::optional(std::move(*value));
    }
    return templates::template_error(fmt::format(
        "Could not resolve the dynamic reference {{{{resolve:{}:{}}}}}", service, rest));
  };
  return knowledge;
}

}  // namespace pawl::cloudformation
