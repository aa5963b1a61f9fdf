// decide: one Input, then on until every strand waits for the outside world.
#include "machine/decide.h"

#include "machine/inputs.h"
#include "machine/stepper.h"

namespace pawl::machine {
namespace {

// What loses nothing by waiting: the timer is still due later, the worker asks again.
bool can_come_again(const Input& input) {
  return std::holds_alternative<TimerFired>(input) ||
         std::holds_alternative<HeartbeatExpired>(input) ||
         std::holds_alternative<TaskTaken>(input);
}

}  // namespace

Step decide(Execution& execution, const Input& input, const Context& context) {
  Stepper stepper(execution, context);
  const bool held = context.motion == Motion::kHeld;
  if (held && can_come_again(input)) return stepper.finish(/*more=*/false);
  std::visit([&stepper](const auto& stimulus) { react(stepper, stimulus); }, input);
  while (!execution.ready.empty()) {
    if (held || stepper.capped()) return stepper.finish(/*more=*/true);
    stepper.advance(execution.ready.front());
  }
  return stepper.finish(/*more=*/false);
}

}  // namespace pawl::machine
