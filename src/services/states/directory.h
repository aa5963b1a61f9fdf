// State machines and activities by ARN: what the catalog holds, parsed once.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "asl/model.h"
#include "base/clock.h"
#include "json/value.h"
#include "runtime/catalog.h"

namespace pawl::states {

// One revision of a state machine, immutable.
struct MachineRecord {
  std::string arn;
  std::string name;
  std::string type = "STANDARD";
  std::string role_arn;
  std::string definition_hash;
  WallMillis creation_time = 0;
  WallMillis update_time = 0;
  std::string revision_id;  // empty: the first revision
  bool deleting = false;
  std::int64_t last_version = 0;  // numbers of versions are never given twice
  // As CreateStateMachine asked, for its repetition is compared with it.
  bool created_published = false;
  std::string created_description;
  // As sent, or AWS's defaults: JSON texts.
  json::Value logging;
  json::Value tracing;
  json::Value encryption;

  json::Value to_json() const;
  static std::optional<MachineRecord> from_json(const json::Value& record);
};

struct ActivityRecord {
  std::string arn;
  std::string name;
  WallMillis creation_time = 0;
  json::Value encryption;

  json::Value to_json() const;
  static std::optional<ActivityRecord> from_json(const json::Value& record);
};

inline constexpr std::string_view kMachineTable = "machines";
inline constexpr std::string_view kActivityTable = "activities";
inline constexpr std::string_view kDefinitionTable = "definitions";
inline constexpr std::string_view kTagTable = "tags";

// SHA-256 of type and text, in hexadecimal: the name of a stored definition.
std::string hash_of_definition(std::string_view type, std::string_view definition);

// Thread-safe. Shows what is durable.
class Directory {
 public:
  explicit Directory(runtime::Catalog& catalog) : catalog_(catalog) {}

  std::shared_ptr<const MachineRecord> machine(std::string_view arn) const;
  bool has_activity(std::string_view arn) const;
  // The text as it was sent.
  std::optional<std::string> definition_text(const std::string& hash) const;
  // Parsed leniently: stored definitions were checked when they were stored (decision D18).
  std::shared_ptr<const asl::Machine> definition(const std::string& hash) const;

  // The catalog's record changed: it is read again on the next use.
  void forget(std::string_view arn);
  void forget_definition(const std::string& hash);

 private:
  runtime::Catalog& catalog_;
  mutable std::shared_mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const MachineRecord>, std::less<>> machines_;
  mutable std::map<std::string, std::shared_ptr<const asl::Machine>, std::less<>> definitions_;
};

}  // namespace pawl::states
