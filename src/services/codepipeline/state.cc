// GetPipelineState: every stage with the execution that came last into it.
#include <algorithm>

#include "services/codepipeline/service.h"

namespace pawl::codepipeline {

namespace {

void write_stage_execution(json::Writer& out, const std::string& id, std::string_view status) {
  out.begin_object().key("pipelineExecutionId").string(id).key("status").string(status);
  out.key("type").string("STANDARD").end_object();
}

void write_stage_run(json::Writer& out, const std::string& id, const StageRun& run) {
  out.key("latestExecution");
  write_stage_execution(out, id, run.status);
  if (run.retries + run.automatic_retries == 0) return;
  out.key("retryStageMetadata").begin_object();
  write_integer(out, "autoStageRetryAttempt", run.automatic_retries);
  write_integer(out, "manualStageRetryAttempt", run.retries);
  out.key("latestRetryTrigger")
      .string(run.retries > 0 ? "ManualStageRetry" : "AutomatedStageRetry");
  out.end_object();
}

// The run that stands for the action; where each was tried again, the first.
const ActionRun* run_of(const ExecutionRecord& execution, const std::string& stage,
                        const std::string& action) {
  if (const ActionRun* current = execution.current(stage, action)) return current;
  const auto first = std::ranges::find_if(execution.actions, [&](const ActionRun& each) {
    return each.stage == stage && each.action == action;
  });
  return first == execution.actions.end() ? nullptr : &*first;
}

void write_action_execution(json::Writer& out, const ActionRun& run) {
  if (!run.revision.id.empty()) {
    out.key("currentRevision").begin_object().key("revisionId").string(run.revision.id);
    write_text(out, "revisionChangeId", run.revision.change_id);
    write_time(out, "created", run.revision.created);
    out.end_object();
  }
  out.key("latestExecution").begin_object().key("actionExecutionId").string(run.id);
  out.key("status").string(run.status);
  write_text(out, "summary", run.summary);
  write_time(out, "lastStatusChange", run.updated);
  if (run.is_open()) write_text(out, "token", run.token);
  write_text(out, "lastUpdatedBy", run.updated_by);
  write_text(out, "externalExecutionId", run.external_id);
  write_text(out, "externalExecutionUrl", run.external_url);
  if (run.percent >= 0) out.key("percentComplete").integer(run.percent);
  if (!run.error_code.empty()) {
    out.key("errorDetails").begin_object().key("code").string(run.error_code);
    out.key("message").string(run.error_message).end_object();
  }
  out.end_object();
  write_text(out, "revisionUrl", run.revision.url);
}

void write_transition(json::Writer& out, const PipelineRecord& pipeline, const std::string& stage,
                      const std::string& before) {
  const auto set = [&pipeline](const std::string& key) {
    const auto found = pipeline.transitions.find(key);
    return found == pipeline.transitions.end() ? nullptr : &found->second;
  };
  const Transition* shown = set("Inbound/" + stage);
  const Transition* outbound = before.empty() ? nullptr : set("Outbound/" + before);
  if (outbound != nullptr && (shown == nullptr || !outbound->is_enabled)) shown = outbound;
  out.key("inboundTransitionState").begin_object();
  out.key("enabled").boolean(shown == nullptr || shown->is_enabled);
  if (shown != nullptr) {
    write_text(out, "lastChangedBy", shown->by);
    write_time(out, "lastChangedAt", shown->at);
    write_text(out, "disabledReason", shown->reason);
  }
  out.end_object();
}

// Executions that wait for the stage, the one that goes in next first.
void write_inbound(json::Writer& out, const std::vector<ExecutionRecord>& open, std::size_t stage) {
  std::vector<const ExecutionRecord*> waiting;
  for (const ExecutionRecord& each : open) {
    if (each.stage == stage && !each.is_entered() && each.waits_since != 0) {
      waiting.push_back(&each);
    }
  }
  if (waiting.empty()) return;
  out.key("inboundExecution");
  write_stage_execution(out, waiting.front()->id, "InProgress");
  out.key("inboundExecutions").begin_array();
  for (const ExecutionRecord* each : waiting) write_stage_execution(out, each->id, "InProgress");
  out.end_array();
}

}  // namespace

Service::Answer Service::get_state(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "name"));
  const Declaration declared = trusted_declaration(pipeline.declaration);
  std::map<std::string, std::optional<ExecutionRecord>> known;
  const auto latest = [&](const std::string& what) -> const ExecutionRecord* {
    const auto id = pipeline.latest.find(what);
    if (id == pipeline.latest.end()) return nullptr;
    const auto found = known.try_emplace(id->second, std::nullopt);
    if (found.second) found.first->second = find_execution(pipeline.key(), id->second);
    return found.first->second ? &*found.first->second : nullptr;
  };
  std::vector<ExecutionRecord> open;
  for (const auto& [row, id] : with_prefix(parts_.catalog, kOpenTable, pipeline.key() + "#")) {
    if (auto found = find_execution(pipeline.key(), id)) open.push_back(*std::move(found));
  }
  std::reverse(open.begin(), open.end());
  std::string text;
  json::Writer out(text);
  out.begin_object().key("pipelineName").string(pipeline.name);
  out.key("pipelineVersion").integer(pipeline.version).key("stageStates").begin_array();
  std::string before;
  for (std::size_t at = 0; at < declared.stages.size(); ++at) {
    const Stage& stage = declared.stages[at];
    out.begin_object().key("stageName").string(stage.name);
    write_inbound(out, open, at);
    write_transition(out, pipeline, stage.name, before);
    out.key("actionStates").begin_array();
    for (const Action& action : stage.actions) {
      out.begin_object().key("actionName").string(action.name);
      if (const ExecutionRecord* execution = latest(stage.name + "/" + action.name)) {
        const ActionRun* run = run_of(*execution, stage.name, action.name);
        if (run != nullptr) write_action_execution(out, *run);
      }
      out.end_object();
    }
    out.end_array();
    if (const ExecutionRecord* execution = latest(stage.name)) {
      // By name: the execution's own version may have its stages elsewhere.
      const Declaration its = declaration_of(pipeline, execution->version);
      const Stage* found = its.find(stage.name);
      const auto index = static_cast<std::size_t>(found ? found - its.stages.data() : 0);
      if (found != nullptr && index < execution->stages.size()) {
        write_stage_run(out, execution->id, execution->stages[index]);
      }
    }
    out.end_object();
    before = stage.name;
  }
  out.end_array();
  write_time(out, "created", pipeline.created);
  write_time(out, "updated", pipeline.updated);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::codepipeline
