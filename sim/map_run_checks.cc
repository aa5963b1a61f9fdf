#include "map_run_checks.h"

#include "runtime/selection.h"

namespace pawl::sim {

namespace {

using machine::Status;
using runtime::MapRunCounts;
using runtime::MapRunRecord;

struct Children {
  MapRunCounts counts;
  std::size_t running = 0;
  std::size_t all = 0;
};

Children children_of(const store::Store& store, const std::string& map_run) {
  Children children;
  const auto page = runtime::select_executions(store, {.owner = map_run}, {}, 10'000, {});
  for (const auto& match : page.matches) {
    ++children.all;
    if (match.summary.status == Status::kRunning) {
      ++children.running;
    } else {
      children.counts.add(match.summary.status, 1);
    }
  }
  return children;
}

bool same(const MapRunCounts& left, const MapRunCounts& right) {
  return left.succeeded == right.succeeded && left.failed == right.failed &&
         left.timed_out == right.timed_out && left.aborted == right.aborted;
}

std::string text_of(const MapRunCounts& counts) {
  return std::to_string(counts.succeeded) + "/" + std::to_string(counts.failed) + "/" +
         std::to_string(counts.timed_out) + "/" + std::to_string(counts.aborted);
}

}  // namespace

std::optional<std::string> MapRunChecks::look(const store::Store& store,
                                              const runtime::ExecutionId& parent) {
  for (const std::string& arn : runtime::list_map_runs(store, parent, {})) {
    const auto record = runtime::read_map_run(store, arn, {});
    if (!record) return arn + " is listed and not there";
    Known& known = runs_[arn];
    if (record->redrive.count < known.redrives) return arn + " has lost a redrive";
    const bool redriven = record->redrive.count > known.redrives;
    const bool ended = record->status != Status::kRunning;
    if (known.ended && !ended && !redriven) return arn + " had ended and runs again";
    known = {record->redrive.count, ended};
    if (record->concurrency == 0) continue;
    const Children children = children_of(store, arn);
    if (children.running > static_cast<std::size_t>(record->concurrency)) {
      return arn + ": " + std::to_string(children.running) + " children run at once";
    }
  }
  return std::nullopt;
}

std::optional<std::string> MapRunChecks::finish(const store::Store& store,
                                                const runtime::ExecutionId& parent) {
  if (auto wrong = look(store, parent)) return wrong;
  for (const std::string& arn : runtime::list_map_runs(store, parent, {})) {
    const MapRunRecord record = *runtime::read_map_run(store, arn, {});
    const Children children = children_of(store, arn);
    children_ += children.all;
    if (record.status == Status::kRunning) return arn + " runs, though its parent has ended";
    if (children.running > 0 || !record.open.empty()) return arn + " has ended before its children";
    if (record.status != Status::kSucceeded) continue;
    if (record.children.ended() != static_cast<std::uint64_t>(record.children_total)) {
      return arn + ": not every child has ended";
    }
    if (record.has_failed()) return arn + " has succeeded with too many failures";
    const bool restarted = record.redrive.count > 0;  // Express children have new names then
    if (!restarted && !same(children.counts, record.children)) {
      return arn + ": its children ended " + text_of(children.counts) + ", it says " +
             text_of(record.children);
    }
  }
  return std::nullopt;
}

}  // namespace pawl::sim
