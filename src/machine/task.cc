// Task: asks for a piece of work and waits for its answer (ASL, "Task State").
#include "machine/io_path.h"
#include "machine/number_fields.h"
#include "machine/states.h"

namespace pawl::machine {
namespace {

TaskKind kind_of(const asl::TaskResource& resource) {
  switch (resource.kind) {
    case asl::TaskResource::Kind::kLambdaFunction:
      return TaskKind::kLambdaFunction;
    case asl::TaskResource::Kind::kActivity:
      return TaskKind::kActivity;
    case asl::TaskResource::Kind::kService:
      return TaskKind::kService;
  }
  return TaskKind::kService;
}

// TimeoutSeconds and HeartbeatSeconds.
Result<std::optional<std::int64_t>, Failure> seconds_of(
    Evaluation& evaluation, const std::optional<asl::NumberField>& field, std::string_view name) {
  if (!field) return std::optional<std::int64_t>();
  const std::int64_t seconds = TRY(integer_of(evaluation, *field, name));
  if (seconds > 0) return std::optional(seconds);
  return Err{field_failure(evaluation, *field, std::string(name) + " must be positive.")};
}

Result<std::optional<std::string>, Failure> credentials_role(Evaluation& evaluation,
                                                             const asl::TaskState& state,
                                                             const Payload& input) {
  if (!state.credentials_role_arn) return std::optional<std::string>();
  const json::Node role = TRY(evaluation.instantiate(*state.credentials_role_arn, input));
  if (!role.is_string()) {
    return Err{
        runtime_fault(evaluation.work(),
                      "The value for the field 'RoleArn' must be a string: " + json::print(role))};
  }
  return std::optional<std::string>(std::string(role.string()));
}

Result<json::Value, Failure> task_parameters(Evaluation& evaluation, const asl::TaskState& state,
                                             const Payload& input) {
  json::Value parameters =
      state.parameters ? json::Value::of(TRY(evaluation.instantiate(*state.parameters, input)))
                       : input.value();
  if (parameters.bytes() > evaluation.work().context.limits.payload_bytes_max) {
    const asl::TaskResource& resource = state.resource;
    const bool service = resource.kind == asl::TaskResource::Kind::kService;
    return Err{parameters_too_large(service ? resource.resource_type : resource.arn)};
  }
  evaluation.note(Stage::kAfterParameters, Payload(parameters));
  return parameters;
}

}  // namespace

NextEvent begin_task(const Work& work, const asl::TaskState& state) {
  Evaluation evaluation(work);
  const asl::TaskResource& resource = state.resource;
  const Payload input = TRY(effective_input(evaluation));
  TaskScheduled task{
      .kind = kind_of(resource),
      .resource = resource.arn,
      .resource_type = {},
      .region = {},
      .parameters = TRY(task_parameters(evaluation, state, input)),
      .timeout_seconds = TRY(seconds_of(evaluation, state.timeout_seconds, "TimeoutSeconds")),
      .heartbeat_seconds = TRY(seconds_of(evaluation, state.heartbeat_seconds, "HeartbeatSeconds")),
      .credentials_role_arn = TRY(credentials_role(evaluation, state, input)),
      .retry_count = work.strand.retry_count,
      .timeout_at = {}};
  if (task.kind == TaskKind::kService) {
    task.resource = resource.resource_name;
    task.resource_type = resource.resource_type;
    task.region = work.context.identity.region;
  }
  if (task.kind == TaskKind::kActivity && !work.context.activity_exists(resource.arn)) {
    return Err{runtime_fault(work, "The activity " + resource.arn + " does not exist.")};
  }
  if (task.timeout_seconds && task.heartbeat_seconds &&
      *task.heartbeat_seconds >= *task.timeout_seconds) {
    return Err{runtime_fault(work, "The heartbeat of " + std::to_string(*task.heartbeat_seconds) +
                                       " seconds must be smaller than the timeout of " +
                                       std::to_string(*task.timeout_seconds) + " seconds.")};
  }
  if (task.timeout_seconds) {
    const std::int64_t seconds =
        std::min(*task.timeout_seconds, work.context.limits.wait_seconds_max);
    task.timeout_at = work.context.now + seconds * 1'000;
  }
  return Event::Body(std::move(task));
}

}  // namespace pawl::machine
