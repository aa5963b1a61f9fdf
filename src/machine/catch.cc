// Catch (ASL, "Fallback States").
#include <algorithm>

#include "machine/error_match.h"
#include "machine/io_path.h"
#include "machine/leave.h"
#include "machine/recovery.h"

namespace pawl::machine {
namespace {

json::Node text_or_null(const std::optional<std::string>& text) {
  return text ? json::Node::string(*text) : json::Node::null();
}

// {"Error": ..., "Cause": ...}. A timeout has no cause in the history but an empty one here.
json::Node error_output(const Fault& fault, json::Arena& arena) {
  json::ObjectBuilder output(arena);
  output.set("Error", text_or_null(fault.error));
  const bool timeout = fault.error == "States.Timeout" && !fault.cause;
  output.set("Cause", timeout ? json::Node::string("") : text_or_null(fault.cause));
  return output.finish();
}

NextEvent exit_by(const asl::Catcher& catcher, const Work& work) {
  Evaluation evaluation(work);
  const Payload error(error_output(work.strand.fault, evaluation.arena()));
  evaluation.show_error_output(error.node());
  // OutputPath is not applied to what a catcher hands on.
  const Payload output = catcher.output
                             ? Payload(TRY(evaluation.instantiate(*catcher.output, error)))
                             : TRY(result_path(evaluation, catcher.result_path, error));
  return exit_state(evaluation, output, catcher.next, catcher.assign, error);
}

}  // namespace

std::optional<NextEvent> find_catch(const Work& work) {
  for (const asl::Catcher& catcher : work.state.catchers) {
    if (matches(catcher.error_equals, work.strand)) return exit_by(catcher, work);
  }
  return std::nullopt;
}

bool handles(const asl::State& state, const Strand& container, const Strand& failed) {
  if (retries(state, container, failed)) return true;
  return std::any_of(state.catchers.begin(), state.catchers.end(),
                     [&](const auto& catcher) { return matches(catcher.error_equals, failed); });
}

}  // namespace pawl::machine
