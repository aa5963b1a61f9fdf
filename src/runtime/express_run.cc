#include "runtime/express_run.h"

#include <utility>

#include "json/writer.h"
#include "runtime/crash_record.h"

namespace pawl::runtime {

Limits express_limits(const Limits& limits) {
  Limits express = limits;
  express.history_events_max = INT64_MAX / 2;
  express.execution_seconds_default = limits.express_seconds_max;
  if (limits.express_seconds_max > 0) express.execution_seconds_max = limits.express_seconds_max;
  return express;
}

ExpressRun::ExpressRun(ExpressRequest request, const ExecutionId& id)
    : request_(std::move(request)),
      id_(id),
      identity_{.execution_arn = request_.names.execution_arn(),
                .execution_name = request_.names.execution,
                .state_machine_arn = request_.names.machine_arn(),
                .state_machine_name = request_.names.machine,
                .role_arn = request_.role_arn,
                .region = request_.names.region,
                .trace_header = request_.trace_header,
                .kind = request_.caller == ExpressRequest::Caller::kWaits
                            ? machine::Identity::Kind::kSynchronousExpress
                            : machine::Identity::Kind::kExpress} {}

ExpressRun::Progress ExpressRun::advance(const machine::Input& input, const World& world) {
  const machine::Context context{.definition = *request_.definition,
                                 .identity = identity_,
                                 .limits = world.limits,
                                 .now = world.now,
                                 .seed = world.seed,
                                 .task_token = [](machine::EventId) { return std::string(); },
                                 .map_run_arn = nullptr,  // the type forbids Distributed Maps
                                 .activity_exists = [](std::string_view) { return false; }};
  const CrashScope scope(id_);
  machine::Step step = machine::decide(execution_, input, context);
  if (request_.log && !step.events.empty()) {
    if (const auto deliver = request_.log->prepare(identity_, 0, step.events)) deliver();
  }
  return {std::move(step.commands), step.more};
}

ExpressEnd ExpressRun::end() const {
  ExpressEnd end{.kind = ExpressEnd::Kind::kEnded,
                 .status = execution_.status,
                 .start_time = execution_.start_time,
                 .stop_time = execution_.stop_time,
                 .output = execution_.output,
                 .fault = execution_.fault};
  if (end.status == machine::Status::kTimedOut && !end.fault.error) {
    end.fault.error = "States.Timeout";
  }
  return end;
}

std::string encode_express(const ExpressRequest& request) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("region")
      .string(request.names.region)
      .key("account")
      .string(request.names.account)
      .key("machine")
      .string(request.names.machine)
      .key("name")
      .string(request.names.execution)
      .key("express")
      .string(request.names.express)
      .key("revision")
      .string(request.revision)
      .key("roleArn")
      .string(request.role_arn)
      .key("traceHeader")
      .string(request.trace_header)
      .key("input")
      .string(request.input.text())
      .end_object();
  return text;
}

std::optional<ExpressRequest> decode_express(std::string_view record) {
  const auto parsed = json::Value::parse(std::string(record));
  if (!parsed.ok()) return std::nullopt;
  const json::Node root = parsed->root();
  const auto text = [&root](std::string_view name) {
    const json::Node* member = root.find(name);
    return member && member->is_string() ? std::string(member->string()) : std::string();
  };
  auto input = json::Value::parse(text("input"));
  if (!input.ok() || text("machine").empty()) return std::nullopt;
  return ExpressRequest{.names = {.region = text("region"),
                                  .account = text("account"),
                                  .machine = text("machine"),
                                  .execution = text("name"),
                                  .express = text("express")},
                        .definition = nullptr,
                        .revision = text("revision"),
                        .role_arn = text("roleArn"),
                        .input = std::move(input).value(),
                        .log = nullptr,
                        .trace_header = text("traceHeader")};
}

}  // namespace pawl::runtime
