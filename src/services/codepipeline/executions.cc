// What callers do to executions: start, stop, retry, hold back, approve.
#include <fmt/format.h>

#include <algorithm>

#include "services/codepipeline/service.h"
#include "services/codepipeline/step.h"

namespace pawl::codepipeline {

namespace {

constexpr std::size_t kOpenMax = 50;         // CodePipeline quotas, of QUEUED and PARALLEL
constexpr std::size_t kTokensLookedAt = 50;  // executions that a repeated request may repeat

json::Value id_answer(const std::string& id) {
  std::string text;
  json::Writer(text).begin_object().key("pipelineExecutionId").string(id).end_object();
  return json::Value::trusted(std::move(text));
}

ServiceError no_stage(const std::string& pipeline, const std::string& stage) {
  return error("StageNotFoundException",
               fmt::format("Stage '{}' not found in pipeline '{}'", stage, pipeline));
}

ServiceError no_action(const std::string& pipeline, const std::string& action) {
  return error("ActionNotFoundException",
               fmt::format("Action '{}' not found in pipeline '{}'", action, pipeline));
}

Result<void, ServiceError> take_variables(const Declaration& declared, json::Node input,
                                          ExecutionRecord& execution) {
  const json::Node* given = node_in(input, "variables");
  if (given != nullptr) {
    for (const json::Node& each : *given) {
      const std::string name = text_in(each, "name");
      const bool known =
          std::any_of(declared.variables.begin(), declared.variables.end(),
                      [&name](const PipelineVariable& variable) { return variable.name == name; });
      if (!known) {
        return Err{validation_error(
            fmt::format("Pipeline variable '{}' is not declared in the pipeline", name))};
      }
      execution.variables[name] = text_in(each, "value");
    }
  }
  for (const PipelineVariable& each : declared.variables) {
    if (!each.default_value && !execution.variables.contains(each.name)) {
      return Err{validation_error(
          fmt::format("Pipeline variable '{}' has no default value and needs one", each.name))};
    }
  }
  return {};
}

Result<void, ServiceError> take_overrides(const Declaration& declared, json::Node input,
                                          ExecutionRecord& execution) {
  const json::Node* given = node_in(input, "sourceRevisions");
  if (given == nullptr) return {};
  for (const json::Node& each : *given) {
    SourceOverride wanted{text_in(each, "actionName"), text_in(each, "revisionType"),
                          text_in(each, "revisionValue")};
    if (declared.stages.front().find(wanted.action) == nullptr) {
      return Err{validation_error(
          fmt::format("Source action '{}' does not exist in the pipeline", wanted.action))};
    }
    execution.overrides.push_back(std::move(wanted));
  }
  return {};
}

// The execution that a request with the same token has started.
std::optional<std::string> started_by(const Edit& edit, const std::string& token) {
  if (token.empty()) return std::nullopt;
  const auto& rows = edit.view().table(kExecutionTable);
  auto at = rows.lower_bound(edit.key() + "#");
  for (std::size_t count = 0; count < kTokensLookedAt && at != rows.end(); ++count, ++at) {
    if (!at->first.starts_with(edit.key() + "#")) break;
    const ExecutionRecord execution = ExecutionRecord::from_json(at->second);
    if (execution.token == token) return execution.id;
  }
  return std::nullopt;
}

}  // namespace

Service::Answer Service::start_execution(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "name"));
  const json::Node input = call.input.root();
  const std::string token = text_in(input, "clientRequestToken");
  ExecutionRecord execution;
  bool repeated = false;
  TRY(edit(pipeline.key(), [&](Edit& edit) -> Checked<void> {
    execution = {};
    if (const auto known = started_by(edit, token)) {
      repeated = true;
      execution.id = *known;
      return {};
    }
    const Declaration declared = trusted_declaration(edit.pipeline().declaration);
    if (declared.mode != ExecutionMode::kSuperseded && edit.open_executions().size() >= kOpenMax) {
      return Err{error("ConcurrentPipelineExecutionsLimitExceededException",
                       fmt::format("The pipeline '{}' has reached the limit of {} concurrent "
                                   "pipeline executions",
                                   pipeline.name, kOpenMax))};
    }
    TRY(take_variables(declared, input, execution));
    TRY(take_overrides(declared, input, execution));
    execution.token = token;
    add_execution(edit, {"StartPipelineExecution", caller_arn(call.principal)}, execution);
    return {};
  }));
  if (!repeated) start_run(pipeline, execution);
  return id_answer(execution.id);
}

