// The tasks of the workflow. A task that comes again after a crash finds in the execution's record
// how far it was, and goes on from there.
#include <fmt/format.h>

#include <algorithm>

#include "services/codepipeline/client.h"
#include "services/codepipeline/service.h"
#include "services/codepipeline/step.h"
#include "services/codepipeline/workflow.h"

namespace pawl::codepipeline {

namespace {

constexpr WallMillis kPollMillisMax = 1'000;

json::Value step_answer(std::int64_t step, const std::vector<std::string>& runs) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("step").integer(step).key("actions").begin_array();
  for (const std::string& run : runs) out.string(run);
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

constexpr std::int64_t kOver = -1;

// One look at what is next; nothing: it is to be waited for.
std::optional<json::Value> look(Edit& edit, const std::string& id, std::int64_t run,
                                std::int64_t after) {
  auto execution = edit.execution(id);
  if (!execution || !execution->is_open() || execution->run != run) return step_answer(kOver, {});
  // The last answer did not reach the workflow: it gets the same again.
  if (execution->step != after) return step_answer(execution->step, execution->step_actions);
  const Step next = next_step(edit, *execution);
  if (next.kind == Step::Kind::kWait) return std::nullopt;
  if (next.kind == Step::Kind::kEnd) return step_answer(kOver, {});
  ++execution->step;
  execution->step_actions = next.runs;
  edit.put(*execution);
  return step_answer(execution->step, next.runs);
}

}  // namespace

void Service::start_run(const PipelineRecord& pipeline, const ExecutionRecord& execution) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("pipeline").string(pipeline.key());
  out.key("execution").string(execution.id).key("run").integer(execution.run);
  out.key("work").begin_object().key("step").integer(0).end_object().end_object();
  // A run that cannot be started now is started again by the next start of the server.
  parts_.workflows.start(parts_.engine, kPipelineMachine, pipeline.region,
                         fmt::format("{}-{}", execution.id, execution.run),
                         json::Value::trusted(std::move(text)), [](runtime::StartOutcome) {});
}

void Service::step_task(const runtime::WorkflowTask& task, const runtime::Workflows::Reply& reply) {
  const json::Node input = task.input.root();
  const std::string key = text_in(input, "pipeline");
  const std::uint64_t seen = parking_.changes(key);
  std::optional<json::Value> answer;
  const auto done = edit(key, [&](Edit& edit) -> Checked<void> {
    answer = look(edit, text_in(input, "execution"), integer_in(input, "run"),
                  integer_in(input, "after"));
    return {};
  });
  // The pipeline is gone, and its executions with it.
  if (!done.ok()) return reply(step_answer(kOver, {}));
  if (answer) return reply(*std::move(answer));
  parking_.wait(key, seen, 0, [this, task, reply] {
    work_.run([this, task, reply] { step_task(task, reply); });
  });
}

void Service::action_task(const runtime::WorkflowTask& task,
                          const runtime::Workflows::Reply& reply) {
  const json::Node input = task.input.root();
  perform({text_in(input, "pipeline"), text_in(input, "execution"), text_in(input, "action")},
          reply);
}

void Service::perform(const JobPlace& place, const runtime::Workflows::Reply& reply) {
  const std::uint64_t seen = parking_.changes(place.pipeline);
  const auto pipeline = find_pipeline(place.pipeline);
  const auto execution = find_execution(place.pipeline, place.execution);
  const ActionRun* found = execution ? execution->find_run(place.run) : nullptr;
  if (!pipeline || found == nullptr || !found->is_open()) {
    const std::lock_guard lock(delivered_mutex_);
    delivered_.erase(place.run);
    return reply(empty_answer());
  }
  ActionRun run = *found;
  const Progress progress = progress_of(place, *pipeline, *execution, run);
  if (const auto* waiting = std::get_if<Waiting>(&progress)) {
    parking_.wait(place.pipeline, seen, waiting->until, [this, place, reply] {
      work_.run([this, place, reply] { perform(place, reply); });
    });
    return;
  }
  settle_run(place, run, progress);
  perform(place, reply);
}

Progress Service::progress_of(const JobPlace& place, const PipelineRecord& pipeline,
                              const ExecutionRecord& execution, ActionRun& run) {
  const Declaration declared = declaration_of(pipeline, execution.version);
  const Stage* stage = declared.find(run.stage);
  const Action* action = stage ? stage->find(run.action) : nullptr;
  std::optional<ActionTypeInfo> custom;
  const ActionTypeInfo* type =
      action ? find_type(pipeline.principal(), action->type, custom) : nullptr;
  if (type == nullptr) {
    return Failure{"ConfigurationError", "The action's type does not exist any more", {}};
  }
  bool first = false;
  {
    const std::lock_guard lock(delivered_mutex_);
    first = delivered_.insert(place.run).second;
  }
  const Client client(parts_.operations, pipeline.principal());
  Work work{.client = client,
            .pipeline = declared,
            .action = *action,
            .execution = execution,
            .run = run,
            .now = parts_.clock.wall_now(),
            .poll_millis = std::min(parts_.interval_millis, kPollMillisMax),
            .first_delivery = first,
            .save = nullptr};
  work.save = [this, &place, &run] {
    // An error: the pipeline has gone meanwhile, and nobody asks for this run any more.
    const auto saved = edit(place.pipeline, [&](Edit& edit) -> Checked<void> {
      auto stored = edit.execution(place.execution);
      ActionRun* there = stored ? stored->find_run(place.run) : nullptr;
      if (there == nullptr || !there->is_open()) return {};
      *there = run;
      there->updated = edit.now();
      edit.put(*stored);
      return {};
    });
    (void)saved;
  };
  return type->perform(work);
}

void Service::settle_run(const JobPlace& place, const ActionRun& run, const Progress& progress) {
  const auto settled = edit(place.pipeline, [&](Edit& edit) -> Checked<void> {
    auto execution = edit.execution(place.execution);
    ActionRun* there = execution ? execution->find_run(place.run) : nullptr;
    if (there == nullptr || !there->is_open()) return {};
    there->outputs = run.outputs;
    there->external_id = run.external_id;
    settle(*there, progress, edit.now());
    execution->updated = edit.now();
    const Declaration declared = edit.declaration(execution->version);
    const Action* action = declared.find(run.stage)->find(run.action);
    if (action->type.category == "Source" && there->status == "Succeeded") {
      const std::string seen = seen_key(place.pipeline, run.stage, *action);
      const std::string* last = edit.view().find(kSeenTable, seen);
      if (last == nullptr || last->empty()) edit.change(kSeenTable, seen, there->revision.id);
    }
    edit.put(*execution);
    return {};
  });
  (void)settled;  // an error: the pipeline has gone meanwhile
}

}  // namespace pawl::codepipeline
