// Executions: start, stop, describe, list (step-functions.md A4.14 to A4.19).
#include <utility>

#include "base/bytes.h"
#include "services/states/execution_log.h"
#include "services/states/fields.h"
#include "services/states/page_token.h"
#include "services/states/redrive.h"
#include "services/states/service.h"
#include "services/states/start.h"

namespace pawl::states {

namespace {

using machine::Status;

ServiceError does_not_exist(std::string_view arn) {
  return service_error("ExecutionDoesNotExist",
                       "Execution Does Not Exist: '" + std::string(arn) + "'");
}

void write_payload(json::Writer& out, std::string_view name, const json::Value& payload) {
  out.key(name).string(payload.text());
  out.key(std::string(name) + "Details").begin_object().key("included").boolean(true).end_object();
}

// What the execution was started through (A4.12).
void write_qualifiers(json::Writer& out, const runtime::Summary& summary) {
  if (summary.version != 0) {
    out.key("stateMachineVersionArn").string(summary.version_arn());
  }
  if (!summary.alias.empty()) out.key("stateMachineAliasArn").string(summary.alias_arn());
}

enum class Data { kIncluded, kLeftOut };

json::Value described(const runtime::ExecutionView& view, std::string_view arn, Data data,
                      std::string_view not_redrivable) {
  const runtime::Summary& summary = view.summary;
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("executionArn").string(arn);
  out.key("stateMachineArn").string(summary.names.machine_arn());
  out.key("name").string(summary.names.execution);
  out.key("status").string(name_of(summary.status));
  out.key("startDate");
  write_time(out, summary.start_time);
  if (summary.status != Status::kRunning) {
    out.key("stopDate");
    write_time(out, summary.stop_time);
  }
  if (data == Data::kIncluded) {
    write_payload(out, "input", view.input);
    if (summary.status == Status::kSucceeded) write_payload(out, "output", view.output);
    // A top-level timeout shows neither (A4.17).
    const bool has_fault = summary.status == Status::kFailed || summary.status == Status::kAborted;
    if (has_fault && view.fault.error) out.key("error").string(*view.fault.error);
    if (has_fault && view.fault.cause) out.key("cause").string(*view.fault.cause);
  }
  if (!summary.map_run.empty()) out.key("mapRunArn").string(summary.map_run);
  if (!summary.trace_header.empty()) out.key("traceHeader").string(summary.trace_header);
  write_qualifiers(out, summary);
  write_redrive(out, summary, not_redrivable);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// A version's or alias's ARN asks for what was started through it (A4.13).
std::function<bool(const runtime::Summary&)> filter_of(const Arn& arn, std::string_view redrive) {
  if (arn.qualifier.empty() && redrive.empty()) return nullptr;
  std::optional<bool> redriven;
  if (!redrive.empty()) redriven = redrive == "REDRIVEN";
  return
      [version = arn.version(), qualifier = arn.qualifier, redriven](const runtime::Summary& run) {
        if (redriven && *redriven != (run.redrive_count > 0)) return false;
        if (version) return run.version == *version;
        return qualifier.empty() || run.alias == qualifier;
      };
}

}  // namespace

std::string_view name_of(machine::Status status) {
  switch (status) {
    case Status::kNotStarted:
    case Status::kRunning:
      return "RUNNING";
    case Status::kSucceeded:
      return "SUCCEEDED";
    case Status::kFailed:
      return "FAILED";
    case Status::kTimedOut:
      return "TIMED_OUT";
    case Status::kAborted:
      return "ABORTED";
  }
  return "";
}

std::optional<Status> status_of(std::string_view name) {
  for (const Status status : {Status::kRunning, Status::kSucceeded, Status::kFailed,
                              Status::kTimedOut, Status::kAborted}) {
    if (name_of(status) == name) return status;
  }
  return std::nullopt;
}

// Checks in AWS's order: ARN, existence, name, input, duplicate (A4.16).
void Service::start_execution(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto target = find_start_target(fields);
  if (!target.ok()) return reply(Err{std::move(target).error()});
  auto read = read_start(fields, *target);
  if (!read.ok()) return reply(Err{std::move(read).error()});
  Start& start = *read;
  if (target->machine->type == "EXPRESS") return start_express(std::move(start), reply);
  const MachineRecord& machine = *target->machine;
  runtime::StartRequest request{.names = std::move(start.names),
                                .definition = std::move(start.definition),
                                .revision = machine.definition_hash,
                                .revision_id = machine.revision_id,
                                .revision_time = machine.update_time,
                                .version = target->version,
                                .alias = std::move(target->alias),
                                .role_arn = machine.role_arn,
                                .trace_header = std::move(start.trace_header),
                                .input = std::move(start.input),
                                .started_by = std::string(fields.text_or("pawl:startedBy", "")),
                                .log = execution_log_of(machine, logs_)};
  std::string execution_arn = request.names.execution_arn();
  engine_.start(std::move(request), [reply, execution_arn = std::move(execution_arn)](
                                        const runtime::StartOutcome& outcome) {
    reply(started(execution_arn, outcome));
  });
}

void Service::stop_execution(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "executionArn", "execution");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  machine::Stop stop;
  if (const auto error = fields.text("error")) stop.fault.error = std::string(*error);
  if (const auto cause = fields.text("cause")) stop.fault.cause = std::string(*cause);
  engine_.deliver(runtime::id_of_execution(arn->text), std::move(stop),
                  [reply, arn = arn->text](const runtime::Delivery& delivery) {
                    if (delivery.kind == runtime::Delivery::Kind::kNotFound) {
                      return reply(Err{does_not_exist(arn)});
                    }
                    if (delivery.kind == runtime::Delivery::Kind::kLost) {
                      return reply(Err{not_durable()});
                    }
                    std::string text;
                    json::Writer out(text);
                    out.begin_object().key("stopDate");
                    write_time(out, delivery.stop_time);
                    out.end_object();
                    reply(json::Value::trusted(std::move(text)));
                  });
}

Service::Result Service::describe_execution(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "executionArn", "execution"));
  const Data data =
      fields.text_or("includedData", "") == "METADATA_ONLY" ? Data::kLeftOut : Data::kIncluded;
  const auto view = engine_.describe(runtime::id_of_execution(arn.text));
  if (!view) return Err{does_not_exist(arn.text)};
  return described(*view, arn.text, data, why_not_redrivable(view->summary));
}

