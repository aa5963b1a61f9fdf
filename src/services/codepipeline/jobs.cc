// Jobs: what workers poll, acknowledge and answer. The answer of a function's job comes here too.
#include "services/codepipeline/jobs.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/codepipeline/service.h"
#include "services/codepipeline/step.h"

namespace pawl::codepipeline {

namespace {

constexpr std::size_t kVariableBytesMax = 122'880;  // CodePipeline quotas
constexpr std::int64_t kBatchMax = 100;

ServiceError no_job(const std::string& id) {
  return error("JobNotFoundException", fmt::format("Job with id '{}' could not be found", id));
}

ServiceError wrong_state(const std::string& id) {
  return error("InvalidJobStateException",
               fmt::format("Job {} is not in a state that allows the request", id));
}

void take_details(ActionRun& run, json::Node input) {
  if (const json::Node* details = node_in(input, "executionDetails")) {
    if (std::string summary = text_in(*details, "summary"); !summary.empty()) {
      run.summary = std::move(summary);
    }
    if (std::string id = text_in(*details, "externalExecutionId"); !id.empty()) {
      run.external_id = std::move(id);
    }
    if (node_in(*details, "percentComplete") != nullptr) {
      run.percent = static_cast<int>(integer_in(*details, "percentComplete"));
    }
  }
  if (const json::Node* revision = node_in(input, "currentRevision")) {
    run.revision = {text_in(*revision, "revision"),
                    text_in(*revision, "changeIdentifier"),
                    text_in(*revision, "revisionSummary"),
                    {},
                    integer_in(*revision, "created") * 1'000};
    for (Artifact& output : run.outputs) output.revision = run.revision.id;
  }
}

Result<void, ServiceError> take_variables(ActionRun& run, json::Node input) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : text_map_in(input, "outputVariables")) {
    bytes += name.size() + value.size();
    run.variables[name] = value;
  }
  if (bytes <= kVariableBytesMax) return {};
  return Err{error("OutputVariablesSizeExceededException",
                   fmt::format("Exceeded the total size limit for all variables in the pipeline: "
                               "{} bytes",
                               kVariableBytesMax))};
}

}  // namespace

Service::Checked<Service::JobPlace> Service::find_job(const Call& call,
                                                      const std::string& id) const {
  const auto stored = parts_.catalog.get(kJobTable, id);
  if (!stored) return Err{no_job(id)};
  const std::size_t first = stored->find('\n');
  const std::size_t second = stored->find('\n', first + 1);
  JobPlace place{stored->substr(0, first), stored->substr(first + 1, second - first - 1),
                 stored->substr(second + 1)};
  if (!place.pipeline.starts_with(pipeline_key(call.principal, ""))) return Err{no_job(id)};
  return place;
}

// Changes the run whose job it is now; an earlier one of the same run is in no state for that.
Service::Checked<void> Service::change_job(const Call& call, const std::string& id,
                                           const ChangeRun& change) {
  const JobPlace place = TRY(find_job(call, id));
  return edit(place.pipeline, [&](Edit& edit) -> Checked<void> {
    auto execution = edit.execution(place.execution);
    ActionRun* run = execution ? execution->find_run(place.run) : nullptr;
    if (run == nullptr) return Err{no_job(id)};
    if (!run->is_open() || run->job.id != id) return Err{wrong_state(id)};
    run->updated = execution->updated = edit.now();
    TRY(change(edit, *execution, *run));
    edit.put(*execution);
    return {};
  });
}

