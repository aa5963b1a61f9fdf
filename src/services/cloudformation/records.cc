#include "services/cloudformation/records.h"

#include <ctime>

#include "json/number.h"
#include "json/writer.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;

std::string text_in(Node node, std::string_view name) {
  const Node* found = node.find(name);
  return found != nullptr && found->is_string() ? std::string(found->string()) : std::string();
}

std::int64_t integer_in(Node node, std::string_view name) {
  const Node* found = node.find(name);
  if (found == nullptr || !found->is_number()) return 0;
  return json::to_int64(found->number_text()).value_or(0);
}

bool flag_in(Node node, std::string_view name) {
  const Node* found = node.find(name);
  return found != nullptr && found->is_boolean() && found->boolean();
}

std::vector<std::string> texts_in(Node node, std::string_view name) {
  std::vector<std::string> texts;
  const Node* found = node.find(name);
  if (found == nullptr) return texts;
  for (const Node& element : *found) texts.emplace_back(element.string());
  return texts;
}

void write_texts(Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out.key(name).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

void write_text(Writer& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out.key(name).string(text);
}

void write_integer(Writer& out, std::string_view name, std::int64_t value) {
  if (value != 0) out.key(name).integer(value);
}

void write_flag(Writer& out, std::string_view name, bool value) {
  if (value) out.key(name).boolean(true);
}

void write_content(Writer& out, const StackContent& content) {
  out.key("content").begin_object();
  write_text(out, "template", content.template_hash);
  write_text(out, "processed", content.processed_hash);
  out.key("parameters").begin_object();
  for (const auto& [name, value] : content.parameters) {
    out.key(name).begin_array().string(value.given).string(value.value).end_array();
  }
  out.end_object().key("tags").begin_array();
  for (const Tag& tag : content.tags) {
    out.begin_array().string(tag.key).string(tag.value).end_array();
  }
  out.end_array().key("outputs").begin_array();
  for (const StackOutput& output : content.outputs) {
    out.begin_array().string(output.key).string(output.value).string(output.description);
    out.string(output.export_name).end_array();
  }
  out.end_array();
  write_texts(out, "capabilities", content.capabilities);
  write_texts(out, "notificationArns", content.notification_arns);
  write_text(out, "roleArn", content.role_arn);
  write_text(out, "description", content.description);
  out.end_object();
}

StackContent read_content(Node record) {
  StackContent content;
  const Node* found = record.find("content");
  if (found == nullptr) return content;
  const Node node = *found;
  content.template_hash = text_in(node, "template");
  content.processed_hash = text_in(node, "processed");
  if (const Node* parameters = node.find("parameters")) {
    for (const json::Member& each : parameters->members()) {
      content.parameters[std::string(each.key.string())] = {std::string(each.value.at(0).string()),
                                                            std::string(each.value.at(1).string())};
    }
  }
  if (const Node* tags = node.find("tags")) {
    for (const Node& tag : *tags) {
      content.tags.push_back({std::string(tag.at(0).string()), std::string(tag.at(1).string())});
    }
  }
  if (const Node* outputs = node.find("outputs")) {
    for (const Node& each : *outputs) {
      content.outputs.push_back({std::string(each.at(0).string()), std::string(each.at(1).string()),
                                 std::string(each.at(2).string()),
                                 std::string(each.at(3).string())});
    }
  }
  content.capabilities = texts_in(node, "capabilities");
  content.notification_arns = texts_in(node, "notificationArns");
  content.role_arn = text_in(node, "roleArn");
  content.description = text_in(node, "description");
  return content;
}

}  // namespace

