// Express executions: StartExecution on an Express machine, and StartSyncExecution
// (step-functions.md A4.22).
#include <algorithm>
#include <utility>

#include "services/states/execution_log.h"
#include "services/states/service.h"
#include "services/states/start.h"

namespace pawl::states {

namespace {

runtime::ExpressRequest express_request(Start start, runtime::Logs& logs,
                                        runtime::ExpressRequest::Caller caller) {
  auto log = execution_log_of(*start.machine, logs);
  return {.names = std::move(start.names),
          .definition = std::move(start.definition),
          .revision = start.machine->definition_hash,
          .role_arn = start.machine->role_arn,
          .input = std::move(start.input),
          .log = std::move(log),
          .caller = caller,
          .trace_header = std::move(start.trace_header)};
}

std::string_view name_of(machine::Status status) {
  switch (status) {
    case machine::Status::kSucceeded:
      return "SUCCEEDED";
    case machine::Status::kTimedOut:
      return "TIMED_OUT";
    case machine::Status::kNotStarted:
    case machine::Status::kRunning:
    case machine::Status::kFailed:
    case machine::Status::kAborted:
      return "FAILED";
  }
  return "";
}

constexpr std::int64_t kBilledMillis = 100;

// Duration in steps of 100 ms, memory in steps of 64 MB: what a run weighs on AWS is about 50 MB
// and its data.
void write_billing(json::Writer& out, const runtime::ExpressEnd& end, std::size_t data_bytes) {
  const std::int64_t millis = end.stop_time - end.start_time;
  const std::int64_t steps =
      std::max<std::int64_t>(1, (millis + kBilledMillis - 1) / kBilledMillis);
  constexpr std::size_t kMegabyte = 1u << 20;
  const std::size_t megabytes = 50 + (data_bytes + kMegabyte - 1) / kMegabyte;
  out.key("billingDetails").begin_object();
  out.key("billedMemoryUsedInMB").integer(static_cast<std::int64_t>((megabytes + 63) / 64 * 64));
  out.key("billedDurationInMilliseconds").integer(steps * kBilledMillis);
  out.end_object();
}

ServiceError stopping() {
  ServiceError error = service_error("ServiceUnavailable",
                                     "The server stops; the execution is not carried to its end");
  error.http_status = 503;
  return error;
}

// How StartSyncExecution was asked, as far as its answer shows it.
struct SyncAnswer {
  runtime::ExecutionNames names;
  json::Value input;
  std::size_t definition_bytes = 0;
  std::string trace_header;
  bool with_data = true;
};

// Members stand in the order of the wire, which is that of their names.
json::Value ended(const SyncAnswer& asked, const runtime::ExpressEnd& end) {
  const bool succeeded = end.status == machine::Status::kSucceeded;
  std::string text;
  text.reserve(1'024 + asked.input.bytes() + end.output.bytes());
  json::Writer out(text);
  out.begin_object();
  write_billing(out, end, asked.definition_bytes + asked.input.bytes() + end.output.bytes());
  if (asked.with_data && end.fault.cause) out.key("cause").string(*end.fault.cause);
  if (asked.with_data && end.fault.error) out.key("error").string(*end.fault.error);
  out.key("executionArn").string(asked.names.execution_arn());
  if (asked.with_data) {
    out.key("input").string(asked.input.text());
    out.key("inputDetails").raw(R"({"included":true})");
  }
  out.key("name").string(asked.names.execution);
  if (asked.with_data) {
    if (succeeded) out.key("output").string(end.output.text());
    out.key("outputDetails").raw(R"({"included":true})");
  }
  out.key("startDate");
  write_time(out, end.start_time);
  out.key("stateMachineArn").string(asked.names.machine_arn());
  out.key("status").string(name_of(end.status)).key("stopDate");
  write_time(out, end.stop_time);
  if (!asked.trace_header.empty()) out.key("traceHeader").string(asked.trace_header);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

// On AWS the group has to be there before; here a machine may come before its log.
void Service::make_log_group(const json::Value& logging, const std::function<void()>& done) {
  const auto arn = parse_log_group_arn(parse_logging(logging).log_group_arn + ":*");
  if (!arn) return done();
  const runtime::LogGroupName name{arn->account, arn->region, arn->name};
  if (logs_.find_group(name)) return done();
  logs_.create_group(name, [done](bool) { done(); });
}

void Service::start_express(Start start, const Reply& reply) {
  std::string arn = start.names.execution_arn();
  engine_.start_express(
      express_request(std::move(start), logs_, runtime::ExpressRequest::Caller::kGoesOn),
      [reply, arn = std::move(arn)](const runtime::StartOutcome& outcome) {
        reply(started(arn, outcome));
      });
}

void Service::start_sync_execution(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto target = find_start_target(fields);
  if (!target.ok()) return reply(Err{std::move(target).error()});
  if (target->machine->type != "EXPRESS") return reply(Err{type_not_supported()});
  auto start = read_start(fields, *target);
  if (!start.ok()) return reply(Err{std::move(start).error()});
  SyncAnswer asked{.names = start->names,
                   .input = start->input,
                   .definition_bytes = start->definition->definition.bytes(),
                   .trace_header = start->trace_header,
                   .with_data = fields.text_or("includedData", "ALL_DATA") == "ALL_DATA"};
  // Nobody can wait for a resume at the other end of a connection.
  if (engine_.is_paused(start->names)) {
    ServiceError paused = service_error("ServiceUnavailable", "The state machine is paused");
    paused.http_status = 503;
    return reply(Err{std::move(paused)});
  }
  engine_.run_express(
      express_request(std::move(*start), logs_, runtime::ExpressRequest::Caller::kWaits),
      [reply, asked = std::move(asked)](const runtime::ExpressEnd& end) {
        switch (end.kind) {
          case runtime::ExpressEnd::Kind::kEnded:
            return reply(ended(asked, end));
          case runtime::ExpressEnd::Kind::kStopping:
            return reply(Err{stopping()});
          case runtime::ExpressEnd::Kind::kOverloaded:
          case runtime::ExpressEnd::Kind::kLost:
            return reply(Err{refused_by_engine(end.kind)});
        }
      });
}

}  // namespace pawl::states
