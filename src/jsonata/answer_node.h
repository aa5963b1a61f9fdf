// What an evaluation comes to, as a json::Node.
#pragma once

#include "jsonata/evaluation.h"

namespace pawl::jsonata {

// As JSON has it, of the kinds that a Node has: numbers become text, undefined inside becomes null
// and functions "". `value` is no function, undefined, infinity or NaN itself. Texts of the
// program's literals are copied: they live less long than the arena. kFailed when the value prints
// as more than the memory holds: parts may be shared, so that little memory prints as very much.
Value answer_node(Evaluation& evaluation, Value value);

}  // namespace pawl::jsonata
