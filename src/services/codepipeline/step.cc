#include "services/codepipeline/step.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/codepipeline/archive.h"
#include "services/codepipeline/variables.h"

namespace pawl::codepipeline {

namespace {

// Finds what a configuration refers to, among what the execution has made so far.
std::optional<std::string> find_variable(const ExecutionRecord& execution,
                                         const Declaration& declared, const Reference& reference) {
  if (reference.name_space == "codepipeline") {
    if (reference.name == "PipelineExecutionId") return execution.id;
    return std::nullopt;
  }
  if (reference.name_space == "variables") {
    const auto found = execution.variables.find(reference.name);
    return found == execution.variables.end() ? std::nullopt : std::optional(found->second);
  }
  for (const Stage& stage : declared.stages) {
    for (const Action& action : stage.actions) {
      if (action.name_space != reference.name_space) continue;
      const ActionRun* run = execution.current(stage.name, action.name);
      if (run == nullptr) return std::nullopt;
      const auto found = run->variables.find(reference.name);
      return found == run->variables.end() ? std::nullopt : std::optional(found->second);
    }
  }
  return std::nullopt;
}

class Stepper {
 public:
  Stepper(Edit& edit, ExecutionRecord& execution)
      : edit_(edit), execution_(execution), declared_(edit.declaration(execution.version)) {}

  Step run() {
    while (execution_.is_open()) {
      const bool entered = execution_.is_entered();
      if (execution_.is_stopping) {
        if (Step open = act(open_runs()); !open.runs.empty()) return open;
        stop();
        break;
      }
      if (!entered && execution_.stage == execution_.stages.size()) {
        end("Succeeded");
        break;
      }
      if (!entered && !enter()) return {};
      if (!execution_.is_open()) break;
      if (Step step = in_stage(); !step.runs.empty()) return step;
    }
    return {.kind = Step::Kind::kEnd, .runs = {}};
  }

 private:
  StageRun& stage_run() { return execution_.stages[execution_.stage]; }
  const Stage& stage() const { return declared_.stages[execution_.stage]; }

  static Step act(std::vector<std::string> runs) {
    return {.kind = Step::Kind::kAct, .runs = std::move(runs)};
  }

  std::vector<std::string> open_runs() const {
    std::vector<std::string> runs;
    for (const ActionRun& each : execution_.actions) {
      if (each.is_open()) runs.push_back(each.id);
    }
    return runs;
  }

  void end(std::string_view status) {
    execution_.status = status;
    execution_.updated = edit_.now();
  }

  void stop() {
    if (execution_.is_entered()) stage_run().status = "Stopped";
    execution_.waits_since = 0;
    end("Stopped");
  }

  // Whether the execution is in its stage now. One that waits gives way to a newer one.
  bool enter() {
    if (execution_.waits_since == 0) {
      execution_.waits_since = edit_.now();
      execution_.updated = edit_.now();
    }
    const bool parallel = execution_.mode == ExecutionMode::kParallel;
    bool locked = !edit_.pipeline().may_enter(declared_, execution_.stage);
    for (ExecutionRecord& other : edit_.open_executions()) {
      if (parallel || other.id == execution_.id || other.stage != execution_.stage) continue;
      if (other.is_entered()) locked = true;
      if (other.is_entered() || other.waits_since == 0) continue;
      if (execution_.mode == ExecutionMode::kQueued) {
        if (other.number < execution_.number) locked = true;
      } else if (other.number > execution_.number) {
        supersede(execution_, other.id);
        return true;
      } else {
        supersede(other, execution_.id);
        edit_.put(other);
      }
    }
    if (locked) return false;
    execution_.waits_since = 0;
    stage_run().status = "InProgress";
    edit_.pipeline().latest[stage().name] = execution_.id;
    return true;
  }

  void supersede(ExecutionRecord& older, const std::string& newer) {
    older.status = "Superseded";
    older.status_summary = "Superseded by " + newer;
    older.waits_since = 0;
    older.updated = edit_.now();
  }

