#include "services/cloudformation/records.h"

#include <ctime>

#include "json/record.h"

namespace pawl::templates {

auto row_of(ParameterValue& parameter) { return std::tie(parameter.given, parameter.value); }

}  // namespace pawl::templates

namespace pawl::cloudformation {

template <class Fields>
void describe(Fields& fields, StackContent& content) {
  fields("template", content.template_hash);
  fields("processed", content.processed_hash);
  fields("parameters", content.parameters);
  fields("tags", content.tags);
  fields("outputs", content.outputs);
  fields("capabilities", content.capabilities);
  fields("notificationArns", content.notification_arns);
  fields("roleArn", content.role_arn);
  fields("description", content.description);
}

template <class Fields>
void describe(Fields& fields, StackRecord& stack) {
  fields("id", stack.id);
  fields("name", stack.name);
  fields("account", stack.account);
  fields("region", stack.region);
  fields("status", stack.status);
  fields("reason", stack.status_reason);
  fields("content", stack.content);
  fields("created", stack.creation_time);
  fields("updated", stack.update_time);
  fields("deleted", stack.deletion_time);
  fields("changeSet", stack.change_set_id);
  fields("parent", stack.parent_id);
  fields("root", stack.root_id);
  fields("policy", stack.policy);
  fields("onFailure", stack.on_failure);
  fields("timeout", stack.timeout_minutes);
  fields("protected", stack.termination_protected);
  fields("creationToken", stack.creation_token);
  fields("events", stack.event_count);
}

template <class Fields>
void describe(Fields& fields, ResourceRecord& resource) {
  fields("logical", resource.logical_id);
  fields("type", resource.type);
  fields("physical", resource.physical_id);
  fields("status", resource.status);
  fields("reason", resource.status_reason);
  fields("time", resource.time);
  fields.json("properties", resource.properties);
  fields.json("attributes", resource.attributes);
  fields("shown", resource.shown);
  fields("metadata", resource.metadata);
  fields("needs", resource.needs);
  fields("deletionPolicy", resource.deletion_policy);
  fields("replacePolicy", resource.replace_policy);
  fields("settled", resource.settled);
  fields("begun", resource.begun);
  fields("before", resource.before);
  fields("replaced", resource.replaced);
}

template <class Fields>
void describe(Fields& fields, OperationRecord& operation) {
  fields("id", operation.id);
  fields("kind", operation.kind);
  fields("phase", operation.phase);
  fields("token", operation.token);
  fields("failure", operation.failure);
  fields("failed", operation.failed);
  fields("failedVerb", operation.failed_verb);
  fields("keeps", operation.keeps_on_failure);
  fields("cancelled", operation.cancelled);
  fields("retained", operation.retained);
  fields("changeSet", operation.change_set);
  fields("policy", operation.policy);
  fields("before", operation.before);
}

template <class Fields>
void describe(Fields& fields, ChangeSetRecord& set) {
  fields("id", set.id);
  fields("name", set.name);
  fields("type", set.type);
  fields("description", set.description);
  fields("stackId", set.stack_id);
  fields("stackName", set.stack_name);
  fields("status", set.status);
  fields("executionStatus", set.execution_status);
  fields("reason", set.status_reason);
  fields("created", set.creation_time);
  fields("content", set.content);
  fields.json("changes", set.changes);
  fields("clientToken", set.client_token);
  fields("onFailure", set.on_failure);
  fields("parent", set.parent_id);
  fields("root", set.root_id);
}

auto row_of(Tag& tag) { return std::tie(tag.key, tag.value); }
auto row_of(StackOutput& output) {
  return std::tie(output.key, output.value, output.description, output.export_name);
}

std::string StackRecord::to_json() const { return json::record_text(*this); }

StackRecord StackRecord::from_json(std::string_view record) {
  return json::read_record<StackRecord>(record);
}

std::string ResourceRecord::to_json() const { return json::record_text(*this); }

ResourceRecord ResourceRecord::from_json(std::string_view record) {
  return json::read_record<ResourceRecord>(record);
}

std::string OperationRecord::to_json() const { return json::record_text(*this); }

OperationRecord OperationRecord::from_json(std::string_view record) {
  return json::read_record<OperationRecord>(record);
}

std::string ChangeSetRecord::to_json() const { return json::record_text(*this); }

ChangeSetRecord ChangeSetRecord::from_json(std::string_view record) {
  return json::read_record<ChangeSetRecord>(record);
}

std::string resource_key(std::string_view stack_id, std::string_view logical_id) {
  return std::string(stack_id) + "#" + std::string(logical_id);
}

std::string change_set_key(std::string_view stack_id, std::string_view name) {
  return std::string(stack_id) + "#" + std::string(name);
}

}  // namespace pawl::cloudformation