// A custom source has a new revision.
Service::Answer Service::put_action_revision(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "pipelineName"));
  const json::Node input = call.input.root();
  const Declaration declared = trusted_declaration(pipeline.declaration);
  const std::string stage_name = text_in(input, "stageName");
  const std::string action_name = text_in(input, "actionName");
  const Stage* stage = declared.find(stage_name);
  if (stage == nullptr) return Err{no_stage(pipeline.name, stage_name)};
  const Action* action = stage->find(action_name);
  if (action == nullptr) return Err{no_action(pipeline.name, action_name)};
  const json::Node* given = node_in(input, "actionRevision");
  const std::string revision = given ? text_in(*given, "revisionId") : std::string();
  const std::string seen = seen_key(pipeline.key(), stage_name, *action);
  ExecutionRecord execution;
  bool is_new = false;
  TRY(edit(pipeline.key(), [&](Edit& edit) -> Checked<void> {
    const std::string* last = edit.view().find(kSeenTable, seen);
    is_new = last == nullptr || *last != revision;
    if (is_new) edit.change(kSeenTable, seen, revision);
    add_execution(edit, {"PutActionRevision", caller_arn(call.principal)}, execution);
    return {};
  }));
  start_run(pipeline, execution);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("newRevision").boolean(is_new);
  out.key("pipelineExecutionId").string(execution.id).end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::stop_execution(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "pipelineName"));
  const json::Node input = call.input.root();
  const std::string id = text_in(input, "pipelineExecutionId");
  const bool abandons = flag_in(input, "abandon");
  TRY(edit(pipeline.key(), [&](Edit& edit) -> Checked<void> {
    auto execution = edit.execution(id);
    if (!execution || !execution->is_open()) {
      return Err{error("PipelineExecutionNotStoppableException",
                       fmt::format("Pipeline execution with ID '{}' in pipeline '{}' is not in an "
                                   "InProgress state and cannot be stopped",
                                   id, pipeline.name))};
    }
    if (execution->is_stopping && !abandons) {
      return Err{
          error("DuplicatedStopRequestException",
                fmt::format("Pipeline execution with ID '{}' is already being stopped", id))};
    }
    execution->is_stopping = true;
    execution->stop_reason = text_in(input, "reason");
    execution->updated = edit.now();
    if (abandons || !execution->is_entered()) {
      abandon(*execution, edit.now());
    } else {
      execution->status = "Stopping";
      execution->stages[execution->stage].status = "Stopping";
    }
    edit.put(*execution);
    return {};
  }));
  return id_answer(id);
}

