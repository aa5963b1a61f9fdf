#include "runtime/revisions_in_use.h"

#include "runtime/express_run.h"

namespace pawl::runtime {

namespace {

using Revisions = std::unordered_set<std::string>;
using store::Space;

// Rows whose keys begin with `type`.
void scan_type(const store::Store& store, store::ShardId shard, char type,
               const store::Store::Visit& visit) {
  store.scan(shard, Space::kState, std::string(1, type),
             std::string(1, static_cast<char>(type + 1)), store::Store::Direction::kForward, visit);
}

void add_executions(const store::Store& store, store::ShardId shard, Horizon horizon,
                    Revisions& revisions) {
  scan_type(store, shard, 'l', [&](std::string_view key, std::string_view value) {
    if (horizon.hides(closed_second(Space::kState, key, value))) return true;
    if (auto summary = decode_summary(value)) revisions.insert(std::move(summary->revision));
    return true;
  });
}

void add_express_runs(const store::Store& store, store::ShardId shard, Revisions& revisions) {
  scan_type(store, shard, 'e', [&](std::string_view, std::string_view value) {
    if (auto request = decode_express(value)) revisions.insert(std::move(request->revision));
    return true;
  });
}

}  // namespace

std::optional<Revisions> revisions_in_use(const store::Store& store, Horizon horizon,
                                          const std::function<bool()>& go_on) {
  Revisions revisions;
  for (store::ShardId shard = 0; shard < store::kShardCount; ++shard) {
    if (!go_on()) return std::nullopt;
    add_executions(store, shard, horizon, revisions);
    add_express_runs(store, shard, revisions);
  }
  return revisions;
}

}  // namespace pawl::runtime
