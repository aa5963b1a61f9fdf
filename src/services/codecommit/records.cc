#include "services/codecommit/records.h"

#include "services/codecommit/fields.h"

namespace pawl::codecommit {

std::string RepositoryRecord::arn() const {
  return "arn:aws:codecommit:" + region + ":" + account + ":" + name;
}

std::string RepositoryRecord::key() const {
  return repository_key({.account = account, .region = region, .access_key = {}}, name);
}

std::string repository_key(const runtime::Principal& principal, std::string_view name) {
  return principal.account + "/" + principal.region + "/" + std::string(name);
}

std::string RepositoryRecord::to_json() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("account").string(account).key("region").string(region).key("name").string(name);
  out.key("id").string(id).key("description").string(description);
  out.key("defaultBranch").string(default_branch);
  out.key("creationTime").integer(creation_time).key("modificationTime").integer(modification_time);
  out.key("tags").begin_object();
  for (const auto& [key, value] : tags) out.key(key).string(value);
  out.end_object().end_object();
  return text;
}

std::optional<RepositoryRecord> RepositoryRecord::from_json(const std::string& record) {
  const auto parsed = json::Value::parse(record);
  if (!parsed.ok()) return std::nullopt;
  const Fields fields(parsed->root());
  if (!fields.text("id")) return std::nullopt;
  return RepositoryRecord{.account = fields.text_or("account", ""),
                          .region = fields.text_or("region", ""),
                          .name = fields.text_or("name", ""),
                          .id = fields.text_or("id", ""),
                          .description = fields.text_or("description", ""),
                          .default_branch = fields.text_or("defaultBranch", ""),
                          .creation_time = fields.integer("creationTime").value_or(0),
                          .modification_time = fields.integer("modificationTime").value_or(0),
                          .tags = read_tags(fields.node("tags"))};
}

std::map<std::string, std::string> read_tags(const json::Node* tags) {
  std::map<std::string, std::string> read;
  if (!tags || !tags->is_object()) return read;
  for (const json::Member& tag : tags->members()) {
    if (tag.value.is_string()) read[std::string(tag.key.string())] = tag.value.string();
  }
  return read;
}

// Seconds since 1970 with milliseconds, as json-1.1 has them.
void write_time(json::Writer& out, WallMillis time) { out.real(static_cast<double>(time) / 1'000); }

void write_metadata(json::Writer& out, const RepositoryRecord& record,
                    const std::string& endpoint) {
  out.begin_object().key("accountId").string(record.account);
  out.key("repositoryId").string(record.id).key("repositoryName").string(record.name);
  if (!record.description.empty()) out.key("repositoryDescription").string(record.description);
  if (!record.default_branch.empty()) out.key("defaultBranch").string(record.default_branch);
  out.key("lastModifiedDate");
  write_time(out, record.modification_time);
  out.key("creationDate");
  write_time(out, record.creation_time);
  out.key("cloneUrlHttp").string(endpoint + "/v1/repos/" + record.name);
  out.key("Arn").string(record.arn()).end_object();
}

}  // namespace pawl::codecommit
