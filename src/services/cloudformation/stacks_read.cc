// What is told of stacks.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/utc_text.h"
#include "services/cloudformation/page.h"
#include "services/cloudformation/service.h"

namespace pawl::cloudformation {

namespace {

using json::Writer;

void write_optional(Writer& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out.key(name).string(text);
}

// Lists that are empty are not there at all, as with CloudFormation; tags and topics are.
void write_parameters(Writer& out, const StackContent& content, const templates::Template* parsed) {
  if (content.parameters.empty()) return;
  out.key("Parameters").begin_array();
  for (const auto& [name, value] : content.parameters) {
    const templates::Parameter* declared = parsed ? parsed->parameter(name) : nullptr;
    out.begin_object().key("ParameterKey").string(name).key("ParameterValue");
    out.string(declared && declared->no_echo ? "****" : value.given);
    if (declared && declared->is_ssm()) out.key("ResolvedValue").string(value.value);
    out.end_object();
  }
  out.end_array();
}

void write_capabilities(Writer& out, const StackContent& content) {
  if (content.capabilities.empty()) return;
  out.key("Capabilities").begin_array();
  for (const std::string& capability : content.capabilities) out.string(capability);
  out.end_array();
}

void write_outputs(Writer& out, const StackContent& content) {
  if (content.outputs.empty()) return;
  out.key("Outputs").begin_array();
  for (const StackOutput& output : content.outputs) {
    out.begin_object().key("OutputKey").string(output.key).key("OutputValue").string(output.value);
    write_optional(out, "Description", output.description);
    write_optional(out, "ExportName", output.export_name);
    out.end_object();
  }
  out.end_array();
}

void write_stack(Writer& out, const StackRecord& stack, const templates::Template* parsed) {
  const StackContent& content = stack.content;
  out.begin_object();
  out.key("StackId").string(stack.id).key("StackName").string(stack.name);
  write_optional(out, "ChangeSetId", stack.change_set_id);
  write_optional(out, "Description", content.description);
  write_parameters(out, content, parsed);
  out.key("CreationTime").string(iso_time_millis(stack.creation_time));
  if (stack.update_time != 0) out.key("LastUpdatedTime").string(iso_time_millis(stack.update_time));
  if (stack.deletion_time != 0)
    out.key("DeletionTime").string(iso_time_millis(stack.deletion_time));
  out.key("RollbackConfiguration").begin_object().end_object();
  out.key("StackStatus").string(stack.status);
  write_optional(out, "StackStatusReason", stack.status_reason);
  out.key("DisableRollback").boolean(stack.on_failure == OnFailure::kDoNothing);
  out.key("NotificationARNs").begin_array();
  for (const std::string& arn : content.notification_arns) out.string(arn);
  out.end_array();
  if (stack.timeout_minutes != 0) out.key("TimeoutInMinutes").integer(stack.timeout_minutes);
  write_capabilities(out, content);
  write_outputs(out, content);
  write_optional(out, "RoleARN", content.role_arn);
  out.key("Tags");
  write_tags(out, content.tags);
  out.key("EnableTerminationProtection").boolean(stack.termination_protected);
  write_optional(out, "ParentId", stack.parent_id);
  write_optional(out, "RootId", stack.root_id);
  out.key("DriftInformation").begin_object().key("StackDriftStatus").string("NOT_CHECKED");
  out.end_object().end_object();
}

void write_resource(Writer& out, const ResourceRecord& resource, std::string_view time_name) {
  out.key("LogicalResourceId").string(resource.logical_id);
  write_optional(out, "PhysicalResourceId", resource.physical_id);
  out.key("ResourceType").string(resource.type);
  out.key(time_name).string(iso_time_millis(resource.time));
  out.key("ResourceStatus").string(resource.status);
  write_optional(out, "ResourceStatusReason", resource.status_reason);
  out.key("DriftInformation").begin_object().key("StackResourceDriftStatus");
  out.string("NOT_CHECKED").end_object();
}

json::Value done(std::string text) { return json::Value::trusted(std::move(text)); }

constexpr std::size_t kEventsPage = 100;
constexpr std::size_t kListPage = 100;

std::vector<ResourceRecord> records_of(const runtime::Catalog& catalog, const std::string& id) {
  std::vector<ResourceRecord> resources;
  for (const auto& [key, record] : with_prefix(catalog, kResourceTable, id + "#")) {
    resources.push_back(ResourceRecord::from_json(record));
  }
  return resources;
}

struct Listing {
  std::string_view table;
  std::size_t page;
  std::string_view member;  // of the answer
};

// A page of a stack's records, in the order of their keys, from the request's NextToken on.
std::string page_of_stack(const runtime::Catalog& catalog, const StackRecord& stack,
                          const Fields& fields, const Listing& listing,
                          const std::function<void(Writer&, const std::string& record)>& write) {
  const std::string prefix = stack.id + "#";
  const std::string after = fields.has("NextToken") ? read_token(fields.text("NextToken")) : prefix;
  const auto records = catalog.list(listing.table, after, listing.page + 1);
  std::string text;
  Writer out(text);
  out.begin_object().key(listing.member).begin_array();
  std::size_t count = 0;
  for (; count < records.size() && count < listing.page; ++count) {
    if (!records[count].first.starts_with(prefix)) break;
    write(out, records[count].second);
  }
  const bool more = records.size() > count && records[count].first.starts_with(prefix);
  out.end_array();
  if (more) out.key("NextToken").string(make_token(records[count - 1].first));
  out.end_object();
  return text;
}

}  // namespace

Service::Result Service::describe_stacks(const Call& call) {
  const Fields fields(call.input);
  std::string text;
  Writer out(text);
  out.begin_object().key("Stacks").begin_array();
  const std::string name = fields.text("StackName");
  std::string next;
  if (!name.empty()) {
    const StackRecord stack = TRY(stack_named(call, name));
    write_stack(out, stack, parsed_template(stack.content.processed_hash).get());
  } else {
    const std::string place = call.principal.account + ":" + call.principal.region + ":";
    const std::string after =
        fields.has("NextToken") ? read_token(fields.text("NextToken")) : place;
    std::size_t count = 0;
    for (const auto& [key, id] : parts_.catalog.list(kNameTable, after, kListPage + 1)) {
      if (!key.starts_with(place)) break;
      if (count++ == kListPage) break;
      next = key;
      if (const auto stack = find_stack(id)) {
        write_stack(out, *stack, parsed_template(stack->content.processed_hash).get());
      }
    }
    if (count <= kListPage) next.clear();
  }
  out.end_array();
  if (!next.empty()) out.key("NextToken").string(make_token(next));
  out.end_object();
  return done(std::move(text));
}

Service::Result Service::list_stacks(const Call& call) {
  const Fields fields(call.input);
  const std::vector<std::string> wanted = fields.texts("StackStatusFilter");
  std::vector<StackRecord> stacks;
  parts_.catalog.for_each(kStackTable, [&](const std::string&, const std::string& record) {
    StackRecord stack = StackRecord::from_json(record);
    if (stack.account != call.principal.account || stack.region != call.principal.region) return;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), stack.status) == wanted.end()) {
      return;
    }
    stacks.push_back(std::move(stack));
  });
  std::sort(stacks.begin(), stacks.end(), [](const StackRecord& left, const StackRecord& right) {
    return std::pair(-left.creation_time, left.id) < std::pair(-right.creation_time, right.id);
  });
  const std::string after = read_token(fields.text("NextToken"));
  std::string text;
  Writer out(text);
  out.begin_object().key("StackSummaries").begin_array();
  bool begun = after.empty();
  std::size_t count = 0;
  std::string last, next;
  for (const StackRecord& stack : stacks) {
    if (!begun) {
      begun = stack.id == after;
      continue;
    }
    if (count++ == kListPage) {
      next = last;
      break;
    }
    last = stack.id;
    out.begin_object().key("StackId").string(stack.id).key("StackName").string(stack.name);
    write_optional(out, "TemplateDescription", stack.content.description);
    out.key("CreationTime").string(iso_time_millis(stack.creation_time));
    if (stack.update_time != 0)
      out.key("LastUpdatedTime").string(iso_time_millis(stack.update_time));
    if (stack.deletion_time != 0)
      out.key("DeletionTime").string(iso_time_millis(stack.deletion_time));
    out.key("StackStatus").string(stack.status);
    write_optional(out, "StackStatusReason", stack.status_reason);
    write_optional(out, "ParentId", stack.parent_id);
    write_optional(out, "RootId", stack.root_id);
    out.key("DriftInformation").begin_object().key("StackDriftStatus").string("NOT_CHECKED");
    out.end_object().end_object();
  }
  out.end_array();
  if (!next.empty()) out.key("NextToken").string(make_token(next));
  out.end_object();
  return done(std::move(text));
}

