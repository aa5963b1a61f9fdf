// Executions and their actions, as they are shown.
#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.h"
#include "services/codepipeline/service.h"

namespace pawl::codepipeline {

namespace {

constexpr std::int64_t kPageMax = 100;

void write_trigger(json::Writer& out, const ExecutionRecord& execution) {
  out.key("trigger").begin_object().key("triggerType").string(execution.trigger_type);
  write_text(out, "triggerDetail", execution.trigger_detail);
  out.end_object();
}

// The runs that brought a revision, the last one of each action.
std::vector<const ActionRun*> source_runs(const ExecutionRecord& execution) {
  std::vector<const ActionRun*> runs;
  for (const ActionRun& run : execution.actions) {
    if (!run.revision.id.empty() && execution.current(run.stage, run.action) == &run) {
      runs.push_back(&run);
    }
  }
  return runs;
}

void write_summary(json::Writer& out, const ExecutionRecord& execution) {
  out.begin_object().key("pipelineExecutionId").string(execution.id);
  out.key("status").string(execution.status);
  write_text(out, "statusSummary", execution.status_summary);
  write_time(out, "startTime", execution.started);
  write_time(out, "lastUpdateTime", execution.updated);
  out.key("sourceRevisions").begin_array();
  for (const ActionRun* run : source_runs(execution)) {
    out.begin_object().key("actionName").string(run->action);
    out.key("revisionId").string(run->revision.id);
    write_text(out, "revisionSummary", run->revision.summary);
    write_text(out, "revisionUrl", run->revision.url);
    out.end_object();
  }
  out.end_array();
  write_trigger(out, execution);
  if (execution.is_stopping) {
    out.key("stopTrigger").begin_object();
    write_text(out, "reason", execution.stop_reason);
    out.end_object();
  }
  out.key("executionMode").string(name_of(execution.mode));
  out.key("executionType").string("STANDARD").end_object();
}

void write_artifacts(json::Writer& out, std::string_view member,
                     const std::vector<Artifact>& artifacts) {
  out.key(member).begin_array();
  for (const Artifact& artifact : artifacts) {
    out.begin_object().key("name").string(artifact.name).key("s3location").begin_object();
    out.key("bucket").string(artifact.bucket).key("key").string(artifact.object_key);
    out.end_object().end_object();
  }
  out.end_array();
}

void write_input(json::Writer& out, const Action& action, const ActionRun& run,
                 const std::string& region) {
  out.key("input").begin_object();
  write_type(out, "actionTypeId", action.type);
  out.key("configuration").begin_object();
  for (const auto& [name, value] : action.configuration) out.key(name).string(value);
  out.end_object().key("resolvedConfiguration").begin_object();
  for (const auto& [name, value] : run.configuration) out.key(name).string(value);
  out.end_object();
  write_text(out, "roleArn", action.role_arn);
  out.key("region").string(action.region.empty() ? region : action.region);
  write_artifacts(out, "inputArtifacts", run.inputs);
  write_text(out, "namespace", action.name_space);
  out.end_object();
}

void write_output(json::Writer& out, const ActionRun& run) {
  out.key("output").begin_object();
  write_artifacts(out, "outputArtifacts",
                  run.status == "Succeeded" ? run.outputs : std::vector<Artifact>());
  out.key("executionResult").begin_object();
  write_text(out, "externalExecutionId", run.external_id);
  write_text(out, "externalExecutionSummary", run.summary);
  write_text(out, "externalExecutionUrl", run.external_url);
  if (!run.error_code.empty()) {
    out.key("errorDetails").begin_object().key("code").string(run.error_code);
    out.key("message").string(run.error_message).end_object();
  }
  out.end_object().key("outputVariables").begin_object();
  for (const auto& [name, value] : run.variables) out.key(name).string(value);
  out.end_object().end_object();
}

Result<std::size_t, ServiceError> read_token(json::Node input) {
  const std::string token = text_in(input, "nextToken");
  const bool digits = token.size() <= 10 && std::all_of(token.begin(), token.end(),
                                                        [](char byte) { return is_digit(byte); });
  if (!digits) return Err{error("InvalidNextTokenException", "The next token is not valid")};
  return token.empty() ? std::size_t{0} : static_cast<std::size_t>(std::stoull(token));
}

std::size_t page_size(json::Node input) {
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(integer_in(input, "maxResults", kPageMax), 1, kPageMax));
}

}  // namespace

