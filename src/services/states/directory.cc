#include "services/states/directory.h"

#include <utility>

#include "asl/parse.h"
#include "base/digest.h"
#include "base/hex.h"
#include "json/writer.h"
#include "services/states/fields.h"

namespace pawl::states {

namespace {

WallMillis time_of(const Fields& fields, std::string_view name) {
  return fields.integer(name).value_or(0);
}

json::Value value_of(const Fields& fields, std::string_view name) {
  const json::Node* node = fields.node(name);
  return node ? json::Value::of(*node) : json::Value();
}

}  // namespace

json::Value MachineRecord::to_json() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("arn").string(arn).key("name").string(name).key("type").string(type);
  out.key("roleArn").string(role_arn).key("definition").string(definition_hash);
  out.key("creationTime").integer(creation_time).key("updateTime").integer(update_time);
  out.key("revisionId").string(revision_id).key("deleting").boolean(deleting);
  if (last_version > 0) out.key("lastVersion").integer(last_version);
  if (created_published) out.key("createdDescription").string(created_description);
  out.key("logging").raw(logging.text()).key("tracing").raw(tracing.text());
  out.key("encryption").raw(encryption.text());
  out.end_object();
  return json::Value::trusted(std::move(text));
}

std::optional<MachineRecord> MachineRecord::from_json(const json::Value& record) {
  const Fields fields(record);
  if (!fields.text("arn") || !fields.text("definition")) return std::nullopt;
  MachineRecord machine;
  machine.arn = fields.text_or("arn", "");
  machine.name = fields.text_or("name", "");
  machine.type = fields.text_or("type", "STANDARD");
  machine.role_arn = fields.text_or("roleArn", "");
  machine.definition_hash = fields.text_or("definition", "");
  machine.creation_time = time_of(fields, "creationTime");
  machine.update_time = time_of(fields, "updateTime");
  machine.revision_id = fields.text_or("revisionId", "");
  machine.deleting = fields.flag("deleting");
  machine.last_version = fields.integer("lastVersion").value_or(0);
  machine.created_published = fields.text("createdDescription").has_value();
  machine.created_description = fields.text_or("createdDescription", "");
  machine.logging = value_of(fields, "logging");
  machine.tracing = value_of(fields, "tracing");
  machine.encryption = value_of(fields, "encryption");
  return machine;
}

json::Value ActivityRecord::to_json() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("arn").string(arn).key("name").string(name);
  out.key("creationTime").integer(creation_time).key("encryption").raw(encryption.text());
  out.end_object();
  return json::Value::trusted(std::move(text));
}

std::optional<ActivityRecord> ActivityRecord::from_json(const json::Value& record) {
  const Fields fields(record);
  if (!fields.text("arn")) return std::nullopt;
  ActivityRecord activity;
  activity.arn = fields.text_or("arn", "");
  activity.name = fields.text_or("name", "");
  activity.creation_time = time_of(fields, "creationTime");
  activity.encryption = value_of(fields, "encryption");
  return activity;
}

std::string hash_of_definition(std::string_view type, std::string_view definition) {
  std::string text(type);
  text.append("\n").append(definition);
  return encode_hex(sha256(text));
}

std::shared_ptr<const MachineRecord> Directory::machine(std::string_view arn) const {
  {
    const std::shared_lock lock(mutex_);
    const auto found = machines_.find(arn);
    if (found != machines_.end()) return found->second;
  }
  // Read and remembered under one lock, so that a forget() in between is not undone.
  const std::unique_lock lock(mutex_);
  const auto stored = catalog_.get(kMachineTable, arn);
  if (!stored) return nullptr;
  auto record = MachineRecord::from_json(json::Value::trusted(*stored));
  if (!record) return nullptr;
  auto machine = std::make_shared<const MachineRecord>(std::move(*record));
  machines_.insert_or_assign(std::string(arn), machine);
  return machine;
}

void Directory::forget(std::string_view arn) {
  const std::unique_lock lock(mutex_);
  if (const auto found = machines_.find(arn); found != machines_.end()) machines_.erase(found);
}

void Directory::forget_definition(const std::string& hash) {
  const std::unique_lock lock(mutex_);
  definitions_.erase(hash);
}

bool Directory::has_activity(std::string_view arn) const {
  return catalog_.get(kActivityTable, arn).has_value();
}

std::optional<std::string> Directory::definition_text(const std::string& hash) const {
  const auto stored = catalog_.get(kDefinitionTable, hash);
  if (!stored) return std::nullopt;
  // "STANDARD\n<text>", the bytes that were hashed.
  return stored->substr(stored->find('\n') + 1);
}

std::shared_ptr<const asl::Machine> Directory::definition(const std::string& hash) const {
  {
    const std::shared_lock lock(mutex_);
    const auto found = definitions_.find(hash);
    if (found != definitions_.end()) return found->second;
  }
  const auto stored = catalog_.get(kDefinitionTable, hash);
  if (!stored) return nullptr;
  const std::size_t end_of_type = stored->find('\n');
  const asl::ParseOptions options{.type = stored->starts_with("EXPRESS\n")
                                              ? asl::MachineType::kExpress
                                              : asl::MachineType::kStandard,
                                  .mode = asl::ParseOptions::Mode::kLenient};
  auto outcome = asl::parse(std::string_view(*stored).substr(end_of_type + 1), options);
  if (!outcome.machine) return nullptr;
  const std::unique_lock lock(mutex_);
  return definitions_.emplace(hash, std::move(outcome.machine)).first->second;
}

}  // namespace pawl::states
