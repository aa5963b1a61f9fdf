#include "machine/leave.h"

#include "machine/io_path.h"

namespace pawl::machine {
namespace {

// What is assigned over counts until it is gone.
std::size_t stored_variable_bytes(const Execution& execution) {
  std::size_t bytes = 0;
  for (const auto& [id, strand] : execution.strands) {
    for (const auto& [name, value] : strand.variables) bytes += name.size() + value.bytes();
  }
  return bytes;
}

// Each variable, and all of one Assign, may be as large as a payload (B3).
Result<std::optional<json::Value>, Failure> evaluate_assign(
    Evaluation& evaluation, const std::optional<asl::Template>& assign, const Payload& input) {
  if (!assign) return std::optional<json::Value>();
  const json::Node assigned = TRY(evaluation.instantiate(*assign, input));
  if (assigned.size() == 0) return std::optional<json::Value>();
  const json::Value value = json::Value::of(assigned);
  const Work& work = evaluation.work();
  const Limits& limits = work.context.limits;
  if (value.bytes() > limits.payload_bytes_max ||
      stored_variable_bytes(work.execution) + value.bytes() > limits.variables_bytes_max) {
    return Err{result_too_large(work.state.name)};
  }
  return std::optional<json::Value>(value);
}

std::string pointer_of(const Work& work, const std::optional<std::string>& next) {
  return next ? asl::state_pointer(work.state.block_pointer, *next) : std::string();
}

}  // namespace

NextEvent exit_state(Evaluation& evaluation, const Payload& output,
                     const std::optional<std::string>& next,
                     const std::optional<asl::Template>& assign, const Payload& assign_input) {
  const Work& work = evaluation.work();
  // Variables are read as they were at entry, so the order of these two does not show.
  auto assigned = TRY(evaluate_assign(evaluation, assign, assign_input));
  json::Value value = output.value();
  if (value.bytes() > work.context.limits.payload_bytes_max) {
    return Err{result_too_large(work.state.name)};
  }
  return Event::Body(StateExited{.type = work.strand.state_type,
                                 .name = work.state.name,
                                 .output = std::move(value),
                                 .assigned = std::move(assigned),
                                 .next_pointer = pointer_of(work, next)});
}

namespace {

// Output, which JSONata has instead of OutputPath; without either `output` as it is.
Result<Payload, Failure> shaped(Evaluation& evaluation, const std::optional<asl::Template>& form,
                                const Payload& output) {
  if (form) return Payload(TRY(evaluation.instantiate(*form, output)));
  return output_path(evaluation, output);
}

}  // namespace

NextEvent leave_with_input(Evaluation& evaluation, const Way& way) {
  const Payload input = TRY(effective_input(evaluation));
  const Payload output = TRY(shaped(evaluation, way.output, input));
  return exit_state(evaluation, output, way.next, way.assign, input);
}

NextEvent leave_with_result(Evaluation& evaluation, const Payload& result) {
  const asl::State& state = evaluation.work().state;
  evaluation.note(Stage::kAfterResultSelector, result);
  const Payload merged = TRY(result_path(evaluation, state.result_path, result));
  evaluation.note(Stage::kAfterResultPath, merged);
  const Payload output = TRY(shaped(evaluation, state.output, merged));
  return exit_state(evaluation, output, state.transition.next, state.assign, result);
}

NextEvent leave_with_raw_result(const Work& work) {
  Evaluation evaluation(work);
  const asl::State& state = work.state;
  const Payload raw(work.strand.data);
  evaluation.note(Stage::kResult, raw);
  if (state.query_language == asl::QueryLanguage::kJsonata) evaluation.show_result(raw.node());
  Payload result = raw;
  if (state.result_selector) {
    result = Payload(TRY(evaluation.instantiate(*state.result_selector, raw)));
  }
  evaluation.note(Stage::kAfterResultSelector, result);
  const Payload merged = TRY(result_path(evaluation, state.result_path, result));
  evaluation.note(Stage::kAfterResultPath, merged);
  const Payload output = TRY(shaped(evaluation, state.output, merged));
  return exit_state(evaluation, output, state.transition.next, state.assign, raw);
}

}  // namespace pawl::machine
