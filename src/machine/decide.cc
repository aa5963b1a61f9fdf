// decide: one Input, then on until every strand waits for the outside world.
#include "machine/decide.h"

#include "machine/inputs.h"
#include "machine/stepper.h"

namespace pawl::machine {

Step decide(Execution& execution, const Input& input, const Context& context) {
  Stepper stepper(execution, context);
  std::visit([&stepper](const auto& stimulus) { react(stepper, stimulus); }, input);
  while (!execution.ready.empty()) {
    if (stepper.capped()) return stepper.finish(/*more=*/true);
    stepper.advance(execution.ready.front());
  }
  return stepper.finish(/*more=*/false);
}

}  // namespace pawl::machine