  // Empty: the stage is over, and the execution stands before the next one or has ended.
  Step in_stage() {
    for (const int order : stage().run_orders()) {
      std::vector<std::string> open;
      bool failed = false;
      for (const Action& action : stage().actions) {
        if (action.run_order != order) continue;
        const ActionRun* run = execution_.current(stage().name, action.name);
        if (run == nullptr) run = &begin(action);
        if (run->is_open()) open.push_back(run->id);
        if (!run->is_open() && run->status != "Succeeded") failed = true;
      }
      if (!open.empty()) return act(std::move(open));
      if (failed) return fail_stage();
    }
    stage_run().status = "Succeeded";
    ++execution_.stage;
    execution_.updated = edit_.now();
    return {};
  }

  Step fail_stage() {
    const auto& retry = stage().retry_on_failure;
    if (retry && stage_run().automatic_retries == 0) {
      ++stage_run().automatic_retries;
      retry_stage(execution_, declared_, execution_.stage, *retry);
      return {};
    }
    stage_run().status = "Failed";
    end("Failed");
    return {};
  }

  const ActionRun& begin(const Action& action) {
    ActionRun run;
    run.id = make_uuid(edit_.rng());
    run.stage = stage().name;
    run.action = action.name;
    run.started = run.updated = edit_.now();
    execution_.updated = edit_.now();
    const ArtifactStore& store = declared_.store_of(edit_.pipeline().region);
    for (const std::string& name : action.outputs) {
      run.outputs.push_back(
          {name, store.bucket, artifact_key(declared_.name, name, edit_.rng()), {}});
    }
    for (const std::string& name : action.inputs) {
      if (const Artifact* artifact = execution_.artifact(name)) run.inputs.push_back(*artifact);
    }
    for (const auto& [name, value] : action.configuration) {
      const auto resolved = resolve(value, [this](const Reference& reference) {
        return find_variable(execution_, declared_, reference);
      });
      if (resolved.ok()) {
        run.configuration[name] = *resolved;
      } else {
        settle(run,
               Failure{"ConfigurationError",
                       fmt::format("The variable #{{{}.{}}} in the action configuration could not "
                                   "be resolved",
                                   resolved.error().name_space, resolved.error().name),
                       {}},
               edit_.now());
      }
    }
    if (run.inputs.size() != action.inputs.size() && run.is_open()) {
      settle(run, Failure{"ConfigurationError", "An input artifact was not produced", {}},
             edit_.now());
    }
    edit_.pipeline().latest[stage().name + "/" + action.name] = execution_.id;
    execution_.actions.push_back(std::move(run));
    return execution_.actions.back();
  }

  Edit& edit_;
  ExecutionRecord& execution_;
  const Declaration declared_;
};

}  // namespace

Step next_step(Edit& edit, ExecutionRecord& execution) {
  Step step = Stepper(edit, execution).run();
  edit.put(execution);
  return step;
}

void settle(ActionRun& run, const Progress& progress, WallMillis now) {
  ENSURE(run.is_open(), run.id);
  run.updated = now;
  run.data.clear();
  if (const auto* success = std::get_if<Success>(&progress)) {
    run.status = "Succeeded";
    run.percent = -1;
    if (!success->revision.id.empty()) run.revision = success->revision;
    for (const auto& [name, value] : success->variables) run.variables[name] = value;
    if (!success->summary.empty()) run.summary = success->summary;
    if (!success->external_id.empty()) run.external_id = success->external_id;
    if (!success->external_url.empty()) run.external_url = success->external_url;
  } else if (const auto* failure = std::get_if<Failure>(&progress)) {
    run.status = "Failed";
    run.error_code = failure->code;
    run.error_message = failure->message;
    if (!failure->external_id.empty()) run.external_id = failure->external_id;
  }
}

void abandon(ExecutionRecord& execution, WallMillis now) {
  for (ActionRun& run : execution.actions) {
    if (!run.is_open()) continue;
    run.status = "Abandoned";
    run.updated = now;
  }
  if (execution.is_entered()) execution.stages[execution.stage].status = "Stopped";
  execution.waits_since = 0;
  execution.status = "Stopped";
  execution.updated = now;
}

void retry_stage(ExecutionRecord& execution, const Declaration& declared, std::size_t stage,
                 RetryMode mode) {
  const std::string& name = declared.stages[stage].name;
  for (ActionRun& run : execution.actions) {
    if (run.stage != name) continue;
    if (mode == RetryMode::kAllActions || run.status != "Succeeded") run.is_retried = true;
  }
  execution.stages[stage].status = "InProgress";
}

}  // namespace pawl::codepipeline
