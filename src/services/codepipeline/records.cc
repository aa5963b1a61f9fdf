#include "services/codepipeline/records.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/record.h"
#include "runtime/execution_id.h"

namespace pawl::codepipeline {

namespace {

constexpr std::int64_t kLastNumber = 9'999'999'999;

ExecutionMode mode_named(std::string_view name) {
  if (name == "QUEUED") return ExecutionMode::kQueued;
  return name == "PARALLEL" ? ExecutionMode::kParallel : ExecutionMode::kSuperseded;
}

}  // namespace

template <class Fields>
void describe(Fields& fields, Transition& transition) {
  fields("reason", transition.reason);
  fields("by", transition.by);
  fields("at", transition.at);
  fields("enabled", transition.is_enabled);
}

template <class Fields>
void describe(Fields& fields, PipelineRecord& pipeline) {
  fields("account", pipeline.account);
  fields("region", pipeline.region);
  fields("name", pipeline.name);
  fields("version", pipeline.version);
  fields("started", pipeline.started);
  fields("created", pipeline.created);
  fields("updated", pipeline.updated);
  fields.json("declaration", pipeline.declaration);
  fields("tags", pipeline.tags);
  fields("latest", pipeline.latest);
  fields("transitions", pipeline.transitions);
}

template <class Fields>
void describe(Fields& fields, Artifact& artifact) {
  fields("name", artifact.name);
  fields("bucket", artifact.bucket);
  fields("key", artifact.object_key);
  fields("revision", artifact.revision);
}

template <class Fields>
void describe(Fields& fields, Revision& revision) {
  fields("id", revision.id);
  fields("change", revision.change_id);
  fields("summary", revision.summary);
  fields("url", revision.url);
  fields("created", revision.created);
}

template <class Fields>
void describe(Fields& fields, Job& job) {
  fields("id", job.id);
  fields("status", job.status);
  fields("nonce", job.nonce);
  fields("token", job.continuation_token);
  fields("due", job.due);
  fields("deadline", job.deadline);
}

template <class Fields>
void describe(Fields& fields, ActionRun& run) {
  fields("id", run.id);
  fields("stage", run.stage);
  fields("action", run.action);
  fields("status", run.status);
  fields("started", run.started);
  fields("updated", run.updated);
  fields("percent", run.percent);
  fields("retried", run.is_retried);
  fields("by", run.updated_by);
  fields("summary", run.summary);
  fields("externalId", run.external_id);
  fields("externalUrl", run.external_url);
  fields("code", run.error_code);
  fields("message", run.error_message);
  fields("token", run.token);
  fields("revision", run.revision);
  fields("inputs", run.inputs);
  fields("outputs", run.outputs);
  fields("configuration", run.configuration);
  fields("variables", run.variables);
  fields("job", run.job);
  fields("oldJobs", run.old_jobs);
  fields("data", run.data);
}

template <class Fields>
void describe(Fields& fields, StageRun& stage) {
  fields("status", stage.status);
  fields("automatic", stage.automatic_retries);
  fields("retries", stage.retries);
}

template <class Fields>
void describe(Fields& fields, SourceOverride& source) {
  fields("action", source.action);
  fields("type", source.type);
  fields("value", source.value);
}

template <class Fields>
void describe(Fields& fields, ExecutionRecord& execution) {
  fields("id", execution.id);
  fields("number", execution.number);
  fields("version", execution.version);
  std::string mode(name_of(execution.mode));
  fields("mode", mode);
  execution.mode = mode_named(mode);
  fields("status", execution.status);
  fields("summary", execution.status_summary);
  fields("trigger", execution.trigger_type);
  fields("triggerDetail", execution.trigger_detail);
  fields("started", execution.started);
  fields("updated", execution.updated);
  fields("token", execution.token);
  fields("stopReason", execution.stop_reason);
  fields("stopping", execution.is_stopping);
  fields("variables", execution.variables);
  fields("overrides", execution.overrides);
  fields("stage", execution.stage);
  fields("waitsSince", execution.waits_since);
  fields("stages", execution.stages);
  fields("actions", execution.actions);
  fields("run", execution.run);
  fields("step", execution.step);
  fields("stepActions", execution.step_actions);
}

std::string pipeline_key(const runtime::Principal& principal, std::string_view name) {
  return principal.account + "/" + principal.region + "/" + std::string(name);
}

std::string type_key(const runtime::Principal& principal, const ActionTypeId& type) {
  return fmt::format("{}/{}/{}/{}/{}", principal.account, principal.region, type.category,
                     type.provider, type.version);
}

std::string seen_key(std::string_view pipeline, std::string_view stage, const Action& action) {
  std::string key = fmt::format("{}#{}/{}", pipeline, stage, action.name);
  for (const char* name : {"RepositoryName", "BranchName", "S3Bucket", "S3ObjectKey"}) {
    if (const auto found = action.configuration.find(name); found != action.configuration.end()) {
      key += "#" + found->second;
    }
  }
  return key;
}

std::string execution_row(std::string_view pipeline, std::int64_t number) {
  return fmt::format("{}#{:010}", pipeline, kLastNumber - number);
}

std::string PipelineRecord::key() const { return pipeline_key(principal(), name); }

std::string PipelineRecord::arn() const {
  return fmt::format("arn:{}:codepipeline:{}:{}:{}", runtime::partition_of(region), region, account,
                     name);
}

runtime::Principal PipelineRecord::principal() const {
  return {.account = account, .region = region, .access_key = {}};
}

bool PipelineRecord::may_enter(const Declaration& declared, std::size_t stage) const {
  const auto is_enabled = [this](std::string_view side, const std::string& side_of) {
    const auto found = transitions.find(std::string(side) + "/" + side_of);
    return found == transitions.end() || found->second.is_enabled;
  };
  if (!is_enabled("Inbound", declared.stages[stage].name)) return false;
  return stage == 0 || is_enabled("Outbound", declared.stages[stage - 1].name);
}

std::string PipelineRecord::to_json() const { return json::record_text(*this); }

PipelineRecord PipelineRecord::from_json(std::string_view record) {
  return json::read_record<PipelineRecord>(record);
}

bool ExecutionRecord::is_entered() const {
  return stage < stages.size() && !stages[stage].status.empty();
}

const ActionRun* ExecutionRecord::current(std::string_view stage_name,
                                          std::string_view action) const {
  for (auto each = actions.rbegin(); each != actions.rend(); ++each) {
    if (each->stage == stage_name && each->action == action && !each->is_retried) return &*each;
  }
  return nullptr;
}

ActionRun* ExecutionRecord::find_run(std::string_view run_id) {
  for (ActionRun& each : actions) {
    if (each.id == run_id) return &each;
  }
  return nullptr;
}

const ActionRun* ExecutionRecord::find_run(std::string_view run_id) const {
  for (const ActionRun& each : actions) {
    if (each.id == run_id) return &each;
  }
  return nullptr;
}

const Artifact* ExecutionRecord::artifact(std::string_view name) const {
  for (auto each = actions.rbegin(); each != actions.rend(); ++each) {
    if (each->status != "Succeeded") continue;
    for (const Artifact& output : each->outputs) {
      if (output.name == name) return &output;
    }
  }
  return nullptr;
}

std::string ExecutionRecord::to_json() const { return json::record_text(*this); }

ExecutionRecord ExecutionRecord::from_json(std::string_view record) {
  return json::read_record<ExecutionRecord>(record);
}

}  // namespace pawl::codepipeline