Service::Answer Service::retry_stage_execution(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "pipelineName"));
  const json::Node input = call.input.root();
  const std::string id = text_in(input, "pipelineExecutionId");
  const std::string stage_name = text_in(input, "stageName");
  const RetryMode mode = text_in(input, "retryMode") == "ALL_ACTIONS" ? RetryMode::kAllActions
                                                                      : RetryMode::kFailedActions;
  ExecutionRecord retried;
  TRY(edit(pipeline.key(), [&](Edit& edit) -> Checked<void> {
    auto execution = edit.execution(id);
    const Declaration declared =
        edit.declaration(execution ? execution->version : edit.pipeline().version);
    const Stage* stage = declared.find(stage_name);
    if (stage == nullptr) return Err{no_stage(pipeline.name, stage_name)};
    const auto index = static_cast<std::size_t>(stage - declared.stages.data());
    if (edit.pipeline().latest[stage_name] != id || !execution) {
      return Err{error("NotLatestPipelineExecutionException",
                       fmt::format("Pipeline execution '{}' is not the latest execution of stage "
                                   "'{}'",
                                   id, stage_name))};
    }
    const StageRun& run = execution->stages[index];
    if (execution->is_open() || execution->stage != index ||
        (run.status != "Failed" && run.status != "Stopped")) {
      return Err{error(
          "StageNotRetryableException",
          fmt::format("Stage '{}' is not in a failed state and cannot be retried", stage_name))};
    }
    retry_stage(*execution, declared, index, mode);
    ++execution->stages[index].retries;
    execution->status = "InProgress";
    execution->is_stopping = false;
    execution->stop_reason.clear();
    execution->updated = edit.now();
    ++execution->run;
    execution->step = 0;
    execution->step_actions.clear();
    edit.put(*execution);
    retried = *execution;
    return {};
  }));
  start_run(pipeline, retried);
  return id_answer(id);
}

Service::Answer Service::set_transition(const Call& call, bool enables) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "pipelineName"));
  const json::Node input = call.input.root();
  const std::string stage = text_in(input, "stageName");
  const std::string key = text_in(input, "transitionType") + "/" + stage;
  TRY(edit(pipeline.key(), [&](Edit& edit) -> Checked<void> {
    if (trusted_declaration(edit.pipeline().declaration).find(stage) == nullptr) {
      return Err{no_stage(pipeline.name, stage)};
    }
    Transition& transition = edit.pipeline().transitions[key];
    transition = {.reason = enables ? std::string() : text_in(input, "reason"),
                  .by = caller_arn(call.principal),
                  .at = edit.now(),
                  .is_enabled = enables};
    return {};
  }));
  return empty_answer();
}

Service::Answer Service::put_approval(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "pipelineName"));
  const json::Node input = call.input.root();
  const std::string stage_name = text_in(input, "stageName");
  const std::string action_name = text_in(input, "actionName");
  const std::string token = text_in(input, "token");
  const json::Node* given = node_in(input, "result");
  const json::Node result = given ? *given : json::Node();
  WallMillis approved_at = 0;
  TRY(edit(pipeline.key(), [&](Edit& edit) -> Checked<void> {
    approved_at = edit.now();
    const Declaration declared = trusted_declaration(edit.pipeline().declaration);
    const Stage* stage = declared.find(stage_name);
    if (stage == nullptr) return Err{no_stage(pipeline.name, stage_name)};
    if (stage->find(action_name) == nullptr) return Err{no_action(pipeline.name, action_name)};
    std::vector<ExecutionRecord> candidates = edit.open_executions();
    if (auto last = edit.execution(edit.pipeline().latest[stage_name + "/" + action_name])) {
      candidates.push_back(*std::move(last));
    }
    for (ExecutionRecord& execution : candidates) {
      for (ActionRun& run : execution.actions) {
        if (run.stage != stage_name || run.action != action_name || run.token != token) continue;
        if (!run.is_open()) {
          return Err{error("ApprovalAlreadyCompletedException",
                           "The approval action has already been approved or rejected.")};
        }
        run.summary = text_in(result, "summary");
        run.updated_by = caller_arn(call.principal);
        const bool approved = text_in(result, "status") == "Approved";
        settle(run, approved ? Progress(Success{}) : Progress(Failure{"", "", {}}), edit.now());
        execution.updated = edit.now();
        edit.put(execution);
        return {};
      }
    }
    return Err{error("InvalidApprovalTokenException",
                     "The approval request already received a response or has expired.")};
  }));
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_time(out, "approvedAt", approved_at);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::codepipeline
