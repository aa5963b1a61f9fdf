#include "services/states/explain.h"

#include <algorithm>
#include <map>
#include <utility>

#include "machine/timestamps.h"
#include "runtime/history.h"
#include "runtime/quarantine.h"
#include "services/states/fields.h"
#include "services/states/operator.h"
#include "services/states/service.h"
#include "services/states/task_runner.h"

namespace pawl::states {

namespace {

using machine::EventId;
using machine::Phase;
using machine::Strand;

constexpr std::size_t kWaitsMax = 100;

std::string at(WallMillis time) { return machine::print_timestamp(time); }

// What the history knows of an open task.
struct TaskStory {
  WallMillis scheduled = 0;
  WallMillis started = 0;
  std::optional<std::string> worker;
  json::Value submitted;  // the accepting service's answer
};

class Explainer {
 public:
  Explainer(const runtime::Inspection& seen, const ExplainSources& sources)
      : seen_(seen), sources_(sources), out_(text_) {}

  json::Value explain() {
    read_stories();
    const runtime::Summary& summary = seen_.summary;
    out_.begin_object().key("executionArn").string(summary.names.execution_arn());
    out_.key("status").string(name_of(seen_.execution.status));
    out_.key("startDate");
    write_time(out_, summary.start_time);
    if (!summary.forked_from.empty()) {
      out_.key("forkedFrom").begin_object().key("executionArn").string(summary.forked_from);
      out_.key("eventId").integer(summary.forked_event).end_object();
    }
    out_.key("lastEventId").integer(seen_.execution.last_event);
    if (!seen_.execution.closed()) write_pause_in_force();
    if (seen_.execution.timeout_at && !seen_.execution.closed()) {
      out_.key("timeoutDate");
      write_time(out_, *seen_.execution.timeout_at);
    }
    out_.key("waitsFor").begin_array();
    std::size_t count = 0;
    for (const auto& [id, strand] : seen_.execution.strands) {
      const bool of_children = strand.phase == Phase::kChildren && !strand.children.empty();
      if (of_children && !strand.halt) continue;
      if (count++ < kWaitsMax) write(strand);
    }
    out_.end_array().key("truncated").boolean(count > kWaitsMax).end_object();
    return json::Value::trusted(std::move(text_));
  }

 private:
  void write_pause_in_force() {
    const runtime::Summary& summary = seen_.summary;
    const auto pauses = sources_.engine.pauses();
    const std::uint64_t machine = runtime::digest_of_machine(summary.own_machine_arn());
    const runtime::Pause* pause = summary.pause ? &*summary.pause
                                  : pauses      ? pauses->of(machine)
                                                : nullptr;
    if (pause == nullptr) return;
    const std::string_view scope = summary.pause                        ? "execution"
                                   : pauses->machines.contains(machine) ? "stateMachine"
                                                                        : "all";
    out_.key("paused").begin_object().key("scope").string(scope);
    write_pause(out_, *pause);
    std::string words = "paused since " + at(pause->since);
    if (!pause->by.empty()) words += " by " + pause->by;
    if (!pause->reason.empty()) words += ": " + pause->reason;
    explained(words);
    out_.end_object();
  }

  // Backwards until every open task's beginning is found.
  void read_stories() {
    std::size_t missing = 0;
    for (const auto& [id, strand] : seen_.execution.strands) {
      if (strand.task) missing += stories_.try_emplace(strand.task->id).second ? 1 : 0;
    }
    if (missing == 0) return;
    const std::string arn = seen_.summary.names.execution_arn();
    const auto visit = [&](const machine::Event& event) {
      if (const auto* started = std::get_if<machine::TaskStarted>(&event.body)) {
        if (auto* story = story_of(started->task)) {
          story->started = event.time;
          story->worker = started->worker_name;
        }
      } else if (const auto* submitted = std::get_if<machine::TaskSubmitted>(&event.body)) {
        if (auto* story = story_of(submitted->task)) story->submitted = submitted->output;
      } else if (auto* story = story_of(event.id)) {
        story->scheduled = event.time;
        --missing;
      }
      return missing > 0;
    };
    runtime::walk_history(sources_.engine.store(), seen_.summary, runtime::id_of_execution(arn),
                          runtime::HistoryOrder::kBackward, std::nullopt, visit);
  }
  TaskStory* story_of(EventId task) {
    const auto found = stories_.find(task);
    return found == stories_.end() ? nullptr : &found->second;
  }

  // "Each[2]/Call": the names of the containers, with the branch or iteration, and the state's.
  std::string path_of(const Strand& strand) const {
    std::string path = strand.entered == 0 && !strand.pointer.empty()
                           ? strand.pointer.substr(strand.pointer.rfind('/') + 1)
                           : strand.state_name;
    const Strand* inner = &strand;
    while (inner->id != 0) {
      const Strand& parent = seen_.execution.strands.at(inner->parent);
      path = parent.state_name + "[" + std::to_string(inner->index) + "]/" + path;
      inner = &parent;
    }
    return path;
  }

