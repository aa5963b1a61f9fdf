#include "machine/work.h"

namespace pawl::machine {

Fault runtime_fault(const Work& work, std::string_view cause) {
  std::string text = "An error occurred while executing the state '";
  text += work.strand.state_name;
  text += "' (entered at the event id #";
  text += std::to_string(work.strand.entered);
  text += "). ";
  text += cause;
  return {.error = "States.Runtime", .cause = std::move(text)};
}

namespace {

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

}  // namespace pawl::machine
