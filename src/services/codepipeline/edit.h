// One durable change of a pipeline: its record, its executions and what finds them, in one batch.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "services/codepipeline/records.h"

namespace pawl::codepipeline {

class Edit {
 public:
  // `pipeline` as it stands in `view`, or a new one. `view` and `rng` outlive the edit.
  Edit(const View& view, PipelineRecord pipeline, WallMillis now, Rng& rng)
      : view_(view), pipeline_(std::move(pipeline)), now_(now), rng_(rng) {
    before_ = pipeline_.to_json();
  }

  const View& view() const { return view_; }
  PipelineRecord& pipeline() { return pipeline_; }
  std::string key() const { return pipeline_.key(); }
  WallMillis now() const { return now_; }
  Rng& rng() { return rng_; }

  // What was declared under that version.
  Declaration declaration(std::int64_t version) const;
  std::optional<ExecutionRecord> execution(const std::string& id) const;
  // Those that have not ended, oldest first.
  std::vector<ExecutionRecord> open_executions() const;
  void put(const ExecutionRecord& execution);
  void change(std::string_view table, std::string key, std::optional<std::string> record);

  // Nothing, where nothing has changed. Ends the edit.
  Changes finish();

 private:
  void index_jobs(const ExecutionRecord& execution, const std::string* stored);

  const View& view_;
  PipelineRecord pipeline_;
  std::string before_;
  const WallMillis now_;
  Rng& rng_;
  std::map<std::string, ExecutionRecord> put_;  // by id
  Changes changes_;
};

struct Trigger {
  std::string type;
  std::string detail;
};
// Makes `execution` (its variables and overrides are what the caller gave) a new one before the
// first stage. Closed ones that are older than a year go.
void add_execution(Edit& edit, const Trigger& trigger, ExecutionRecord& execution);

}  // namespace pawl::codepipeline
