// Choice: takes the first rule whose condition holds, else Default (ASL, "Choice State").
#include "machine/condition.h"
#include "machine/io_path.h"
#include "machine/leave.h"
#include "machine/states.h"

namespace pawl::machine {

NextEvent begin_choice(const Work& work, const asl::ChoiceState& state) {
  Evaluation evaluation(work);
  const asl::State& whole = work.state;
  const Payload input = TRY(effective_input(evaluation));
  for (const asl::ChoiceRule& rule : state.choices) {
    if (TRY(holds(rule.condition, evaluation, input.node()))) {
      // A rule has Assign and Output of its own; the state's belong to Default.
      return leave_with_input(evaluation, {rule.next, rule.assign, rule.output});
    }
  }
  if (state.default_next) {
    return leave_with_input(evaluation, {state.default_next, whole.assign, whole.output});
  }
  return Err{runtime_fault(work,
                           "Failed to transition out of the state. "
                           "The state does not point to a next state.")};
}

}  // namespace pawl::machine
