#include "cli/live_resources.h"

#include <array>
#include <optional>
#include <string_view>

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

}  // namespace

void tell_resource(console::ChangeFeed& feed, const runtime::Catalog::Change& change) {
  for (const Watched& watched : kWatched) {
    if (watched.table != change.table) continue;
    const std::string_view name = watched.name(owner_of(change.key));
    if (!name.empty()) feed.touch(watched.resource, name);
  }
}

}  // namespace pawl::cli