Service::Result Service::describe_events(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kBracketed));
  return done(page_of_stack(parts_.catalog, stack, fields,
                            {kEventTable, kEventsPage, "StackEvents"},
                            [](Writer& out, const std::string& record) { out.raw(record); }));
}

Service::Result Service::describe_resource(const Call& call) {
  const Fields fields(call.input);
  const std::string logical_id = TRY(fields.required("LogicalResourceId"));
  const StackRecord stack = TRY(stack_of(call, StackWords::kQuoted));
  const auto resource = find_resource(stack.id, logical_id);
  if (!resource) {
    return Err{validation_error(
        fmt::format("Resource {} does not exist for stack {}", logical_id, stack.name))};
  }
  std::string text;
  Writer out(text);
  out.begin_object().key("StackResourceDetail").begin_object();
  out.key("StackName").string(stack.name).key("StackId").string(stack.id);
  write_resource(out, *resource, "LastUpdatedTimestamp");
  out.key("Metadata").string(resource->metadata.empty() ? "{}" : resource->metadata);
  out.end_object().end_object();
  return done(std::move(text));
}

Service::Result Service::describe_resources(const Call& call) {
  const Fields fields(call.input);
  const std::string physical_id = fields.text("PhysicalResourceId");
  const std::string logical_id = fields.text("LogicalResourceId");
  std::string name = fields.text("StackName");
  if (name.empty() && physical_id.empty()) {
    return Err{validation_error("Either StackName or PhysicalResourceId must be specified")};
  }
  if (name.empty()) {
    parts_.catalog.for_each(kResourceTable, [&](const std::string& key, const std::string& record) {
      if (ResourceRecord::from_json(record).physical_id == physical_id) {
        name = key.substr(0, key.find('#'));
      }
    });
    if (name.empty()) return Err{validation_error("Stack for " + physical_id + " does not exist")};
  }
  const StackRecord stack = TRY(stack_named(call, name));
  std::string text;
  Writer out(text);
  out.begin_object().key("StackResources").begin_array();
  for (const ResourceRecord& resource : records_of(parts_.catalog, stack.id)) {
    if (!logical_id.empty() && resource.logical_id != logical_id) continue;
    out.begin_object().key("StackName").string(stack.name).key("StackId").string(stack.id);
    write_resource(out, resource, "Timestamp");
    out.end_object();
  }
  out.end_array().end_object();
  return done(std::move(text));
}

