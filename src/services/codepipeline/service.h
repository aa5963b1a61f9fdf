// CodePipeline (API version 2015-07-09): pipelines, their executions and jobs.
//
// An execution is a workflow of the engine (decision D10): workflow.h has the machine, its tasks
// are pipeline-step and pipeline-action. What is known of an execution is one record in the
// catalog; a task that comes again after a crash reads there how far it was. Operations and tasks
// may wait for other services, so they run on threads of the service.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/rng.h"
#include "runtime/background.h"
#include "runtime/catalog.h"
#include "runtime/engine.h"
#include "runtime/operations.h"
#include "runtime/workflows.h"
#include "services/codepipeline/action_types.h"
#include "services/codepipeline/edit.h"
#include "services/codepipeline/fields.h"
#include "services/codepipeline/parking.h"
#include "services/codepipeline/records.h"

namespace pawl::codepipeline {

class Service {
 public:
  struct Parts {
    runtime::Catalog& catalog;
    runtime::Engine& engine;
    runtime::Workflows& workflows;
    const runtime::Operations& operations;  // that actions call
    const Clock& clock;
    // Between a continuation and the next job, and between two looks at sources that nobody
    // reports.
    WallMillis interval_millis = 5'000;
  };
  // Everything in `parts` outlives the service. Adds its machine and tasks to the workflows.
  explicit Service(Parts parts);
  ~Service() { stop(); }

  // Adds every operation to the table, under the signing name "codepipeline".
  void add_to(runtime::Operations& operations);
  // Starts runs that were on record before they were, looks for changes of sources that came while
  // nobody listened, and begins to watch. The engine runs.
  void resume();
  // No task runs any more; comes before the engine stops.
  void stop();

  // A branch of a repository has a new commit. Returns when the executions that it starts are
  // durable: whoever pushed is answered after that.
  void branch_moved(const runtime::Principal& owner, const std::string& repository,
                    const std::string& branch, const std::string& commit);

 private:
  using Call = runtime::Call;
  using Reply = runtime::Reply;
  using Answer = runtime::OperationResult;
  template <class T>
  using Checked = ::pawl::Result<T, ServiceError>;

  // pipelines.cc
  Answer create_pipeline(const Call& call);
  Answer get_pipeline(const Call& call);
  Answer update_pipeline(const Call& call);
  Answer delete_pipeline(const Call& call);
  Answer list_pipelines(const Call& call);
  Answer tag(const Call& call);
  Answer untag(const Call& call);
  Answer list_tags(const Call& call);
  Checked<Declaration> checked_declaration(const Call& call) const;
  Checked<PipelineRecord> pipeline_of_arn(const Call& call) const;

  // executions.cc
  Answer start_execution(const Call& call);
  Answer stop_execution(const Call& call);
  Answer retry_stage_execution(const Call& call);
  Answer set_transition(const Call& call, bool enables);
  Answer enable_transition(const Call& call) { return set_transition(call, true); }
  Answer disable_transition(const Call& call) { return set_transition(call, false); }
  Answer put_approval(const Call& call);
  Answer put_action_revision(const Call& call);

  // executions_read.cc
  Answer get_execution(const Call& call);
  Answer list_executions(const Call& call);
  Answer list_action_executions(const Call& call);

  // state.cc
  Answer get_state(const Call& call);

  // jobs.cc
  Answer poll_for_jobs(const Call& call);
  Answer acknowledge_job(const Call& call);
  Answer get_job_details(const Call& call);
  Answer put_job_success(const Call& call);
  Answer put_job_failure(const Call& call);
  struct JobPlace {
    std::string pipeline, execution, run;
  };
  Checked<JobPlace> find_job(const Call& call, const std::string& id) const;
  using ChangeRun = std::function<Checked<void>(Edit&, ExecutionRecord&, ActionRun&)>;
  Checked<void> change_job(const Call& call, const std::string& id, const ChangeRun& change);

  // custom_types.cc
  Answer create_custom_type(const Call& call);
  Answer delete_custom_type(const Call& call);
  Answer list_types(const Call& call);
  Answer get_type(const Call& call);
  const ActionTypeInfo* find_type(const runtime::Principal& owner, const ActionTypeId& id,
                                  std::optional<ActionTypeInfo>& custom) const;

  // tasks.cc
  void step_task(const runtime::WorkflowTask& task, const runtime::Workflows::Reply& reply);
  void action_task(const runtime::WorkflowTask& task, const runtime::Workflows::Reply& reply);
  void perform(const JobPlace& place, const runtime::Workflows::Reply& reply);
  Progress progress_of(const JobPlace& place, const PipelineRecord& pipeline,
                       const ExecutionRecord& execution, ActionRun& run);
  void settle_run(const JobPlace& place, const ActionRun& run, const Progress& progress);
  void start_run(const PipelineRecord& pipeline, const ExecutionRecord& execution);

  // sources.cc
  void watch_sources();
  void look_at_sources(bool all);
  void source_changed(const PipelineRecord& pipeline, const Stage& stage, const Action& action,
                      const std::string& revision);

  std::optional<PipelineRecord> find_pipeline(const std::string& key) const;
  Checked<PipelineRecord> pipeline_named(const Call& call, const std::string& name) const;
  Checked<PipelineRecord> pipeline_of(const Call& call, std::string_view member) const;
  std::optional<ExecutionRecord> find_execution(const std::string& pipeline,
                                                const std::string& id) const;
  Checked<ExecutionRecord> execution_of(const PipelineRecord& pipeline, const Call& call) const;
  Declaration declaration_of(const PipelineRecord& pipeline, std::int64_t version) const;

  // Blocks until the edit is durable; whoever waits for the pipeline looks again. An error changes
  // nothing.
  Checked<void> edit(const std::string& key, const std::function<Checked<void>(Edit&)>& change);

  Parts parts_;
  Parking parking_;
  std::mutex delivered_mutex_;
  std::set<std::string> delivered_;  // runs of actions that this process has seen
  static constexpr unsigned kApiThreads = 3;
  static constexpr unsigned kWorkThreads = 6;
  runtime::Background api_{kApiThreads};
  runtime::Background work_{kWorkThreads};
  runtime::Background watch_{1};
};

}  // namespace pawl::codepipeline
