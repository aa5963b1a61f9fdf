#include "services/cloudformation/stack_edit.h"

#include <fmt/format.h>

#include "base/rng.h"
#include "base/utc_text.h"
#include "json/writer.h"

namespace pawl::cloudformation {

namespace {

// Events are listed newest first: their keys count down.
constexpr std::int64_t kLastEvent = 9'999'999'999;

std::string event_uuid() {
  thread_local SystemRng rng;
  return make_uuid(rng);
}

}  // namespace

void StackEdit::write_event(const Event& event) {
  ++stack_.event_count;
  const bool of_stack = event.logical_id == stack_.name && event.physical_id == stack_.id;
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("StackId").string(stack_.id);
  out.key("EventId").string(of_stack ? event_uuid()
                                     : fmt::format("{}-{}-{}", event.logical_id, event.status,
                                                   event_uuid().substr(0, 23)));
  out.key("StackName").string(stack_.name);
  out.key("LogicalResourceId").string(event.logical_id);
  out.key("PhysicalResourceId").string(event.physical_id);
  out.key("ResourceType").string(event.type);
  out.key("Timestamp").string(iso_time_millis(now_));
  out.key("ResourceStatus").string(event.status);
  if (!event.reason.empty()) out.key("ResourceStatusReason").string(event.reason);
  if (!event.properties.empty()) out.key("ResourceProperties").string(event.properties);
  if (!token.empty()) out.key("ClientRequestToken").string(token);
  out.end_object();
  change(kEventTable, fmt::format("{}#{:010}", stack_.id, kLastEvent - stack_.event_count),
         std::move(text));
}

void StackEdit::set_status(std::string_view status, std::string_view reason) {
  stack_.status = status;
  stack_.status_reason = reason;
  write_event({stack_.name, stack_.id, "AWS::CloudFormation::Stack", std::string(status),
               std::string(reason), ""});
}

std::optional<ResourceRecord> StackEdit::resource(const std::string& logical_id) const {
  const std::string key = resource_key(stack_.id, logical_id);
  for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) {
    if (change->table != kResourceTable || change->key != key) continue;
    if (!change->record) return std::nullopt;
    return ResourceRecord::from_json(*change->record);
  }
  const std::string* record = view_.find(kResourceTable, key);
  if (record == nullptr) return std::nullopt;
  return ResourceRecord::from_json(*record);
}

std::vector<ResourceRecord> StackEdit::resources() const {
  std::vector<ResourceRecord> resources;
  for (const auto& [key, record] : with_prefix(view_, kResourceTable, stack_.id + "#")) {
    resources.push_back(ResourceRecord::from_json(record));
  }
  return resources;
}

void StackEdit::put(const ResourceRecord& resource) {
  change(kResourceTable, resource_key(stack_.id, resource.logical_id), resource.to_json());
}

void StackEdit::put(ResourceRecord& resource, std::string_view status, std::string_view reason) {
  resource.status = status;
  resource.status_reason = reason;
  resource.time = now_;
  add_event(resource);
  put(static_cast<const ResourceRecord&>(resource));
}

void StackEdit::erase(const std::string& logical_id) {
  change(kResourceTable, resource_key(stack_.id, logical_id), std::nullopt);
}

void StackEdit::add_event(const ResourceRecord& resource) {
  write_event({resource.logical_id, resource.physical_id, resource.type, resource.status,
               resource.status_reason,
               resource.shown.empty() ? resource.properties : resource.shown});
}

std::optional<OperationRecord> StackEdit::operation() const {
  const std::string* record = view_.find(kOperationTable, stack_.id);
  if (record == nullptr) return std::nullopt;
  return OperationRecord::from_json(*record);
}

void StackEdit::put(const OperationRecord& operation) {
  change(kOperationTable, stack_.id, operation.to_json());
}

void StackEdit::end_operation() { change(kOperationTable, stack_.id, std::nullopt); }

void StackEdit::change(std::string_view table, std::string key, std::optional<std::string> record) {
  changes_.push_back({std::string(table), std::move(key), std::move(record)});
}

Changes StackEdit::finish() {
  change(kStackTable, stack_.id, stack_.to_json());
  return std::move(changes_);
}

}  // namespace pawl::cloudformation