std::string StackRecord::to_json() const {
  std::string text;
  Writer out(text);
  out.begin_object();
  out.key("id").string(id).key("name").string(name).key("account").string(account);
  out.key("region").string(region).key("status").string(status);
  write_text(out, "reason", status_reason);
  write_content(out, content);
  write_integer(out, "created", creation_time);
  write_integer(out, "updated", update_time);
  write_integer(out, "deleted", deletion_time);
  write_text(out, "changeSet", change_set_id);
  write_text(out, "parent", parent_id);
  write_text(out, "root", root_id);
  write_text(out, "policy", policy);
  write_integer(out, "onFailure", static_cast<int>(on_failure));
  write_integer(out, "timeout", timeout_minutes);
  write_flag(out, "protected", termination_protected);
  write_integer(out, "events", event_count);
  out.end_object();
  return text;
}

StackRecord StackRecord::from_json(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node node = value.root();
  StackRecord stack;
  stack.id = text_in(node, "id");
  stack.name = text_in(node, "name");
  stack.account = text_in(node, "account");
  stack.region = text_in(node, "region");
  stack.status = text_in(node, "status");
  stack.status_reason = text_in(node, "reason");
  stack.content = read_content(node);
  stack.creation_time = integer_in(node, "created");
  stack.update_time = integer_in(node, "updated");
  stack.deletion_time = integer_in(node, "deleted");
  stack.change_set_id = text_in(node, "changeSet");
  stack.parent_id = text_in(node, "parent");
  stack.root_id = text_in(node, "root");
  stack.policy = text_in(node, "policy");
  stack.on_failure = static_cast<OnFailure>(integer_in(node, "onFailure"));
  stack.timeout_minutes = integer_in(node, "timeout");
  stack.termination_protected = flag_in(node, "protected");
  stack.event_count = integer_in(node, "events");
  return stack;
}

std::string ResourceRecord::to_json() const {
  std::string text;
  Writer out(text);
  out.begin_object();
  out.key("logical").string(logical_id).key("type").string(type);
  write_text(out, "physical", physical_id);
  out.key("status").string(status);
  write_text(out, "reason", status_reason);
  write_integer(out, "time", time);
  out.key("properties").raw(properties).key("attributes").raw(attributes);
  write_text(out, "shown", shown);
  write_text(out, "metadata", metadata);
  write_texts(out, "needs", needs);
  out.key("deletionPolicy").string(deletion_policy).key("replacePolicy").string(replace_policy);
  write_text(out, "settled", settled);
  write_text(out, "begun", begun);
  write_text(out, "before", before);
  write_flag(out, "replaced", replaced);
  out.end_object();
  return text;
}

ResourceRecord ResourceRecord::from_json(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node node = value.root();
  ResourceRecord resource;
  resource.logical_id = text_in(node, "logical");
  resource.type = text_in(node, "type");
  resource.physical_id = text_in(node, "physical");
  resource.status = text_in(node, "status");
  resource.status_reason = text_in(node, "reason");
  resource.time = integer_in(node, "time");
  resource.properties = json::print(*node.find("properties"));
  resource.attributes = json::print(*node.find("attributes"));
  resource.shown = text_in(node, "shown");
  resource.metadata = text_in(node, "metadata");
  resource.needs = texts_in(node, "needs");
  resource.deletion_policy = text_in(node, "deletionPolicy");
  resource.replace_policy = text_in(node, "replacePolicy");
  resource.settled = text_in(node, "settled");
  resource.begun = text_in(node, "begun");
  resource.before = text_in(node, "before");
  resource.replaced = flag_in(node, "replaced");
  return resource;
}

std::string OperationRecord::to_json() const {
  std::string text;
  Writer out(text);
  out.begin_object();
  out.key("id").string(id).key("kind").string(kind).key("phase").string(phase);
  write_text(out, "token", token);
  write_text(out, "failure", failure);
  write_texts(out, "failed", failed);
  write_text(out, "failedVerb", failed_verb);
  write_flag(out, "keeps", keeps_on_failure);
  write_flag(out, "cancelled", cancelled);
  write_texts(out, "retained", retained);
  write_text(out, "changeSet", change_set);
  write_text(out, "policy", policy);
  write_text(out, "before", before);
  out.end_object();
  return text;
}

