// Map Runs: list, describe, update (step-functions.md A4.29).
#include <utility>

#include "services/states/fields.h"
#include "services/states/page_token.h"
#include "services/states/service.h"
#include "services/states/start.h"

namespace pawl::states {

namespace {

using machine::Status;

ServiceError no_such_map_run(const std::string& arn) {
  return service_error("ResourceNotFound", "Resource not found: '" + arn + "'");
}

std::string_view shown_status(Status status) {
  switch (status) {
    case Status::kSucceeded:
      return "SUCCEEDED";
    case Status::kFailed:
    case Status::kTimedOut:
      return "FAILED";
    case Status::kAborted:
      return "ABORTED";
    case Status::kNotStarted:
    case Status::kRunning:
      break;
  }
  return "RUNNING";
}

struct Redriven {
  std::uint64_t written = 0;
  std::uint64_t impossible = 0;
  std::uint64_t pending = 0;
};

void write_counts(json::Writer& out, std::string_view name, const runtime::MapRunCounts& counts,
                  std::int64_t total, std::int64_t running, const Redriven& redriven) {
  const auto ended = static_cast<std::int64_t>(counts.ended() + redriven.pending);
  out.key(name).begin_object();
  out.key("pending").integer(std::max<std::int64_t>(total - running - ended, 0));
  out.key("running").integer(running);
  out.key("succeeded").integer(static_cast<std::int64_t>(counts.succeeded));
  out.key("failed").integer(static_cast<std::int64_t>(counts.failed));
  out.key("timedOut").integer(static_cast<std::int64_t>(counts.timed_out));
  out.key("aborted").integer(static_cast<std::int64_t>(counts.aborted));
  out.key("total").integer(total);
  out.key("resultsWritten").integer(static_cast<std::int64_t>(redriven.written));
  out.key("failuresNotRedrivable").integer(static_cast<std::int64_t>(redriven.impossible));
  out.key("pendingRedrive").integer(static_cast<std::int64_t>(redriven.pending));
  out.end_object();
}

void write_dates(json::Writer& out, const runtime::MapRunRecord& run) {
  out.key("startDate");
  write_time(out, run.start_time);
  if (run.stop_time == 0) return;
  out.key("stopDate");
  write_time(out, run.stop_time);
}

}  // namespace

Service::Result Service::describe_map_run(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "mapRunArn", "mapRun"));
  const auto run = runtime::read_map_run(engine_.store(), arn.text, engine_.horizon());
  if (!run) return Err{no_such_map_run(arn.text)};
  std::string text;
  json::Writer out(text);
  out.begin_object().key("mapRunArn").string(run->arn);
  out.key("executionArn").string(run->parent.execution_arn());
  out.key("status").string(shown_status(run->status));
  write_dates(out, *run);
  out.key("maxConcurrency").integer(run->concurrency);
  write_decimal(out.key("toleratedFailurePercentage"), run->tolerated_percentage);
  out.key("toleratedFailureCount").integer(run->tolerated_count.value_or(0));
  std::int64_t items_running = 0;
  for (const auto& [child, items] : run->open) items_running += items;
  write_counts(out, "itemCounts", run->items, run->items_total, items_running,
               {run->results_written, run->redrive.impossible.items, run->redrive.pending.items});
  write_counts(
      out, "executionCounts", run->children, run->children_total,
      static_cast<std::int64_t>(run->open.size()),
      {run->results_written, run->redrive.impossible.children, run->redrive.pending.children});
  out.key("redriveCount").integer(run->redrive.count);
  if (run->redrive.time != 0) {
    out.key("redriveDate");
    write_time(out, run->redrive.time);
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Result Service::list_map_runs(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "executionArn", "execution"));
  const runtime::ExecutionId id = runtime::id_of_execution(arn.text);
  const auto summary = runtime::read_summary(engine_.store(), id, engine_.horizon());
  if (!summary) {
    return Err{
        service_error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn.text + "'")};
  }
  const std::string after = TRY(read_page_token(fields, arn.text, engine_.clock().now()));
  const std::size_t limit = page_size(fields);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("mapRuns").begin_array();
  std::size_t count = 0;
  bool behind = after.empty();
  std::string last;
  std::string next;
  for (const std::string& run_arn :
       runtime::list_map_runs(engine_.store(), id, engine_.horizon())) {
    if (!std::exchange(behind, behind || run_arn == after)) continue;
    if (count == limit) {
      next = last;
      break;
    }
    const auto run = runtime::read_map_run(engine_.store(), run_arn, engine_.horizon());
    if (!run) continue;
    ++count;
    last = run_arn;
    out.begin_object().key("executionArn").string(arn.text).key("mapRunArn").string(run_arn);
    runtime::ExecutionNames machine = run->parent;
    machine.machine = runtime::labelled_machine(run_arn);
    out.key("stateMachineArn").string(machine.machine_arn());
    write_dates(out, *run);
    out.end_object();
  }
  out.end_array();
  if (!next.empty())
    out.key("nextToken").string(make_page_token(next, arn.text, engine_.clock().now()));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void Service::update_map_run(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "mapRunArn", "mapRun");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  runtime::MapRunChanges changes;
  changes.concurrency = fields.integer("maxConcurrency");
  changes.tolerated_count = fields.integer("toleratedFailureCount");
  changes.tolerated_percentage = fields.real("toleratedFailurePercentage");
  if (!changes.concurrency && !changes.tolerated_count && !changes.tolerated_percentage) {
    return reply(Err{validation_error(
        "Either the maxConcurrency, the toleratedFailureCount, or the toleratedFailurePercentage "
        "must be specified")});
  }
  engine_.update_map_run(
      runtime::id_of_execution(arn->text), changes,
      [reply, arn = arn->text](runtime::UpdateOutcome outcome) {
        switch (outcome) {
          case runtime::UpdateOutcome::kUpdated:
            return reply(json::Value::trusted("{}"));
          case runtime::UpdateOutcome::kNotFound:
            return reply(Err{no_such_map_run(arn)});
          case runtime::UpdateOutcome::kEnded: {
            ServiceError error = validation_error("A completed Map Run cannot be updated");
            error.members.emplace_back("reason", "\"CANNOT_UPDATE_COMPLETED_MAP_RUN\"");
            return reply(Err{std::move(error)});
          }
          case runtime::UpdateOutcome::kLost:
            return reply(Err{not_durable()});
        }
      });
}

}  // namespace pawl::states
