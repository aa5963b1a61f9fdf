// SendTaskSuccess, SendTaskFailure, SendTaskHeartbeat (step-functions.md A4.27, A4.28).
#include <utility>

#include "services/states/fields.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

::pawl::Result<runtime::TaskTokens::Task, ServiceError> read_token(
    const Fields& fields, const runtime::TaskTokens& tokens) {
  const std::string_view token = TRY(fields.required("taskToken"));
  if (const auto task = tokens.parse(token)) return *task;
  return Err{service_error("InvalidToken", "Invalid Token: 'Invalid token'")};
}

runtime::OperationResult answered(const runtime::Delivery& delivery) {
  using Kind = runtime::Delivery::Kind;
  switch (delivery.kind) {
    case Kind::kAccepted:
      return json::Value::trusted("{}");
    case Kind::kStale:
      return Err{
          service_error("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")};
    case Kind::kNotFound:
      return Err{service_error("TaskDoesNotExist",
                               "Task Does Not Exist: 'Provided task does not exist anymore'")};
    case Kind::kLost:
      break;
  }
  ServiceError error = service_error("InternalFailure", "The answer could not be made durable");
  error.http_status = 500;
  return Err{std::move(error)};
}

}  // namespace

void Service::send_task_success(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto task = read_token(fields, engine_.tokens());
  if (!task.ok()) return reply(Err{std::move(task).error()});
  auto output = json::Value::parse(std::string(fields.text_or("output", "")));
  if (!output.ok()) {
    return reply(
        Err{service_error("InvalidOutput", "Invalid Output: '" + output.error().message + "'")});
  }
  engine_.deliver(task->execution, machine::TaskReturned{task->task, std::move(output).value()},
                  [reply](const runtime::Delivery& delivery) { reply(answered(delivery)); });
}

void Service::send_task_failure(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto task = read_token(fields, engine_.tokens());
  if (!task.ok()) return reply(Err{std::move(task).error()});
  machine::TaskFaulted faulted{task->task, machine::TaskFailure::kFailed, {}};
  if (const auto error = fields.text("error")) faulted.fault.error = std::string(*error);
  if (const auto cause = fields.text("cause")) faulted.fault.cause = std::string(*cause);
  engine_.deliver(task->execution, std::move(faulted),
                  [reply](const runtime::Delivery& delivery) { reply(answered(delivery)); });
}

void Service::send_task_heartbeat(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto task = read_token(fields, engine_.tokens());
  if (!task.ok()) return reply(Err{std::move(task).error()});
  engine_.heartbeat(task->execution, task->task,
                    [reply](const runtime::Delivery& delivery) { reply(answered(delivery)); });
}

}  // namespace pawl::states