  // 1 and all that its retriers allow; nothing when it has none.
  std::optional<std::int64_t> attempts_max(const Strand& strand) const {
    const asl::State* state =
        sources_.definition ? sources_.definition->find(strand.pointer) : nullptr;
    if (state == nullptr || state->retry.empty()) return std::nullopt;
    std::int64_t most = 1;
    for (const asl::Retrier& retrier : state->retry) most += retrier.max_attempts;
    return most;
  }

  void write(const Strand& strand) {
    out_.begin_object().key("path").string(path_of(strand));
    if (strand.entered != 0) {
      out_.key("enteredEventId").integer(strand.entered).key("enteredDate");
      write_time(out_, strand.entered_time);
    }
    if (strand.halt) {
      write_halt(*strand.halt);
      out_.end_object();
      return;
    }
    switch (strand.phase) {
      case Phase::kWaiting:
        until("timer", strand.due);
        explained("waits until " + at(strand.due));
        break;
      case Phase::kBackoff:
        until("retry", strand.due);
        explained("tries again at " + at(strand.due) + ", " +
                  write_attempt(strand, strand.retry_count));
        break;
      case Phase::kTask:
        write_task(strand);
        break;
      case Phase::kMapRun:
        write_map_run(*strand.map_run);
        break;
      case Phase::kMapStarted:
      case Phase::kMapRunDone:
      case Phase::kEntering:
      case Phase::kEntered:
      case Phase::kChildren:
      case Phase::kResult:
      case Phase::kFault:
      case Phase::kEnded:
      case Phase::kFailed:
      case Phase::kAborting:
        out_.key("kind").string("runnable");
        explained("waits for nothing and goes on in the next turn");
        break;
    }
    out_.end_object();
  }

  void write_halt(const machine::Halt& halt) {
    out_.key("kind").string("halted").key("since");
    write_time(out_, halt.since);
    std::string words = "halted since " + at(halt.since);
    if (halt.fault.error) {
      out_.key("error").string(*halt.fault.error);
      words += " with " + *halt.fault.error;
    }
    if (halt.fault.cause) {
      out_.key("cause").string(*halt.fault.cause);
      words += ": " + *halt.fault.cause;
    }
    explained(words);
  }

  void until(std::string_view kind, WallMillis due) {
    out_.key("kind").string(kind).key("until");
    write_time(out_, due);
  }
  void explained(const std::string& words) { out_.key("explanation").string(words); }

  // "attempt 2 of 4"; `before`: how many attempts came before it.
  std::string write_attempt(const Strand& strand, std::int64_t before) {
    out_.key("attempt").integer(before + 1);
    std::string words = "attempt " + std::to_string(before + 1);
    if (const auto most = attempts_max(strand)) {
      out_.key("attemptsMax").integer(*most);
      words += " of " + std::to_string(*most);
    }
    return words;
  }

  void write_task(const Strand& strand) {
    const machine::OpenTask& task = *strand.task;
    const machine::TaskScheduled& scheduled = task.scheduled;
    const TaskStory& story = stories_[task.id];
    out_.key("kind").string(kind_of(task));
    out_.key("taskEventId").integer(task.id);
    out_.key("resource").string(scheduled.resource);
    if (!scheduled.resource_type.empty()) {
      out_.key("resourceType").string(scheduled.resource_type);
    }
    if (story.scheduled != 0) {
      out_.key("since");
      write_time(out_, story.scheduled);
    }
    std::string words = words_of(strand, task, story);
    words += "; " + write_attempt(strand, scheduled.retry_count);
    if (scheduled.timeout_at) {
      out_.key("timeoutDate");
      write_time(out_, *scheduled.timeout_at);
      words += "; times out at " + at(*scheduled.timeout_at);
    }
    if (scheduled.heartbeat_seconds) {
      out_.key("heartbeatSeconds").integer(*scheduled.heartbeat_seconds);
      words += "; a heartbeat is due every " + std::to_string(*scheduled.heartbeat_seconds) + " s";
    }
    explained(words);
  }

  // The children of a Map Run wait for themselves.
  void write_map_run(const machine::OpenMapRun& map_run) {
    out_.key("kind").string("mapRun").key("mapRunArn").string(map_run.arn);
    std::string words = "waits for the Map Run " + map_run.arn;
    const auto run =
        runtime::read_map_run(sources_.engine.store(), map_run.arn, sources_.engine.horizon());
    if (run) {
      words += ": " + std::to_string(run->children.ended()) + " of " +
               std::to_string(run->children_total) + " child executions have ended, " +
               std::to_string(run->open.size()) + " run";
    }
    explained(words);
  }

