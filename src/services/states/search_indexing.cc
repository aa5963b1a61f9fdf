#include "services/states/search_indexing.h"

#include <utility>

#include "base/base64.h"
#include "services/states/fields.h"

namespace pawl::states {

namespace {

using runtime::Catalog;
using runtime::IndexedPage;
using Progress = SearchIndexing::Progress;

constexpr int kPagesOfRecord = 50;

bool is_done(const Progress& progress) { return progress.shard >= store::kShardCount; }

std::string record_of(const Progress& progress) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("shard")
      .integer(progress.shard)
      .key("key")
      .string(encode_base64(progress.key))
      .key("examined")
      .integer(progress.examined)
      .key("indexed")
      .integer(progress.indexed)
      .end_object();
  return text;
}

Progress progress_of(const std::string& record) {
  const json::Value value = json::Value::trusted(record);
  const Fields fields(value);
  return {.shard = static_cast<store::ShardId>(fields.integer("shard").value_or(0)),
          .key = decode_base64(fields.text_or("key", "")).value_or(""),
          .examined = fields.integer("examined").value_or(0),
          .indexed = fields.integer("indexed").value_or(0)};
}

}  // namespace

std::string SearchIndexing::first_record() { return record_of({}); }

void SearchIndexing::give_way(const std::string& machine) {
  const std::lock_guard lock(mutex_);
  jobs_.erase(machine);
}

void SearchIndexing::begin(const std::string& machine) { start(machine, {}); }

void SearchIndexing::resume() {
  std::map<std::string, Progress> found;
  catalog_.for_each(kIndexingTable, [&found](const std::string& arn, const std::string& record) {
    found[arn] = progress_of(record);
  });
  for (auto& [machine, progress] : found) start(machine, std::move(progress));
}

void SearchIndexing::start(const std::string& machine, Progress from) {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = ++last_number_;
    jobs_[machine] = {.number = number, .progress = from};
  }
  step(machine, number, from);
}

void SearchIndexing::step(const std::string& machine, std::uint64_t number, const Progress& from) {
  engine_.index_existing(
      from.shard, runtime::digest_of_machine(machine), from.key,
      [this, machine, number](const IndexedPage& page) { page_came(machine, number, page); });
}

void SearchIndexing::page_came(const std::string& machine, std::uint64_t number,
                               const IndexedPage& page) {
  Progress progress;
  bool saves = false;
  {
    const std::lock_guard lock(mutex_);
    const auto job = jobs_.find(machine);
    if (job == jobs_.end() || job->second.number != number) return;
    Progress& known = job->second.progress;
    if (!page.lost) {
      known.examined += static_cast<std::int64_t>(page.examined);
      known.indexed += static_cast<std::int64_t>(page.indexed);
      known.key = page.next;
      if (page.next.empty()) ++known.shard;
    }
    saves = is_done(known) || ++job->second.unsaved >= kPagesOfRecord;
    if (saves) job->second.unsaved = 0;
    progress = known;
  }
  if (saves) return save(machine, number, progress);
  step(machine, number, progress);
}

void SearchIndexing::save(const std::string& machine, std::uint64_t number,
                          const Progress& progress) {
  catalog_.update(
      [this, machine, number, progress](const Catalog::View&) {
        std::vector<Catalog::Change> changes;
        const std::lock_guard lock(mutex_);
        const auto job = jobs_.find(machine);
        // A newer declaration has a record of its own.
        if (job == jobs_.end() || job->second.number != number) return changes;
        changes.push_back({std::string(kIndexingTable), machine,
                           is_done(progress) ? std::nullopt : std::optional(record_of(progress))});
        return changes;
      },
      [this, machine, number, progress] {
        if (!is_done(progress)) return step(machine, number, progress);
        const std::lock_guard lock(mutex_);
        const auto job = jobs_.find(machine);
        if (job != jobs_.end() && job->second.number == number) jobs_.erase(job);
      });
}

void SearchIndexing::write(json::Writer& out, std::string_view only) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [machine, job] : jobs_) {
    if (!only.empty() && machine != only) continue;
    out.begin_object().key("stateMachineArn").string(machine);
    out.key("examined").integer(job.progress.examined);
    out.key("indexed").integer(job.progress.indexed);
    out.key("part").integer(job.progress.shard).key("parts").integer(store::kShardCount);
    out.end_object();
  }
}

}  // namespace pawl::states
