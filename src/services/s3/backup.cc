#include "services/s3/backup.h"

#include <optional>

#include "services/s3/data_files.h"
#include "services/s3/service.h"

namespace pawl::s3 {

namespace {

using runtime::BackupTarget;

constexpr std::size_t kIdBytes = 16;

std::string below(const std::string& name) { return std::string(kObjectsFolder) + "/" + name; }

// A file moves once, from where it came in to its last name: whoever looks there, at where it came
// in, and there again has seen it.
Result<void, std::string> take_file(const DataId& id, BackupTarget& target) {
  for (const std::string& name :
       {DataFiles::name_of(id), DataFiles::incoming_name(id), DataFiles::name_of(id)}) {
    if (TRY(target.take(below(name), BackupTarget::Bytes::kFixed))) return {};
  }
  return Err{"the bytes of an object are missing: " + below(DataFiles::name_of(id))};
}

Result<void, std::string> copy(const store::BackedUpRows& rows, BackupTarget& target) {
  const std::string from = file_key("");
  for (store::ShardId shard = 0; shard < store::kShardCount; ++shard) {
    std::optional<std::string> problem;
    const auto scanned = rows.scan(shard, store::Space::kState, from, behind(from),
                                   [&](std::string_view key, std::string_view) {
                                     if (key.size() != from.size() + kIdBytes) return true;
                                     const auto taken =
                                         take_file(DataId(key.substr(from.size())), target);
                                     if (!taken.ok()) problem = taken.error();
                                     return taken.ok();
                                   });
    if (!scanned.ok()) return Err{scanned.error().message};
    if (problem) return Err{std::move(*problem)};
  }
  return {};
}

}  // namespace

runtime::BackupPart backup_part(Service* service) {
  runtime::BackupPart part{.folder = std::string(kObjectsFolder), .hold = {}, .copy = copy};
  if (service != nullptr) part.hold = [service] { return service->hold_files(); };
  return part;
}

}  // namespace pawl::s3
