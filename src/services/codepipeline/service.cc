#include "services/codepipeline/service.h"

#include <fmt/format.h>

#include <future>

#include "services/codepipeline/workflow.h"

namespace pawl::codepipeline {

Service::Service(Parts parts) : parts_(parts), parking_(parts.clock) {
  parts_.workflows.add_machine(kPipelineMachine, kPipelineDefinition);
  parts_.workflows.add_task("pipeline-step:1", [this](const runtime::WorkflowTask& task,
                                                      runtime::Workflows::Reply reply) {
    work_.run([this, task, reply = std::move(reply)] { step_task(task, reply); });
  });
  parts_.workflows.add_task("pipeline-action:1", [this](const runtime::WorkflowTask& task,
                                                        runtime::Workflows::Reply reply) {
    work_.run([this, task, reply = std::move(reply)] { action_task(task, reply); });
  });
}

void Service::add_to(runtime::Operations& operations) {
  const auto add = [&](const char* name, Answer (Service::*run)(const Call&)) {
    operations.add("codepipeline", name, [this, run](const Call& call, Reply reply) {
      api_.run([this, run, call, reply = std::move(reply)] { reply((this->*run)(call)); });
    });
  };
  add("CreatePipeline", &Service::create_pipeline);
  add("GetPipeline", &Service::get_pipeline);
  add("UpdatePipeline", &Service::update_pipeline);
  add("DeletePipeline", &Service::delete_pipeline);
  add("ListPipelines", &Service::list_pipelines);
  add("TagResource", &Service::tag);
  add("UntagResource", &Service::untag);
  add("ListTagsForResource", &Service::list_tags);
  add("StartPipelineExecution", &Service::start_execution);
  add("StopPipelineExecution", &Service::stop_execution);
  add("RetryStageExecution", &Service::retry_stage_execution);
  add("EnableStageTransition", &Service::enable_transition);
  add("DisableStageTransition", &Service::disable_transition);
  add("PutApprovalResult", &Service::put_approval);
  add("PutActionRevision", &Service::put_action_revision);
  add("GetPipelineExecution", &Service::get_execution);
  add("ListPipelineExecutions", &Service::list_executions);
  add("ListActionExecutions", &Service::list_action_executions);
  add("GetPipelineState", &Service::get_state);
  add("PollForJobs", &Service::poll_for_jobs);
  add("AcknowledgeJob", &Service::acknowledge_job);
  add("GetJobDetails", &Service::get_job_details);
  add("PutJobSuccessResult", &Service::put_job_success);
  add("PutJobFailureResult", &Service::put_job_failure);
  add("CreateCustomActionType", &Service::create_custom_type);
  add("DeleteCustomActionType", &Service::delete_custom_type);
  add("ListActionTypes", &Service::list_types);
  add("GetActionType", &Service::get_type);
}

void Service::stop() {
  parking_.stop();
  watch_.stop();
  api_.stop();
  work_.stop();
}

void Service::resume() {
  std::vector<std::pair<std::string, std::string>> open;
  parts_.catalog.for_each(kOpenTable, [&open](const std::string& row, const std::string& id) {
    open.emplace_back(row.substr(0, row.rfind('#')), id);
  });
  // A run that there is already stays the one it is.
  for (const auto& [key, id] : open) {
    const auto pipeline = find_pipeline(key);
    const auto execution = find_execution(key, id);
    if (pipeline && execution) start_run(*pipeline, *execution);
  }
  watch_.run([this] {
    look_at_sources(true);
    watch_sources();
  });
}

std::optional<PipelineRecord> Service::find_pipeline(const std::string& key) const {
  const auto record = parts_.catalog.get(kPipelineTable, key);
  if (!record) return std::nullopt;
  return PipelineRecord::from_json(*record);
}

Service::Checked<PipelineRecord> Service::pipeline_named(const Call& call,
                                                         const std::string& name) const {
  if (auto found = find_pipeline(pipeline_key(call.principal, name))) return *std::move(found);
  return Err{error("PipelineNotFoundException",
                   fmt::format("Account '{}' does not have a pipeline with name '{}'",
                               call.principal.account, name))};
}

Service::Checked<PipelineRecord> Service::pipeline_of(const Call& call,
                                                      std::string_view member) const {
  const std::string name = text_in(call.input.root(), member);
  if (name.empty()) return Err{missing(member)};
  return pipeline_named(call, name);
}

std::optional<ExecutionRecord> Service::find_execution(const std::string& pipeline,
                                                       const std::string& id) const {
  const auto row = parts_.catalog.get(kIdTable, pipeline + "#" + id);
  const auto record = row ? parts_.catalog.get(kExecutionTable, *row) : std::nullopt;
  if (!record) return std::nullopt;
  return ExecutionRecord::from_json(*record);
}

Service::Checked<ExecutionRecord> Service::execution_of(const PipelineRecord& pipeline,
                                                        const Call& call) const {
  const std::string id = text_in(call.input.root(), "pipelineExecutionId");
  if (auto found = find_execution(pipeline.key(), id)) return *std::move(found);
  return Err{error("PipelineExecutionNotFoundException",
                   fmt::format("Pipeline execution with ID '{}' does not exist in pipeline '{}'",
                               id, pipeline.name))};
}

Declaration Service::declaration_of(const PipelineRecord& pipeline, std::int64_t version) const {
  const auto stored =
      parts_.catalog.get(kVersionTable, pipeline.key() + "#" + std::to_string(version));
  return trusted_declaration(stored ? *stored : pipeline.declaration);
}

Service::Checked<void> Service::edit(const std::string& key,
                                     const std::function<Checked<void>(Edit&)>& change) {
  Checked<void> outcome;
  bool changed = false;
  std::promise<void> durable;
  parts_.catalog.update(
      [&](const View& view) {
        const std::string* record = view.find(kPipelineTable, key);
        if (record == nullptr) {
          outcome = Err{error("PipelineNotFoundException",
                              "There is no pipeline " + key.substr(key.rfind('/') + 1))};
          return Changes();
        }
        thread_local SystemRng rng;
        Edit edit(view, PipelineRecord::from_json(*record), parts_.clock.wall_now(), rng);
        outcome = change(edit);
        Changes changes = outcome.ok() ? edit.finish() : Changes();
        changed = !changes.empty();
        return changes;
      },
      [&durable] { durable.set_value(); });
  durable.get_future().wait();
  if (changed) parking_.changed(key);
  return outcome;
}

}  // namespace pawl::codepipeline
