#include "runtime/told_rows.h"

#include "runtime/execution_id.h"
#include "runtime/map_run.h"
#include "runtime/rows.h"

namespace pawl::runtime {

// As Catalog writes them: "c" table NUL key, in shard 0.
std::optional<CatalogRow> catalog_row(store::ShardId shard, const store::Batch::Row& row) {
  if (shard != 0 || row.space != store::Space::kState || !row.key.starts_with('c')) {
    return std::nullopt;
  }
  const std::string_view key = std::string_view(row.key).substr(1);
  const std::size_t end = key.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return CatalogRow{key.substr(0, end), key.substr(end + 1)};
}

std::optional<std::string> map_run_of(const store::Batch::Row& row) {
  static const std::size_t kKeyBytes = map_run_key(ExecutionId{}).size();
  const bool is_map_run = row.space == store::Space::kState && row.key.starts_with('m') &&
                          row.key.size() == kKeyBytes && row.value;
  const auto record = is_map_run ? decode_map_run(*row.value) : std::nullopt;
  if (!record) return std::nullopt;
  return record->arn;
}

}  // namespace pawl::runtime