Service::Answer Service::get_execution(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "pipelineName"));
  const ExecutionRecord execution = TRY(execution_of(pipeline, call));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("pipelineExecution").begin_object();
  out.key("pipelineName").string(pipeline.name).key("pipelineVersion").integer(execution.version);
  out.key("pipelineExecutionId").string(execution.id).key("status").string(execution.status);
  write_text(out, "statusSummary", execution.status_summary);
  out.key("artifactRevisions").begin_array();
  for (const ActionRun* run : source_runs(execution)) {
    for (const Artifact& output : run->outputs) {
      out.begin_object().key("name").string(output.name);
      out.key("revisionId").string(run->revision.id);
      write_text(out, "revisionSummary", run->revision.summary);
      write_text(out, "revisionUrl", run->revision.url);
      write_time(out, "created", run->revision.created);
      out.end_object();
    }
  }
  out.end_array().key("variables").begin_array();
  for (const auto& [name, value] : execution.variables) {
    out.begin_object().key("name").string(name).key("resolvedValue").string(value).end_object();
  }
  out.end_array();
  write_trigger(out, execution);
  out.key("executionMode").string(name_of(execution.mode));
  out.key("executionType").string("STANDARD").end_object().end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::list_executions(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "pipelineName"));
  const json::Node input = call.input.root();
  const std::string prefix = pipeline.key() + "#";
  const std::string token = text_in(input, "nextToken");
  TRY(read_token(input));
  const std::size_t limit = page_size(input);
  std::string stage;
  if (const json::Node* filter = node_in(input, "filter")) {
    if (const json::Node* in = node_in(*filter, "succeededInStage")) {
      stage = text_in(*in, "stageName");
    }
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("pipelineExecutionSummaries").begin_array();
  std::string after = token.empty() ? std::string() : prefix + token;
  std::size_t shown = 0;
  for (bool more = true; more && shown <= limit;) {
    const Rows rows = with_prefix(parts_.catalog, kExecutionTable, prefix, after, limit + 1);
    more = rows.size() == limit + 1;
    for (const auto& [row, record] : rows) {
      const ExecutionRecord execution = ExecutionRecord::from_json(record);
      const ActionRun* last = nullptr;
      for (const ActionRun& run : execution.actions) {
        if (run.stage == stage) last = &run;
      }
      const bool wanted = stage.empty() || (last != nullptr && last->status == "Succeeded");
      if (wanted && ++shown > limit) break;
      if (wanted) write_summary(out, execution);
      after = row;
    }
  }
  out.end_array();
  if (shown > limit) out.key("nextToken").string(after.substr(prefix.size()));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::list_action_executions(const Call& call) {
  const PipelineRecord pipeline = TRY(pipeline_of(call, "pipelineName"));
  const json::Node input = call.input.root();
  const std::size_t skipped = TRY(read_token(input));
  const std::size_t limit = page_size(input);
  std::string only;
  if (const json::Node* filter = node_in(input, "filter")) {
    only = text_in(*filter, "pipelineExecutionId");
    if (const json::Node* latest = node_in(*filter, "latestInPipelineExecution")) {
      only = text_in(*latest, "pipelineExecutionId");
    }
  }
  if (!only.empty() && !find_execution(pipeline.key(), only)) {
    return Err{error("PipelineExecutionNotFoundException",
                     fmt::format("Pipeline execution with ID '{}' does not exist in pipeline '{}'",
                                 only, pipeline.name))};
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("actionExecutionDetails").begin_array();
  std::size_t count = 0;
  for (const auto& [row, record] :
       with_prefix(parts_.catalog, kExecutionTable, pipeline.key() + "#")) {
    if (count > skipped + limit) break;
    const ExecutionRecord execution = ExecutionRecord::from_json(record);
    if (!only.empty() && execution.id != only) continue;
    const Declaration declared = declaration_of(pipeline, execution.version);
    for (auto run = execution.actions.rbegin(); run != execution.actions.rend(); ++run) {
      if (++count <= skipped || count > skipped + limit) continue;
      const Stage* stage = declared.find(run->stage);
      const Action* action = stage ? stage->find(run->action) : nullptr;
      out.begin_object().key("pipelineExecutionId").string(execution.id);
      out.key("actionExecutionId").string(run->id);
      out.key("pipelineVersion").integer(execution.version);
      out.key("stageName").string(run->stage).key("actionName").string(run->action);
      write_time(out, "startTime", run->started);
      write_time(out, "lastUpdateTime", run->updated);
      write_text(out, "updatedBy", run->updated_by);
      out.key("status").string(run->status);
      if (action != nullptr) write_input(out, *action, *run, pipeline.region);
      write_output(out, *run);
      out.end_object();
    }
  }
  out.end_array();
  if (count > skipped + limit) out.key("nextToken").string(std::to_string(skipped + limit));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::codepipeline
