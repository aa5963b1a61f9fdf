#include "runtime/logs.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/rng.h"
#include "json/number.h"
#include "json/writer.h"
#include "runtime/execution_id.h"
#include "runtime/rows.h"

namespace pawl::runtime {

namespace {

constexpr std::string_view kGroupTable = "logGroups";
constexpr std::int64_t kMillisPerDay = 86'400'000;

std::string catalog_key(const LogGroupName& name) {
  std::string key = name.account;
  return key.append("/").append(name.region).append("/").append(name.name);
}

std::optional<LogGroupName> parse_catalog_key(std::string_view key) {
  const std::size_t region = key.find('/');
  const std::size_t name = region == std::string_view::npos ? region : key.find('/', region + 1);
  if (name == std::string_view::npos) return std::nullopt;
  return LogGroupName{std::string(key.substr(0, region)),
                      std::string(key.substr(region + 1, name - region - 1)),
                      std::string(key.substr(name + 1))};
}

std::string encode(const LogGroup& group) {
  std::string record;
  json::Writer(record)
      .begin_object()
      .key("id")
      .string(std::to_string(group.id))
      .key("creationTime")
      .integer(group.creation_time)
      .key("retentionInDays")
      .integer(group.retention_days)
      .end_object();
  return record;
}

std::optional<LogGroup> decode(const LogGroupName& name, const std::string& record) {
  const auto parsed = json::Value::parse(record);
  if (!parsed.ok()) return std::nullopt;
  const auto integer = [&parsed](std::string_view member) -> std::int64_t {
    const json::Node* found = parsed->root().find(member);
    if (!found || !found->is_number()) return 0;
    return json::to_int64(found->number_text()).value_or(0);
  };
  const json::Node* id = parsed->root().find("id");
  if (!id || !id->is_string()) return std::nullopt;
  LogGroup group{.name = name,
                 .creation_time = integer("creationTime"),
                 .retention_days = integer("retentionInDays")};
  for (const char digit : id->string()) {
    if (digit < '0' || digit > '9') return std::nullopt;
    group.id = group.id * 10 + static_cast<LogGroupId>(digit - '0');
  }
  return group;
}

}  // namespace

std::string LogGroupName::arn() const {
  std::string text = "arn:";
  text.append(partition_of(region)).append(":logs:").append(region).append(":").append(account);
  return text.append(":log-group:").append(name);
}

Logs::Logs(store::Store& store, Catalog& catalog, const Clock& clock, LogHorizons& horizons)
    : store_(store), catalog_(catalog), clock_(clock), horizons_(horizons) {
  catalog_.for_each(kGroupTable, [this](const std::string& key, const std::string& record) {
    const auto name = parse_catalog_key(key);
    const auto group = name ? decode(*name, record) : std::nullopt;
    if (group) remember(*group);
  });
  horizons_.open();
}

void Logs::remember(const LogGroup& group) {
  horizons_.set(group.id, group.retention_days * kMillisPerDay);
  const std::unique_lock lock(groups_mutex_);
  groups_.insert_or_assign(group.name, group);
}

std::optional<LogGroup> Logs::find_group(const LogGroupName& name) const {
  const std::shared_lock lock(groups_mutex_);
  const auto found = groups_.find(name);
  if (found == groups_.end()) return std::nullopt;
  return found->second;
}

std::vector<LogGroup> Logs::list_groups(const LogGroupName& after, std::size_t limit) const {
  const std::shared_lock lock(groups_mutex_);
  std::vector<LogGroup> page;
  for (auto group = groups_.upper_bound(after); group != groups_.end() && page.size() < limit;
       ++group) {
    if (group->first.account != after.account || group->first.region != after.region) break;
    page.push_back(group->second);
  }
  return page;
}

// `change` sees the group as it is and answers what it becomes; its flag is what `done` is told.
void Logs::update_group(
    const LogGroupName& name,
    std::function<std::optional<LogGroup>(std::optional<LogGroup>, bool&)> change, Done done) {
  struct Outcome {
    bool changed = false;
    std::optional<LogGroup> before;
    std::optional<LogGroup> after;
  };
  auto outcome = std::make_shared<Outcome>();
  catalog_.update(
      [name, change = std::move(change), outcome](const Catalog::View& view) {
        std::vector<Catalog::Change> changes;
        const std::string* record = view.find(kGroupTable, catalog_key(name));
        outcome->before = record ? decode(name, *record) : std::nullopt;
        outcome->after = change(outcome->before, outcome->changed);
        if (!outcome->changed) return changes;
        std::optional<std::string> stored;
        if (outcome->after) stored = encode(*outcome->after);
        changes.push_back({std::string(kGroupTable), catalog_key(name), std::move(stored)});
        return changes;
      },
      [this, name, outcome, done = std::move(done)] {
        if (outcome->changed && outcome->after) remember(*outcome->after);
        if (outcome->changed && !outcome->after) {
          const std::unique_lock lock(groups_mutex_);
          groups_.erase(name);
        }
        if (done) done(outcome->changed);
      });
}

void Logs::create_group(const LogGroupName& name, Done done) {
  LogGroup group{.name = name, .id = SystemRng().next(), .creation_time = now()};
  horizons_.set(group.id, 0);
  update_group(
      name,
      [group](std::optional<LogGroup> before, bool& changed) {
        changed = !before;
        return before ? before : std::optional(group);
      },
      std::move(done));
}

void Logs::set_retention(const LogGroupName& name, std::int64_t days, Done done) {
  update_group(
      name,
      [days](std::optional<LogGroup> before, bool& changed) {
        changed = before.has_value();
        if (before) before->retention_days = days;
        return before;
      },
      std::move(done));
}

void Logs::delete_group(const LogGroupName& name, Done done) {
  const auto group = find_group(name);
  update_group(
      name,
      [](const std::optional<LogGroup>& before, bool& changed) {
        changed = before.has_value();
        return std::optional<LogGroup>();
      },
      [this, group, done = std::move(done)](bool changed) {
        if (!changed || !group) return done(changed);
        horizons_.erase(group->id);
        {
          const std::lock_guard lock(streams_mutex_);
          const auto first = streams_.lower_bound({group->id, ""});
          const auto last = streams_.lower_bound({group->id + 1, ""});
          if (group->id + 1 != 0) streams_.erase(first, last);
        }
        store::Batch batch;
        for (const auto& [space, from] :
             {std::pair{store::Space::kHistory, log_event_prefix(group->id)},
              std::pair{store::Space::kHistory, log_index_prefix(group->id)},
              std::pair{store::Space::kState, log_stream_prefix(group->id)}}) {
          batch.deleted_ranges.push_back({space, from, after_prefix(from)});
        }
        store_.commit(shard_of_log_group(group->id), std::move(batch),
                      [done](store::Outcome) { done(true); });
      });
}

}  // namespace pawl::runtime