  static std::string_view kind_of(const machine::OpenTask& task) {
    if (task.scheduled.kind == machine::TaskKind::kActivity) return "activity";
    if (task.scheduled.kind == machine::TaskKind::kLambdaFunction) return "function";
    if (suffix_of(task.scheduled.resource) == TaskSuffix::kWaitForTaskToken) return "token";
    if (task.scheduled.resource_type == "states") return "execution";
    return task.scheduled.resource_type == "lambda" ? "function" : "service";
  }

  std::string words_of(const Strand& strand, const machine::OpenTask& task,
                       const TaskStory& story) {
    const machine::TaskScheduled& scheduled = task.scheduled;
    const std::string since = story.scheduled != 0 ? " since " + at(story.scheduled) : "";
    if (scheduled.kind == machine::TaskKind::kActivity) return words_of_activity(task, story);
    if (scheduled.kind == machine::TaskKind::kLambdaFunction) {
      return "waits for the function " + scheduled.resource + since;
    }
    const std::string call = scheduled.resource_type + ":" + scheduled.resource;
    if (suffix_of(scheduled.resource) == TaskSuffix::kWaitForTaskToken) {
      write_token(task.id);
      return (task.submitted ? "waits for an answer to the task token that went out by "
                             : "hands a task token out by ") +
             call + whom(scheduled.parameters) + since;
    }
    if (scheduled.resource_type == "states") return words_of_child(strand, story, call) + since;
    if (scheduled.resource_type == "lambda") {
      return "waits for the function" + whom(scheduled.parameters) + since;
    }
    return "waits for the answer of " + call + since;
  }

  void write_token(EventId task) {
    const std::string arn = seen_.summary.names.execution_arn();
    out_.key("taskToken")
        .string(sources_.engine.tokens().make({runtime::id_of_execution(arn), task}));
  }

  // The parameter that names the receiver.
  static std::string whom(const json::Value& parameters) {
    for (const char* name : {"FunctionName", "QueueUrl", "TopicArn", "StateMachineArn"}) {
      const json::Node* found = parameters.root().find(name);
      if (found && found->is_string()) return " to " + std::string(found->string());
    }
    return {};
  }

  std::string words_of_activity(const machine::OpenTask& task, const TaskStory& story) {
    const std::string& arn = task.scheduled.resource;
    if (task.started) {
      write_token(task.id);
      out_.key("workerName").string(story.worker.value_or(""));
      return "waits for " + (story.worker ? "the worker '" + *story.worker + "'" : "a worker") +
             " that took the task of " + arn + " at " + at(story.started);
    }
    const runtime::Activities::Attendance attendance = sources_.engine.activities().attendance(arn);
    out_.key("pollers").integer(static_cast<std::int64_t>(attendance.polling));
    std::string words = "waits for a worker to poll " + arn;
    if (attendance.polling > 0) return words;
    if (!attendance.last_seen) return words + "; none has since the server started";
    const std::int64_t ago = sources_.clock.boot_now() - *attendance.last_seen;
    const WallMillis seen = sources_.clock.wall_now() - ago;
    out_.key("lastPollDate");
    write_time(out_, seen);
    return words + "; none has since " + at(seen);
  }

  std::string words_of_child(const Strand&, const TaskStory& story, const std::string& call) {
    const json::Node* arn = story.submitted.root().find("ExecutionArn");
    if (!arn || !arn->is_string()) return "waits for the answer of " + call;
    const std::string child(arn->string());
    out_.key("childExecutionArn").string(child);
    const auto view = sources_.engine.describe(runtime::id_of_execution(child));
    const std::string_view status = view ? name_of(view->summary.status) : "gone";
    return "waits for the execution " + child + ", which is " + std::string(status);
  }

  const runtime::Inspection& seen_;
  const ExplainSources& sources_;
  std::map<EventId, TaskStory> stories_;
  std::string text_;
  json::Writer out_;
};

}  // namespace

json::Value explain(const runtime::Inspection& seen, const ExplainSources& sources) {
  return Explainer(seen, sources).explain();
}

void Service::explain_execution(const Call& call, const Reply& reply) {
  auto arn = required_arn(Fields(call.input), "executionArn", "execution");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  const runtime::ExecutionId id = runtime::id_of_execution(arn->text);
  engine_.inspect(id, [this, reply, id,
                       arn = arn->text](const std::optional<runtime::Inspection>& seen) {
    if (seen) {
      const ExplainSources sources{engine_, clock_, directory_.definition(seen->summary.revision)};
      return reply(explain(*seen, sources));
    }
    if (runtime::is_quarantined(engine_.store(), id)) {
      return reply(Err{service_error("ExecutionQuarantined",
                                     "The execution is quarantined: it ended the server twice. Its "
                                     "history can be read, it does not go on.")});
    }
    reply(Err{service_error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'")});
  });
}

}  // namespace pawl::states
