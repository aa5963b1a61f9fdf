// Invoke: StepFunctions. The execution's name follows from the action's, so that a start which is
// made again after a crash is the same one.
#include <fmt/format.h>

#include "services/codepipeline/action_types.h"
#include "services/codepipeline/archive.h"
#include "services/codepipeline/client.h"

namespace pawl::codepipeline {

namespace {

constexpr WallMillis kMillisMax = 7 * 24 * 3'600'000LL;

Result<std::string, Failure> input_of(const Work& work) {
  const std::string type = work.text("InputType");
  const std::string given = work.text("Input");
  if (type != "FilePath") return given.empty() ? std::string("{}") : given;
  const Artifact* artifact = work.input();
  if (artifact == nullptr) {
    return Err{Failure{"ConfigurationError", "InputType FilePath needs an input artifact", {}}};
  }
  const auto bytes = work.client.read_object(artifact->bucket, artifact->object_key);
  if (!bytes.ok()) return Err{Failure{"ConfigurationError", bytes.error().message, {}}};
  auto file = read_file(bytes->bytes, given);
  if (!file.ok()) return Err{Failure{"ConfigurationError", file.error(), {}}};
  return std::move(*file);
}

Progress start(Work& work, const Client& client) {
  const auto machine_input = input_of(work);
  if (!machine_input.ok()) return machine_input.error();
  const std::string prefix = work.text("ExecutionNamePrefix");
  std::string input;
  json::Writer out(input);
  out.begin_object().key("stateMachineArn").string(work.text("StateMachineArn"));
  out.key("name").string(prefix.empty() ? work.run.id : prefix + "-" + work.run.id);
  out.key("input").string(*machine_input).end_object();
  const auto answer = client.call("states", "StartExecution", std::move(input), work.run.id);
  if (!answer.ok()) return Failure{"ConfigurationError", answer.error().message, {}};
  work.run.external_id = text_in(answer->root(), "executionArn");
  work.save();
  return Waiting{work.now + work.poll_millis};
}

Result<void, std::string> write_output(const Work& work, const std::string& text) {
  if (work.run.outputs.empty()) return {};
  return work.put_output("output.json", text);
}

Progress watch(Work& work, const Client& client) {
  std::string input;
  json::Writer out(input);
  out.begin_object().key("executionArn").string(work.run.external_id).end_object();
  const auto answer = client.call("states", "DescribeExecution", std::move(input));
  if (!answer.ok()) {
    return Failure{"JobFailed", answer.error().message, work.run.external_id};
  }
  const std::string status = text_in(answer->root(), "status");
  if (status == "RUNNING" || status == "PENDING_REDRIVE") {
    if (work.now > work.run.started + kMillisMax) {
      return Failure{"JobFailed", "The state machine execution did not end in time",
                     work.run.external_id};
    }
    return Waiting{work.now + work.poll_millis};
  }
  if (status != "SUCCEEDED") {
    std::string message =
        fmt::format("The state machine execution {} has: {}", work.run.external_id, status);
    if (const std::string code = text_in(answer->root(), "error"); !code.empty()) {
      message += fmt::format(". Error: {}, cause: {}", code, text_in(answer->root(), "cause"));
    }
    return Failure{"JobFailed", message.substr(0, 5'000), work.run.external_id};
  }
  const std::string output = text_in(answer->root(), "output");
  if (const auto written = write_output(work, output); !written.ok()) {
    return Failure{"JobFailed", written.error(), work.run.external_id};
  }
  return Success{.variables = {{"StateMachineArn", work.text("StateMachineArn")},
                               {"ExecutionArn", work.run.external_id}},
                 .summary = output.substr(0, 2'048),
                 .external_id = work.run.external_id};
}

Progress perform(Work& work) {
  const Client client = work.client.in_region(work.action.region);
  return work.run.external_id.empty() ? start(work, client) : watch(work, client);
}

}  // namespace

ActionTypeInfo stepfunctions_invoke() {
  return {.id = {"Invoke", "AWS", "StepFunctions", "1"},
          .inputs = {0, 1},
          .outputs = {0, 1},
          .configuration = {{.name = "StateMachineArn", .is_required = true},
                            {.name = "ExecutionNamePrefix"},
                            {.name = "InputType"},
                            {.name = "Input"}},
          .perform = perform};
}

}  // namespace pawl::codepipeline
