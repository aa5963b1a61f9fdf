#include "cli/live_resources.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/told_rows.h"
#include "services/cloudformation/records.h"
#include "services/codepipeline/records.h"

namespace pawl::cli {

namespace {

// Keys begin with what they belong to; what is of it stands behind a '#'.
std::string_view owner_of(std::string_view key) { return key.substr(0, key.find('#')); }

// "arn:aws:cloudformation:us-east-1:000000000000:stack/NAME/UUID"
std::string_view stack_name(std::string_view id) {
  const std::size_t begin = id.find('/');
  if (begin == std::string_view::npos) return {};
  id.remove_prefix(begin + 1);
  return id.substr(0, id.find('/'));
}

// "<account>/<region>/<name>"
std::string_view pipeline_name(std::string_view key) { return key.substr(key.rfind('/') + 1); }

struct Watched {
  std::string_view table;
  console::Resource resource;
  std::string_view (*name)(std::string_view owner);
};

constexpr std::array<Watched, 7> kWatched = {{
    {cloudformation::kStackTable, console::Resource::kStack, stack_name},
    {cloudformation::kResourceTable, console::Resource::kStack, stack_name},
    {cloudformation::kEventTable, console::Resource::kStack, stack_name},
    {cloudformation::kChangeSetTable, console::Resource::kStack, stack_name},
    {codepipeline::kPipelineTable, console::Resource::kPipeline, pipeline_name},
    {codepipeline::kExecutionTable, console::Resource::kPipeline, pipeline_name},
    {codepipeline::kOpenTable, console::Resource::kPipeline, pipeline_name},
}};

using Named = std::pair<console::Resource, std::string>;

// What the row is of; nothing: nobody watches such rows.
std::optional<Named> resource_in(store::ShardId shard, const store::Batch::Row& row) {
  if (auto map_run = runtime::map_run_of(row)) {
    return Named{console::Resource::kMapRun, std::move(*map_run)};
  }
  const auto record = runtime::catalog_row(shard, row);
  for (const Watched& watched : kWatched) {
    if (!record || watched.table != record->table) continue;
    return Named{watched.resource, watched.name(owner_of(record->key))};
  }
  return std::nullopt;
}

}  // namespace

std::function<void()> tell_resources(console::ChangeFeed& feed, store::ShardId shard,
                                     const store::Batch& batch) {
  if (feed.watchers() == 0) return {};
  std::vector<Named> touched;
  for (const store::Batch::Row& row : batch.rows) {
    if (auto named = resource_in(shard, row)) touched.push_back(std::move(*named));
  }
  if (touched.empty()) return {};
  return [&feed, touched = std::move(touched)] {
    for (const auto& [resource, name] : touched) feed.touch(resource, name);
  };
}

}  // namespace pawl::cli
