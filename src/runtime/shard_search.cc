// Search attributes (docs/search.md): values are found when an execution starts and when it ends,
// and their rows are written in the same batch as its list row.
#include <algorithm>
#include <utility>

#include "runtime/read_view.h"
#include "runtime/shard.h"

namespace pawl::runtime {

// An execution that was open before the declaration gets its input's values at its end. Children of
// Map Runs belong to their parent's values.
void Shard::find_search_values(Cell& cell) {
  if (environment_.search == nullptr || !cell.summary.map_run.empty()) return;
  const auto attributes = environment_.search->of(cell.machine);
  if (!attributes) return;
  using Source = SearchAttribute::Source;
  index_document(*attributes, Source::kInput, cell.execution.input, cell.summary.search);
  if (cell.execution.status != machine::Status::kSucceeded) return;
  index_document(*attributes, Source::kOutput, cell.execution.output, cell.summary.search);
}

// Not of attributes that were removed since: their rows are deleted once.
void Shard::write_search_rows(std::uint64_t machine, const ExecutionId& id,
                              const Summary& summary) {
  const auto attributes = environment_.search ? environment_.search->of(machine) : nullptr;
  if (!attributes) return;
  for (const SearchEntry& entry : summary.search) {
    const bool declared =
        std::any_of(attributes->begin(), attributes->end(),
                    [&entry](const auto& one) { return one.id == entry.attribute; });
    if (!declared) continue;
    batch_.put(store::Space::kState, search_key(machine, entry, summary.start_time, id),
               encode_record(summary.stop_time, {}));
  }
}

namespace {
// What one turn indexes, so that other work of the thread gets on.
constexpr std::size_t kIndexedOfTurn = 100;
}  // namespace

// Begun batches may have list rows from before the declaration, so those are waited for first.
void Shard::index_existing(std::uint64_t machine, const std::string& from, IndexReply reply) {
  if (from.empty()) {
    return gate_->after(gate_->begun(), [this, machine, reply = std::move(reply)](GateOutcome) {
      environment_.post(id_, [machine, reply](Shard& shard) {
        shard.index_existing(machine, list_prefix(machine), reply);
      });
    });
  }
  IndexedPage page;
  std::vector<std::pair<ExecutionId, Summary>> runs;
  environment_.store.scan(id_, store::Space::kState, from, after_prefix(list_prefix(machine)),
                          store::Store::Direction::kForward,
                          [&](std::string_view key, std::string_view row) {
                            if (page.examined == kIndexedOfTurn) {
                              page.next = key;
                              return false;
                            }
                            ++page.examined;
                            const auto closed = closed_second(store::Space::kState, key, row);
                            if (environment_.horizon().hides(closed)) return true;
                            const auto position = parse_list_key(key);
                            auto summary = position ? decode_summary(row) : std::nullopt;
                            if (summary) runs.emplace_back(position->id, std::move(*summary));
                            return true;
                          });
  for (auto& [id, summary] : runs)
    page.indexed += index_run(machine, id, std::move(summary)) ? 1 : 0;
  gate_->after(gate_->begun(), [this, page, reply = std::move(reply)](GateOutcome gate) mutable {
    environment_.post(id_, [](Shard& shard) { shard.indexed_.clear(); });
    page.lost = gate != GateOutcome::kDurable;
    reply(std::move(page));
  });
}

// Answers whether its rows change. Its row is the whole truth when it is not in memory.
bool Shard::index_run(std::uint64_t machine, const ExecutionId& id, Summary summary) {
  if (erasing_.contains(id)) return false;
  const auto attributes = environment_.search ? environment_.search->of(machine) : nullptr;
  if (!attributes) return false;
  if (const auto resident = cells_.find(id); resident != cells_.end()) {
    Cell& cell = *resident->second;
    const std::vector<SearchEntry> before = cell.summary.search;
    find_search_values(cell);
    if (cell.summary.search == before) return false;
    cell.batch = batch_number();
    write_list_row(cell);
    return true;
  }
  using Source = SearchAttribute::Source;
  const ExecutionView view = view_of(environment_.store, summary, id);
  std::vector<SearchEntry> entries = summary.search;
  index_document(*attributes, Source::kInput, view.input, entries);
  if (summary.status == machine::Status::kSucceeded) {
    index_document(*attributes, Source::kOutput, view.output, entries);
  }
  if (entries == summary.search) return false;
  summary.search = std::move(entries);
  const std::uint64_t number = batch_number();
  batch_.put(store::Space::kState, list_key(machine, summary.start_time, id), encode(summary));
  write_search_rows(machine, id, summary);
  indexed_[id] = {std::move(summary), number};
  return true;
}

// This turn began after the removal was known, so its batch has no such row.
void Shard::drop_search_attribute(std::uint64_t machine, std::uint32_t attribute,
                                  std::function<void()> done) {
  const std::string prefix = search_prefix(machine, attribute);
  const std::uint64_t number = batch_number();
  batch_.deleted_ranges.push_back({store::Space::kState, prefix, after_prefix(prefix)});
  gate_->after(number, [done = std::move(done)](GateOutcome) { done(); });
}

}  // namespace pawl::runtime
