// What the catalog holds of a repository; its objects are in a folder of its own.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "json/value.h"
#include "json/writer.h"
#include "runtime/operations.h"

namespace pawl::codecommit {

inline constexpr std::string_view kRepositoryTable = "repositories";

struct RepositoryRecord {
  std::string account;
  std::string region;
  std::string name;
  std::string id;  // a UUID, and the folder's name
  std::string description;
  std::string default_branch;  // empty: nothing was committed yet
  WallMillis creation_time = 0;
  WallMillis modification_time = 0;
  std::map<std::string, std::string> tags{};

  std::string arn() const;
  std::string key() const;
  std::string to_json() const;
  static std::optional<RepositoryRecord> from_json(const std::string& record);
};

// Where the record of a caller's repository stands in the catalog.
std::string repository_key(const runtime::Principal& principal, std::string_view name);

void write_time(json::Writer& out, WallMillis time);
// {"repositoryMetadata": of DescribeRepository} without its name.
void write_metadata(json::Writer& out, const RepositoryRecord& record, const std::string& endpoint);

std::map<std::string, std::string> read_tags(const json::Node* tags);

}  // namespace pawl::codecommit
