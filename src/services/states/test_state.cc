// TestState: one state, run once (step-functions.md A4.32 to A4.38).
#include <utility>

#include "asl/parse.h"
#include "services/states/fields.h"
#include "services/states/mock_schema.h"
#include "services/states/service.h"
#include "services/states/test_answer.h"
#include "services/states/test_context.h"
#include "services/states/test_run.h"

namespace pawl::states {

namespace {

template <class T>
using Checked = ::pawl::Result<T, ServiceError>;

constexpr std::int64_t kTestMillisMax = 300'000;

ServiceError invalid_definition(std::string message) {
  return service_error("InvalidDefinition", std::move(message));
}

// The state alone, or in its machine.
Checked<TestSubject> read_subject(const Fields& fields) {
  const std::string_view definition = TRY(fields.required("definition"));
  const auto name = fields.text("stateName");
  asl::ParseOptions options;
  if (!name) options.text = asl::ParseOptions::Text::kState;
  const asl::ParseOutcome outcome = asl::parse(definition, options);
  if (!outcome.ok()) {
    return Err{invalid_definition(asl::invalid_definition_message(outcome.diagnostics))};
  }
  const std::string_view wanted = name.value_or(asl::kSingleStateName);
  for (const auto& [pointer, state] : outcome.machine->states) {
    if (state.name == wanted) return TestSubject{outcome.machine, &state};
  }
  return Err{validation_error("State not found in definition")};
}

std::string_view type_of(const asl::State& state) {
  static constexpr std::string_view kNames[] = {"Pass",    "Task", "Choice",   "Wait",
                                                "Succeed", "Fail", "Parallel", "Map"};
  return kNames[state.form.index()];
}

struct Mock {
  std::optional<std::string_view> result;
  std::optional<machine::Fault> error;
  FieldValidation validation = FieldValidation::kStrict;
  bool given() const { return result || error; }
};

Checked<Mock> read_mock(const Fields& fields) {
  Mock mock;
  const json::Node* node = fields.node("mock");
  if (!node) return mock;
  const json::Value value = json::Value::of(*node);
  const Fields members(value);
  const json::Node* error = members.node("errorOutput");
  const json::Node* result = node->find("result");
  if (result && result->is_string()) mock.result = result->string();
  if (mock.result && error) {
    return Err{validation_error(
        "A test mock should have only one of the following fields: [result, errorOutput].")};
  }
  if (error) {
    const json::Value output = json::Value::of(*error);
    const Fields texts(output);
    mock.error.emplace();
    if (const auto text = texts.text("error")) mock.error->error = std::string(*text);
    if (const auto text = texts.text("cause")) mock.error->cause = std::string(*text);
  }
  const std::string_view mode = members.text_or("fieldValidationMode", "STRICT");
  if (mode == "PRESENT") mock.validation = FieldValidation::kPresent;
  if (mode == "NONE") mock.validation = FieldValidation::kNone;
  return mock;
}

// Which states may have a mock, and which must.
Checked<void> check_mock_use(const Fields& fields, const asl::State& state, const Mock& mock) {
  const std::string_view type = type_of(state);
  const bool container = type == "Map" || type == "Parallel";
  if (mock.given()) {
    if (type != "Task" && !container) {
      return Err{validation_error("State type '" + std::string(type) +
                                  "' is not supported when a mock is specified")};
    }
    if (fields.flag("revealSecrets")) {
      return Err{
          validation_error("TestState does not support RevealSecrets when a mock is specified.")};
    }
    return {};
  }
  const json::Node* configuration = fields.node("stateConfiguration");
  if (configuration && configuration->find("mapIterationFailureCount")) {
    return Err{validation_error(
        "TestState does not support MapIterationFailureCount when a mock is not specified.")};
  }
  if (fields.text("context")) {
    return Err{
        validation_error("TestState does not support Context when a mock is not specified.")};
  }
  if (container) {
    return Err{invalid_definition(
        "TestState API does not support Map or Parallel states. Supported state types include: "
        "[Task, Wait, Pass, Succeed, Fail, Choice]")};
  }
  const auto* task = std::get_if<asl::TaskState>(&state.form);
  if (!task) return {};
  if (task->resource.kind == asl::TaskResource::Kind::kActivity ||
      task->resource.pattern != asl::TaskPattern::kRequestResponse) {
    return Err{invalid_definition(
        "TestState API does not support Activities, '.sync' or '.waitForTaskToken' service "
        "integration patterns when a mock is not specified")};
  }
  if (!fields.text("roleArn")) {
    return Err{validation_error("RoleArn must be specified when testing a Task state")};
  }
  return {};
}

// What the mock's result has to be, by the type of the state.
Checked<void> check_mock_result(json::Node result, const asl::State& state,
                                FieldValidation validation) {
  if (const auto* parallel = std::get_if<asl::ParallelState>(&state.form)) {
    if (!result.is_array()) return Err{validation_error("Mocked result must be an array.")};
    if (result.size() != parallel->branches.size()) {
      return Err{
          validation_error("Mocked result must contain the same number of items as number of "
                           "Parallel branches.")};
    }
  }
  if (const auto* map = std::get_if<asl::MapState>(&state.form)) {
    if (map->result_writer && !result.is_object()) {
      return Err{validation_error("Mocked result must be a JSON object.")};
    }
    if (!map->result_writer && !result.is_array()) {
      return Err{validation_error("Mocked result must be an array.")};
    }
  }
  if (const auto* task = std::get_if<asl::TaskState>(&state.form)) {
    if (auto problem = check_mock(task->resource, result, validation)) {
      return Err{validation_error(std::move(*problem))};
    }
  }
  return {};
}

Checked<std::optional<json::Value>> read_mock_result(const Mock& mock, const asl::State& state) {
  if (!mock.result) return std::optional<json::Value>();
  auto parsed = json::Value::parse(std::string(*mock.result));
  if (!parsed.ok()) return Err{validation_error("Mocked result must be valid JSON")};
  TRY(check_mock_result(parsed->root(), state, mock.validation));
  return std::optional<json::Value>(std::move(parsed).value());
}

// stateConfiguration, but for what the state's items must fit to.
Checked<void> read_configuration(const Fields& fields, TestRequest& request) {
  const json::Node* node = fields.node("stateConfiguration");
  if (!node) return {};
  const json::Value value = json::Value::of(*node);
  const Fields members(value);
  request.retrier_retry_count =
      static_cast<std::int32_t>(members.integer("retrierRetryCount").value_or(0));
  request.map_iteration_failure_count = members.integer("mapIterationFailureCount");
  if (const auto data = members.text("mapItemReaderData")) {
    auto items = json::Value::parse(std::string(*data));
    if (!items.ok()) return Err{validation_error("mapItemReaderData must be valid JSON")};
    request.map_item_reader_data = std::move(items).value();
  }
  return {};
}

Checked<std::optional<json::Value>> read_variables(const Fields& fields) {
  const auto text = fields.text("variables");
  if (!text) return std::optional<json::Value>();
  auto parsed = json::Value::parse(std::string(*text));
  if (!parsed.ok() || !parsed->root().is_object()) {
    return Err{validation_error("Variables must be a valid JSON object")};
  }
  return std::optional<json::Value>(std::move(parsed).value());
}

void name_test(const runtime::Principal& principal, TestRequest& request) {
  SystemRng rng;
  request.names = {.region = principal.region,
                   .account = principal.account,
                   .machine = make_uuid(rng),
                   .execution = make_uuid(rng)};
  std::string arn = make_arn(principal, "express", request.names.machine);
  request.identity = {.execution_arn = arn.append(":").append(request.names.execution),
                      .execution_name = request.names.execution,
                      .state_machine_arn = request.names.machine_arn(),
                      .state_machine_name = request.names.machine,
                      .role_arn = request.identity.role_arn,
                      .region = principal.region};
}

Checked<TestRequest> read_test(const runtime::Call& call, std::size_t bytes_max, WallMillis now) {
  const Fields fields(call.input);
  TestRequest request;
  const Mock mock = TRY(read_mock(fields));
  request.subject = TRY(read_subject(fields));
  const asl::State& state = *request.subject.state;
  TRY(check_mock_use(fields, state, mock));
  if (const auto role = fields.text("roleArn")) {
    TRY(check_role_arn(*role));
    request.identity.role_arn = *role;
  }
  request.input = TRY(read_execution_input(fields, bytes_max));
  request.variables = TRY(read_variables(fields));
  request.mock_result = TRY(read_mock_result(mock, state));
  request.mock_error = mock.error;
  TRY(read_configuration(fields, request));
  name_test(call.principal, request);
  const auto context = fields.text("context");
  request.context_object =
      context ? TRY(read_test_context(*context, state)) : make_test_context(request, now);
  return request;
}

// No more iterations can have failed than there are: one for each item, or, where the items would
// have to be read first, for each result.
bool fails_too_often(const TestRun& run) {
  const auto& failed = run.request().map_iteration_failure_count;
  const auto& result = run.request().mock_result;
  std::optional<std::int64_t> iterations = run.inspection().items;
  if (!iterations && result && result->root().is_array()) {
    iterations = static_cast<std::int64_t>(result->root().size());
  }
  return failed && iterations && *failed > *iterations;
}

}  // namespace

void Service::test_state(const Call& call, const Reply& reply) {
  auto request = read_test(call, engine_.limits().payload_bytes_max, engine_.clock().now());
  if (!request.ok()) return reply(Err{std::move(request).error()});
  const std::string level(Fields(call.input).text_or("inspectionLevel", "INFO"));
  auto run = std::make_shared<TestRun>(std::move(request).value(), engine_.limits(),
                                       engine_.clock().now(), SystemRng().next());
  TestRun::Outcome outcome = run->start();
  if (fails_too_often(*run)) {
    return reply(
        Err{validation_error("Map iteration failure count must be less than or equal to the number "
                             "of Map iterations")});
  }
  if (outcome.verdict) return reply(test_answer(*run, *outcome.verdict, level));
  const WallMillis latest = engine_.clock().now() + kTestMillisMax;
  const WallMillis deadline = std::min(latest, outcome.task->scheduled.timeout_at.value_or(latest));
  engine_.run_task(
      std::move(*outcome.task), deadline, [this, run, reply, level](machine::Input input) {
        const TestRun::Outcome end = run->go_on(std::move(input), engine_.clock().now());
        reply(test_answer(*run, end.verdict.value_or(TestVerdict()), level));
      });
}

}  // namespace pawl::states