OperationRecord OperationRecord::from_json(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node node = value.root();
  OperationRecord operation;
  operation.id = text_in(node, "id");
  operation.kind = text_in(node, "kind");
  operation.phase = text_in(node, "phase");
  operation.token = text_in(node, "token");
  operation.failure = text_in(node, "failure");
  operation.failed = texts_in(node, "failed");
  operation.failed_verb = text_in(node, "failedVerb");
  operation.keeps_on_failure = flag_in(node, "keeps");
  operation.cancelled = flag_in(node, "cancelled");
  operation.retained = texts_in(node, "retained");
  operation.change_set = text_in(node, "changeSet");
  operation.policy = text_in(node, "policy");
  operation.before = text_in(node, "before");
  return operation;
}

std::string ChangeSetRecord::to_json() const {
  std::string text;
  Writer out(text);
  out.begin_object();
  out.key("id").string(id).key("name").string(name).key("type").string(type);
  write_text(out, "description", description);
  out.key("stackId").string(stack_id).key("stackName").string(stack_name);
  out.key("status").string(status).key("executionStatus").string(execution_status);
  write_text(out, "reason", status_reason);
  write_integer(out, "created", creation_time);
  write_content(out, content);
  out.key("changes").raw(changes);
  write_text(out, "clientToken", client_token);
  write_integer(out, "onFailure", static_cast<int>(on_failure));
  write_text(out, "parent", parent_id);
  write_text(out, "root", root_id);
  out.end_object();
  return text;
}

ChangeSetRecord ChangeSetRecord::from_json(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node node = value.root();
  ChangeSetRecord set;
  set.id = text_in(node, "id");
  set.name = text_in(node, "name");
  set.type = text_in(node, "type");
  set.description = text_in(node, "description");
  set.stack_id = text_in(node, "stackId");
  set.stack_name = text_in(node, "stackName");
  set.status = text_in(node, "status");
  set.execution_status = text_in(node, "executionStatus");
  set.status_reason = text_in(node, "reason");
  set.creation_time = integer_in(node, "created");
  set.content = read_content(node);
  set.changes = json::print(*node.find("changes"));
  set.client_token = text_in(node, "clientToken");
  set.on_failure = static_cast<OnFailure>(integer_in(node, "onFailure"));
  set.parent_id = text_in(node, "parent");
  set.root_id = text_in(node, "root");
  return set;
}

std::string resource_key(std::string_view stack_id, std::string_view logical_id) {
  return std::string(stack_id) + "#" + std::string(logical_id);
}

std::string change_set_key(std::string_view stack_id, std::string_view name) {
  return std::string(stack_id) + "#" + std::string(name);
}

std::vector<std::pair<std::string, std::string>> with_prefix(const View& view,
                                                             std::string_view table,
                                                             std::string_view prefix) {
  std::vector<std::pair<std::string, std::string>> found;
  const runtime::Catalog::Table& records = view.table(table);
  for (auto next = records.lower_bound(prefix); next != records.end(); ++next) {
    if (!next->first.starts_with(prefix)) break;
    found.emplace_back(next->first, next->second);
  }
  return found;
}

std::vector<std::pair<std::string, std::string>> with_prefix(const runtime::Catalog& catalog,
                                                             std::string_view table,
                                                             std::string_view prefix) {
  constexpr std::size_t kPage = 256;
  std::vector<std::pair<std::string, std::string>> found;
  std::string after(prefix);
  for (;;) {
    auto page = catalog.list(table, after, kPage);
    for (auto& [key, record] : page) {
      if (!key.starts_with(prefix)) return found;
      after = key;
      found.emplace_back(std::move(key), std::move(record));
    }
    if (page.size() < kPage) return found;
  }
}

std::string iso_time(WallMillis time) {
  const std::time_t seconds = time / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  return std::string(text, length) + "." + std::to_string(1000 + time % 1000).substr(1) + "Z";
}

}  // namespace pawl::cloudformation
