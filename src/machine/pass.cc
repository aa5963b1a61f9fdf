// Pass: hands its input, its Parameters or its Result on (ASL, "Pass State").
#include "machine/io_path.h"
#include "machine/leave.h"
#include "machine/states.h"

namespace pawl::machine {

NextEvent begin_pass(const Work& work, const asl::PassState& state) {
  Evaluation evaluation(work);
  // TestState shows neither step before a Result: the service does not look at what it replaces.
  if (state.result) {
    const Payload result(*state.result);
    evaluation.note(Stage::kResult, result);
    return leave_with_result(evaluation, result);
  }
  Payload result = TRY(effective_input(evaluation));
  if (state.parameters) {
    result = Payload(TRY(evaluation.instantiate(*state.parameters, result)));
  }
  evaluation.note(Stage::kAfterParameters, result);
  return leave_with_result(evaluation, result);
}

}  // namespace pawl::machine
