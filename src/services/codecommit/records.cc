#include "services/codecommit/records.h"

#include "json/record.h"
#include "services/codecommit/fields.h"

namespace pawl::codecommit {

template <class Fields>
void describe(Fields& fields, RepositoryRecord& record) {
  fields("account", record.account);
  fields("region", record.region);
  fields("name", record.name);
  fields("id", record.id);
  fields("description", record.description);
  fields("defaultBranch", record.default_branch);
  fields("creationTime", record.creation_time);
  fields("modificationTime", record.modification_time);
  fields("tags", record.tags);
}

std::string RepositoryRecord::arn() const {
  return "arn:aws:codecommit:" + region + ":" + account + ":" + name;
}

std::string RepositoryRecord::key() const {
  return repository_key({.account = account, .region = region, .access_key = {}}, name);
}

std::string repository_key(const runtime::Principal& principal, std::string_view name) {
  return principal.account + "/" + principal.region + "/" + std::string(name);
}

std::string RepositoryRecord::to_json() const { return json::record_text(*this); }

std::optional<RepositoryRecord> RepositoryRecord::from_json(const std::string& record) {
  if (!json::Value::parse(record).ok()) return std::nullopt;
  auto read = json::read_record<RepositoryRecord>(record);
  if (read.id.empty()) return std::nullopt;
  return read;
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
