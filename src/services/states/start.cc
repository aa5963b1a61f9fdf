// StartExecution's and StartSyncExecution's checks (step-functions.md A4.14 to A4.16), and the
// start of an Express execution (A4.22).
#include "services/states/start.h"

#include <algorithm>
#include <utility>

#include "services/states/service.h"

namespace pawl::states {

::pawl::Result<json::Value, ServiceError> read_execution_input(const Fields& fields,
                                                               std::size_t bytes_max) {
  const std::string_view text = fields.text_or("input", "{}");
  const auto invalid = [](const std::string& what) {
    return Err{service_error("InvalidExecutionInput",
                             "Invalid State Machine Execution Input: '" + what + "'")};
  };
  if (text.size() > bytes_max) return invalid("Input exceeds the maximum size");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return invalid("Invalid execution input.");
  }
  auto value = json::Value::parse(std::string(text));
  if (!value.ok()) return invalid(value.error().message);
  return std::move(value).value();
}

ServiceError not_durable() {
  ServiceError error = service_error("InternalFailure", "The request could not be made durable");
  error.http_status = 500;
  return error;
}

ServiceError rate_exceeded() { return service_error("ThrottlingException", "Rate exceeded"); }

ServiceError no_space() {
  ServiceError error =
      service_error("ServiceUnavailable", "There is too little free space on disk for new work");
  error.http_status = 503;
  return error;
}

ServiceError type_not_supported() {
  return service_error("StateMachineTypeNotSupported",
                       "This operation is not supported by this type of state machine");
}

runtime::OperationResult started(const std::string& arn, const runtime::StartOutcome& outcome) {
  using Kind = runtime::StartOutcome::Kind;
  switch (outcome.kind) {
    case Kind::kStarted:
    case Kind::kSameAsBefore: {
      std::string text;
      json::Writer out(text);
      out.begin_object().key("executionArn").string(arn).key("startDate");
      write_time(out, outcome.start_time);
      out.end_object();
      return json::Value::trusted(std::move(text));
    }
    case Kind::kAlreadyExists:
      return Err{
          service_error("ExecutionAlreadyExists", "Execution Already Exists: '" + arn + "'")};
    case Kind::kOverloaded:
    case Kind::kNoSpace:
    case Kind::kLost:
      break;
  }
  return Err{refused_by_engine(outcome.kind)};
}

::pawl::Result<StartTarget, ServiceError> Service::find_start_target(const Fields& fields) const {
  Arn arn = TRY(required_arn(fields, "stateMachineArn", "stateMachine"));
  if (!arn.label.empty()) return Err{labelled_arn_refused()};
  Revision revision = TRY(find_revision(arn));
  if (revision.machine->deleting) return Err{machine_deleting(revision.machine->arn)};
  return StartTarget{std::move(arn), std::move(revision.machine), revision.version,
                     std::move(revision.alias)};
}

::pawl::Result<Start, ServiceError> Service::read_start(const Fields& fields,
                                                        const StartTarget& target) const {
  std::string name(fields.text_or("name", ""));
  if (fields.text("name")) {
    TRY(check_name(name));
  } else {
    name = new_uuid();
  }
  const Arn& arn = target.arn;
  const bool express = target.machine->type == "EXPRESS";
  Start start{.machine = target.machine,
              .definition = directory_.definition(target.machine->definition_hash),
              .names = {.region = arn.region,
                        .account = arn.account,
                        .machine = arn.name,
                        .execution = std::move(name),
                        .express = express ? new_uuid() : std::string()},
              .input = TRY(read_execution_input(fields, engine_.limits().payload_bytes_max)),
              .trace_header = std::string(fields.text_or("traceHeader", ""))};
  ENSURE(start.definition, "a machine's stored definition does not parse");
  return start;
}

}  // namespace pawl::states