namespace {

void write_list_entry(json::Writer& out, const runtime::Summary& summary) {
  out.begin_object();
  out.key("executionArn").string(summary.names.execution_arn());
  out.key("stateMachineArn").string(summary.names.machine_arn());
  out.key("name").string(summary.names.execution);
  out.key("status").string(name_of(summary.status)).key("startDate");
  write_time(out, summary.start_time);
  if (summary.status != Status::kRunning) {
    out.key("stopDate");
    write_time(out, summary.stop_time);
  }
  write_qualifiers(out, summary);
  if (!summary.map_run.empty()) {
    out.key("mapRunArn").string(summary.map_run);
    out.key("itemCount").integer(runtime::items_of_child(summary.started_by));
  }
  out.key("redriveCount").integer(summary.redrive_count);
  if (summary.redrive_time != 0) {
    out.key("redriveDate");
    write_time(out, summary.redrive_time);
  }
  out.end_object();
}

}  // namespace

Service::Result Service::list_executions(const Call& call) {
  const Fields fields(call.input);
  const bool of_map_run = fields.text("mapRunArn").has_value();
  if (of_map_run == fields.text("stateMachineArn").has_value()) {
    return Err{validation_error(of_map_run
                                    ? "Must provide either a StateMachine ARN or a MapRun ARN"
                                    : "Must provide a StateMachine ARN or MapRun ARN")};
  }
  const Arn arn = of_map_run ? TRY(parse_arn(*fields.text("mapRunArn"), "mapRun"))
                             : TRY(parse_arn(*fields.text("stateMachineArn"), "stateMachine"));
  if (of_map_run) {
    if (!runtime::read_map_run(engine_.store(), arn.text, engine_.horizon())) {
      return Err{service_error("ResourceNotFound", "Resource not found: '" + arn.text + "'")};
    }
  } else {
    const Revision revision = TRY(find_revision(arn));
    if (revision.machine->type == "EXPRESS") return Err{type_not_supported()};
  }
  const std::string parameters = arn.text + "|" + std::string(fields.text_or("statusFilter", "")) +
                                 "|" + std::string(fields.text_or("redriveFilter", ""));
  const std::string position = TRY(read_page_token(fields, parameters, engine_.clock().now()));
  runtime::ListRequest request{.machine_arn = of_map_run ? arn.text : arn.unqualified(),
                               .after = {},
                               .limit = page_size(fields)};
  Arn owner = arn;
  if (of_map_run) owner.qualifier.clear();  // its children all run the same revision
  request.wanted = filter_of(owner, fields.text_or("redriveFilter", ""));
  if (const auto filter = fields.text("statusFilter")) {
    if (*filter == "PENDING_REDRIVE" && !of_map_run) {
      return Err{validation_error("The statusFilter PENDING_REDRIVE is only valid with mapRunArn")};
    }
    const auto status = status_of(*filter);
    if (status) request.statuses = {*status};
    // A Map Run's children are never left waiting for a redrive.
    if (!status) request.wanted = [](const runtime::Summary&) { return false; };
  }
  if (!position.empty()) {
    request.after = runtime::parse_list_key(position);
    if (!request.after) return Err{service_error("InvalidToken", "Invalid Token: 'Invalid token'")};
  }
  const runtime::ListPage page =
      runtime::list_executions(engine_.store(), request, engine_.horizon());
  std::string text;
  json::Writer out(text);
  out.begin_object().key("executions").begin_array();
  for (const runtime::ListEntry& entry : page.entries) {
    write_list_entry(out, entry.summary);
  }
  out.end_array();
  if (page.next) {
    const std::string next = runtime::list_key(0, page.next->start, page.next->id);
    out.key("nextToken").string(make_page_token(next, parameters, engine_.clock().now()));
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::states
