// Succeed: ends the execution, branch or iteration well (ASL, "Succeed State").
#include "machine/leave.h"
#include "machine/states.h"

namespace pawl::machine {

NextEvent begin_succeed(const Work& work) {
  Evaluation evaluation(work);
  return leave_with_input(evaluation, {std::nullopt, std::nullopt, work.state.output});
}

}  // namespace pawl::machine
