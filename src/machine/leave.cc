#include "machine/leave.h"

#include "machine/io_path.h"

namespace pawl::machine {
namespace {

Result<std::optional<json::Value>, Fault> evaluate_assign(
    Evaluation& evaluation, const std::optional<asl::Template>& assign, const Payload& input) {
  if (!assign) return std::optional<json::Value>();
  const json::Node assigned = TRY(evaluation.instantiate(*assign, input));
  if (assigned.size() == 0) return std::optional<json::Value>();
  const json::Value value = json::Value::of(assigned);
  const Work& work = evaluation.work();
  if (value.bytes() > work.context.limits.payload_bytes_max) {
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

NextEvent leave_with_input(Evaluation& evaluation, const std::optional<std::string>& next,
                           const std::optional<asl::Template>& assign) {
  const Payload input = TRY(effective_input(evaluation));
  const Payload output = TRY(output_path(evaluation, input));
  return exit_state(evaluation, output, next, assign, input);
}

NextEvent leave_with_result(Evaluation& evaluation, const Payload& result) {
  const asl::State& state = evaluation.work().state;
  evaluation.note(Stage::kAfterResultSelector, result);
  const Payload merged = TRY(result_path(evaluation, state.result_path, result));
  evaluation.note(Stage::kAfterResultPath, merged);
  const Payload output = TRY(output_path(evaluation, merged));
  return exit_state(evaluation, output, state.transition.next, state.assign, result);
}

NextEvent leave_with_raw_result(const Work& work) {
  Evaluation evaluation(work);
  const asl::State& state = work.state;
  const Payload raw(work.strand.data);
  evaluation.note(Stage::kResult, raw);
  Payload result = raw;
  if (state.result_selector) {
    result = Payload(TRY(evaluation.instantiate(*state.result_selector, raw)));
  }
  evaluation.note(Stage::kAfterResultSelector, result);
  const Payload merged = TRY(result_path(evaluation, state.result_path, result));
  evaluation.note(Stage::kAfterResultPath, merged);
  const Payload output = TRY(output_path(evaluation, merged));
  return exit_state(evaluation, output, state.transition.next, state.assign, raw);
}

}  // namespace pawl::machine