Service::Answer Service::poll_for_jobs(const Call& call) {
  const json::Node input = call.input.root();
  const json::Node* given = node_in(input, "actionTypeId");
  if (given == nullptr) return Err{missing("actionTypeId")};
  const ActionTypeId type = read_type(*given);
  std::optional<ActionTypeInfo> custom;
  if (find_type(call.principal, type, custom) == nullptr || !custom) {
    return Err{error("ActionTypeNotFoundException",
                     fmt::format("No action type found with Category: '{}', Provider: '{}', Owner: "
                                 "'{}', Version: '{}'",
                                 type.category, type.provider, type.owner, type.version))};
  }
  const auto wanted = static_cast<std::size_t>(
      std::clamp<std::int64_t>(integer_in(input, "maxBatchSize", 1), 1, kBatchMax));
  const TextMap query = text_map_in(input, "queryParam");
  std::string text;
  json::Writer out(text);
  out.begin_object().key("jobs").begin_array();
  std::size_t count = 0;
  for (const auto& [row, id] :
       with_prefix(parts_.catalog, kOpenTable, pipeline_key(call.principal, ""))) {
    const std::string key = row.substr(0, row.rfind('#'));
    const auto pipeline = find_pipeline(key);
    const auto execution = pipeline ? find_execution(key, id) : std::nullopt;
    if (!execution) continue;
    const Declaration declared = declaration_of(*pipeline, execution->version);
    const Client client(parts_.operations, pipeline->principal());
    for (const ActionRun& run : execution->actions) {
      const Action* action = run.is_open() ? declared.find(run.stage)->find(run.action) : nullptr;
      const bool fits = action != nullptr && action->type == type && run.job.status == "Created" &&
                        std::all_of(query.begin(), query.end(), [&run](const auto& each) {
                          const auto found = run.configuration.find(each.first);
                          return found != run.configuration.end() && found->second == each.second;
                        });
      if (!fits || run.job.due > parts_.clock.wall_now() || count == wanted) continue;
      const JobView job{declared, *action, execution->id, run};
      const auto credentials = artifact_credentials(client, job, parts_.clock.wall_now());
      if (!credentials.ok()) continue;
      std::string nonce;
      const auto taken = change_job(call, run.job.id, [&](Edit& edit, auto&, ActionRun& stored) {
        if (stored.job.status != "Created") return Checked<void>(Err{wrong_state(stored.job.id)});
        stored.job.status = "Queued";
        nonce = stored.job.nonce = std::to_string(edit.rng().next() % 1'000'000'000 + 1);
        return Checked<void>();
      });
      if (!taken.ok()) continue;  // another poller was faster
      ++count;
      out.begin_object();
      write_job_details(out, client, job, *credentials);
      out.key("nonce").string(nonce).end_object();
    }
  }
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::acknowledge_job(const Call& call) {
  const json::Node input = call.input.root();
  const std::string nonce = text_in(input, "nonce");
  TRY(change_job(call, text_in(input, "jobId"), [&](Edit&, auto&, ActionRun& run) {
    if (run.job.nonce != nonce) {
      return Checked<void>(
          Err{error("InvalidNonceException", fmt::format("Invalid nonce: {}", nonce))});
    }
    run.job.status = "InProgress";
    return Checked<void>();
  }));
  return json::Value::trusted(R"({"status":"InProgress"})");
}

Service::Answer Service::get_job_details(const Call& call) {
  const std::string id = text_in(call.input.root(), "jobId");
  const JobPlace place = TRY(find_job(call, id));
  const auto pipeline = find_pipeline(place.pipeline);
  const auto execution = find_execution(place.pipeline, place.execution);
  const ActionRun* run = execution ? execution->find_run(place.run) : nullptr;
  if (!pipeline || run == nullptr || run->job.id != id) return Err{no_job(id)};
  const Declaration declared = declaration_of(*pipeline, execution->version);
  const Action* action = declared.find(run->stage)->find(run->action);
  const Client client(parts_.operations, pipeline->principal());
  const JobView job{declared, *action, execution->id, *run};
  const std::string credentials = TRY(artifact_credentials(client, job, parts_.clock.wall_now()));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("jobDetails").begin_object();
  write_job_details(out, client, job, credentials);
  out.end_object().end_object();
  return json::Value::trusted(std::move(text));
}

Service::Answer Service::put_job_success(const Call& call) {
  const json::Node input = call.input.root();
  const std::string token = text_in(input, "continuationToken");
  TRY(change_job(call, text_in(input, "jobId"),
                 [&](Edit& edit, auto&, ActionRun& run) -> Checked<void> {
                   take_details(run, input);
                   TRY(take_variables(run, input));
                   if (token.empty()) {
                     settle(run, Success{}, edit.now());
                     return {};
                   }
                   // Another job goes on, later.
                   begin_job(run, edit.rng(), edit.now() + parts_.interval_millis);
                   run.job.continuation_token = token;
                   return {};
                 }));
  return empty_answer();
}

Service::Answer Service::put_job_failure(const Call& call) {
  const json::Node input = call.input.root();
  const json::Node* given = node_in(input, "failureDetails");
  if (given == nullptr) return Err{missing("failureDetails")};
  TRY(change_job(call, text_in(input, "jobId"), [&](Edit& edit, auto&, ActionRun& run) {
    settle(run,
           Failure{text_in(*given, "type"), text_in(*given, "message"),
                   text_in(*given, "externalExecutionId")},
           edit.now());
    return Checked<void>();
  }));
  return empty_answer();
}

}  // namespace pawl::codepipeline
