// What is published of a state machine: numbered versions, and aliases that route to them
// (step-functions.md A4.9 to A4.13).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "runtime/catalog.h"
#include "services/states/arns.h"
#include "services/states/directory.h"

namespace pawl::states {

// An immutable copy of a machine's revision under a number.
struct VersionRecord {
  std::int64_t number = 0;
  std::string description;
  WallMillis creation_time = 0;
  MachineRecord machine;  // as it was published

  std::string arn() const;
  json::Value to_json() const;
  static std::optional<VersionRecord> from_json(const json::Value& record);
};

struct Route {
  std::int64_t version = 0;
  std::int64_t weight = 0;  // per cent
  friend bool operator==(const Route&, const Route&) = default;
};

struct AliasRecord {
  std::string machine_arn;
  std::string name;
  std::optional<std::string> description;
  std::vector<Route> routes;
  WallMillis creation_time = 0;
  WallMillis update_time = 0;

  std::string arn() const;
  json::Value to_json() const;
  static std::optional<AliasRecord> from_json(const json::Value& record);
};

inline constexpr std::string_view kVersionTable = "versions";
inline constexpr std::string_view kAliasTable = "aliases";
inline constexpr std::size_t kVersionsMax = 1'000;
inline constexpr std::size_t kAliasesMax = 100;

// Keys in the catalog: a machine's versions stand together, the newest first; so do its aliases.
std::string version_key(std::string_view machine_arn, std::int64_t number);
std::string alias_key(std::string_view machine_arn, std::string_view name);
// What all keys of a machine's versions, or of its aliases, begin with.
std::string published_prefix(std::string_view machine_arn);

// The machine's records in key order, as they stand in an update.
std::vector<VersionRecord> versions_of(const runtime::Catalog::View& view,
                                       std::string_view machine_arn);
std::vector<AliasRecord> aliases_of(const runtime::Catalog::View& view,
                                    std::string_view machine_arn);

// The version that a start through the alias gets; `random` is uniform over all numbers.
std::int64_t draw_version(const AliasRecord& alias, std::uint64_t random);

// The version of the machine's current revision: the one there is, or a new one, whose record is
// added to `changes` and whose number is remembered in `machine`, which the caller stores.
Result<VersionRecord, ServiceError> publish_revision(
    const runtime::Catalog::View& view, MachineRecord& machine, std::string_view description,
    WallMillis now, std::vector<runtime::Catalog::Change>& changes);

}  // namespace pawl::states