Service::Result Service::list_resources(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kWithId));
  return done(page_of_stack(
      parts_.catalog, stack, fields, {kResourceTable, kListPage, "StackResourceSummaries"},
      [](Writer& out, const std::string& record) {
        out.begin_object();
        write_resource(out, ResourceRecord::from_json(record), "LastUpdatedTimestamp");
        out.end_object();
      }));
}

Service::Result Service::list_exports(const Call& call) {
  const std::string place = call.principal.account + ":" + call.principal.region + ":";
  std::string text;
  Writer out(text);
  out.begin_object().key("Exports").begin_array();
  for (const auto& [key, record] : with_prefix(parts_.catalog, kExportTable, place)) {
    const std::size_t end = record.find('\n');
    out.begin_object().key("ExportingStackId").string(record.substr(0, end));
    out.key("Name").string(key.substr(place.size())).key("Value").string(record.substr(end + 1));
    out.end_object();
  }
  out.end_array().end_object();
  return done(std::move(text));
}

Service::Result Service::list_imports(const Call& call) {
  const Fields fields(call.input);
  const std::string name = TRY(fields.required("ExportName"));
  const std::string place = call.principal.account + ":" + call.principal.region + ":";
  const auto uses = with_prefix(parts_.catalog, kImportTable, place + name + "#");
  if (uses.empty()) {
    return Err{validation_error(fmt::format("Export '{}' is not imported by any stack.", name))};
  }
  std::string text;
  Writer out(text);
  out.begin_object().key("Imports").begin_array();
  for (const auto& [key, record] : uses) {
    const auto stack = find_stack(key.substr(place.size() + name.size() + 1));
    if (stack) out.string(stack->name);
  }
  out.end_array().end_object();
  return done(std::move(text));
}

}  // namespace pawl::cloudformation
