#include "services/codepipeline/edit.h"

#include <algorithm>
#include <set>

namespace pawl::codepipeline {

namespace {

constexpr WallMillis kKeptMillis = 365LL * 86'400'000;  // CodePipeline quotas: 12 months
constexpr std::size_t kRemovedAtOnce = 4;

std::set<std::string> jobs_of(const ExecutionRecord& execution) {
  std::set<std::string> jobs;
  for (const ActionRun& run : execution.actions) {
    if (!run.job.id.empty()) jobs.insert(run.job.id);
    jobs.insert(run.old_jobs.begin(), run.old_jobs.end());
  }
  return jobs;
}

}  // namespace

Declaration Edit::declaration(std::int64_t version) const {
  const std::string* stored = view_.find(kVersionTable, key() + "#" + std::to_string(version));
  return trusted_declaration(stored != nullptr ? *stored : pipeline_.declaration);
}

std::optional<ExecutionRecord> Edit::execution(const std::string& id) const {
  if (const auto found = put_.find(id); found != put_.end()) return found->second;
  const std::string* row = view_.find(kIdTable, key() + "#" + id);
  const std::string* record = row ? view_.find(kExecutionTable, *row) : nullptr;
  if (record == nullptr) return std::nullopt;
  return ExecutionRecord::from_json(*record);
}

std::vector<ExecutionRecord> Edit::open_executions() const {
  std::vector<ExecutionRecord> open;
  for (const auto& [row, id] : with_prefix(view_, kOpenTable, key() + "#")) {
    auto found = execution(id);
    if (found && found->is_open()) open.push_back(*std::move(found));
  }
  std::reverse(open.begin(), open.end());
  return open;
}

// Jobs are found by their ids; those that the execution knows no more are forgotten.
void Edit::index_jobs(const ExecutionRecord& execution, const std::string* stored) {
  const std::set<std::string> now = jobs_of(execution);
  const std::set<std::string> before =
      stored ? jobs_of(ExecutionRecord::from_json(*stored)) : std::set<std::string>();
  for (const std::string& job : before) {
    if (!now.contains(job)) change(kJobTable, job, std::nullopt);
  }
  for (const ActionRun& run : execution.actions) {
    const std::string place = key() + "\n" + execution.id + "\n" + run.id;
    if (!run.job.id.empty() && !before.contains(run.job.id)) change(kJobTable, run.job.id, place);
  }
}

void Edit::put(const ExecutionRecord& execution) { put_[execution.id] = execution; }

void Edit::change(std::string_view table, std::string key, std::optional<std::string> record) {
  changes_.push_back({std::string(table), std::move(key), std::move(record)});
}

Changes Edit::finish() {
  for (const auto& [id, execution] : put_) {
    const std::string row = execution_row(key(), execution.number);
    std::string text = execution.to_json();
    const std::string* stored = view_.find(kExecutionTable, row);
    if (stored != nullptr && *stored == text) continue;
    index_jobs(execution, stored);
    if (stored == nullptr) change(kIdTable, key() + "#" + id, row);
    const bool was_open = view_.find(kOpenTable, row) != nullptr;
    if (execution.is_open() && !was_open) change(kOpenTable, row, id);
    if (!execution.is_open() && was_open) change(kOpenTable, row, std::nullopt);
    change(kExecutionTable, row, std::move(text));
  }
  if (std::string text = pipeline_.to_json(); text != before_) {
    change(kPipelineTable, key(), std::move(text));
  }
  return std::move(changes_);
}

void add_execution(Edit& edit, const Trigger& trigger, ExecutionRecord& execution) {
  PipelineRecord& pipeline = edit.pipeline();
  const Declaration declared = trusted_declaration(pipeline.declaration);
  execution.id = make_uuid(edit.rng());
  execution.number = ++pipeline.started;
  execution.version = pipeline.version;
  execution.mode = declared.mode;
  execution.trigger_type = trigger.type;
  execution.trigger_detail = trigger.detail;
  execution.started = execution.updated = edit.now();
  execution.stages.resize(declared.stages.size());
  for (const PipelineVariable& each : declared.variables) {
    if (each.default_value) execution.variables.emplace(each.name, *each.default_value);
  }
  edit.put(execution);
  // The oldest rows stand last.
  const auto& rows = edit.view().table(kExecutionTable);
  auto at = rows.lower_bound(edit.key() + "$");  // behind all with '#'
  for (std::size_t count = 0; count < kRemovedAtOnce && at != rows.begin(); ++count) {
    --at;
    if (!at->first.starts_with(edit.key() + "#")) break;
    const ExecutionRecord old = ExecutionRecord::from_json(at->second);
    if (old.is_open() || old.updated + kKeptMillis > edit.now()) break;
    for (const std::string& job : jobs_of(old)) edit.change(kJobTable, job, std::nullopt);
    edit.change(kIdTable, edit.key() + "#" + old.id, std::nullopt);
    edit.change(kExecutionTable, at->first, std::nullopt);
  }
}

}  // namespace pawl::codepipeline
