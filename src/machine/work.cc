#include "machine/work.h"

namespace pawl::machine {

namespace {

// TestState has no events to name (test_state_map_context_object).
std::string in_state(const Work& work, std::string_view cause) {
  if (work.context.inspection) return std::string(cause);
  std::string text = "An error occurred while executing the state '";
  text += work.strand.state_name;
  text += "' (entered at the event id #";
  text += std::to_string(work.strand.entered);
  text += "). ";
  text += cause;
  return text;
}

}  // namespace

Fault runtime_fault(const Work& work, std::string_view cause) {
  return {.error = "States.Runtime", .cause = in_state(work, cause)};
}

EvaluationFailed evaluation_failure(const Work& work, std::string_view cause,
                                    std::optional<std::string> location) {
  const Fault fault{.error = "States.QueryEvaluationError", .cause = in_state(work, cause)};
  return {.fault = within_limits(fault, work.context.limits),
          .location = std::move(location),
          .state = work.strand.state_name};
}

namespace {

void cut(std::optional<std::string>& text, std::size_t most) {
  if (!text || text->size() <= most) return;
  // Not inside a UTF-8 sequence.
  while (most > 0 && (static_cast<unsigned char>((*text)[most]) & 0xc0) == 0x80) --most;
  text->resize(most);
}

Fault data_limit_exceeded(std::string_view task, std::string_view what) {
  std::string cause = "The state/task '";
  cause += task;
  cause += what;
  cause += " with a size exceeding the maximum number of bytes service limit.";
  return {.error = "States.DataLimitExceeded", .cause = std::move(cause)};
}

}  // namespace

Fault result_too_large(std::string_view producer) {
  return data_limit_exceeded(producer, "' returned a result");
}

Fault parameters_too_large(std::string_view consumer) {
  return data_limit_exceeded(consumer, "' provided parameters");
}

Fault within_limits(Fault fault, const Limits& limits) {
  cut(fault.error, limits.error_bytes_max);
  cut(fault.cause, limits.cause_bytes_max);
  return fault;
}

}  // namespace pawl::machine
