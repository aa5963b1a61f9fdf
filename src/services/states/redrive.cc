// RedriveExecution, and what descriptions and lists say about redrives (step-functions.md A4.17,
// A4.23).
#include "services/states/redrive.h"

#include <utility>

#include "services/states/service.h"
#include "services/states/start.h"

namespace pawl::states {

namespace {

using runtime::RedriveObstacle;

constexpr std::string_view kDeleting = "State machine is in DELETING status.";
constexpr std::string_view kByMapRun =
    "Execution is a child of a Map Run and is redriven with the execution that started the Map Run";

std::string_view text_of(RedriveObstacle obstacle) {
  switch (obstacle) {
    case RedriveObstacle::kRunning:
      return "Execution is RUNNING and cannot be redriven";
    case RedriveObstacle::kSucceeded:
      return "Execution is SUCCEEDED and cannot be redriven";
    case RedriveObstacle::kHistoryFull:
      return "Execution history event limit exceeded.";
    case RedriveObstacle::kExecutionTooOld:
      return "Execution has exceeded the max execution time.";
    case RedriveObstacle::kPeriodOver:
      return "Execution redrivable period exceeded.";
  }
  return "";
}

ServiceError not_redrivable(std::string_view why) {
  return service_error("ExecutionNotRedrivable", std::string(why));
}

}  // namespace

void write_redrive(json::Writer& out, const runtime::Summary& summary,
                   std::string_view not_redrivable) {
  out.key("redriveCount").integer(summary.redrive_count);
  if (summary.redrive_time != 0) {
    out.key("redriveDate");
    write_time(out, summary.redrive_time);
  }
  const std::string_view redrivable =
      summary.map_run.empty() ? "REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN";
  out.key("redriveStatus").string(not_redrivable.empty() ? redrivable : "NOT_REDRIVABLE");
  if (!not_redrivable.empty()) out.key("redriveStatusReason").string(not_redrivable);
}

std::string_view Service::why_not_redrivable(const runtime::Summary& summary) const {
  const auto obstacle = runtime::redrive_obstacle(summary, engine_.limits(), engine_.clock().now());
  if (obstacle == RedriveObstacle::kRunning || obstacle == RedriveObstacle::kSucceeded) {
    return text_of(*obstacle);
  }
  // A Map Run's child is of a part of its parent's machine.
  runtime::ExecutionNames owner = summary.names;
  owner.machine = owner.machine.substr(0, owner.machine.find('/'));
  const auto machine = directory_.machine(owner.machine_arn());
  if (!machine || machine->deleting) return kDeleting;
  return obstacle ? text_of(*obstacle) : std::string_view();
}

void Service::redrive_execution(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "executionArn", "execution");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  const runtime::ExecutionId id = runtime::id_of_execution(arn->text);
  // The machine's state is the catalog's to know, all else the shard's.
  if (const auto view = engine_.describe(id)) {
    const std::string_view why = why_not_redrivable(view->summary);
    if (why == kDeleting) return reply(Err{not_redrivable(why)});
    if (why.empty() && !view->summary.map_run.empty()) {
      return reply(Err{not_redrivable(kByMapRun)});
    }
  }
  engine_.redrive(id, std::string(fields.text_or("clientToken", "")),
                  [reply, arn = arn->text](const runtime::RedriveOutcome& outcome) {
                    using Kind = runtime::RedriveOutcome::Kind;
                    switch (outcome.kind) {
                      case Kind::kRedriven: {
                        std::string text;
                        json::Writer out(text);
                        out.begin_object().key("redriveDate");
                        write_time(out, outcome.time);
                        out.end_object();
                        return reply(json::Value::trusted(std::move(text)));
                      }
                      case Kind::kNotFound:
                        return reply(Err{service_error("ExecutionDoesNotExist",
                                                       "Execution Does Not Exist: '" + arn + "'")});
                      case Kind::kNotRedrivable:
                        return reply(Err{not_redrivable(text_of(outcome.obstacle))});
                      case Kind::kOverloaded:
                      case Kind::kNoSpace:
                      case Kind::kLost:
                        return reply(Err{refused_by_engine(outcome.kind)});
                    }
                  });
}

}  // namespace pawl::states
