// From the syntax tree as the text says it to the tree that is compiled: `.` and its kin become
// paths of steps with stages, `%` finds the step whose input it means (JSONata, "Path Operators").
#pragma once

#include "base/result.h"
#include "jsonata/errors.h"
#include "jsonata/syntax.h"

namespace pawl::jsonata {

// Changes the tree in place; answers its new root. S0207, S0209, S0210, S0213, S0215 ... S0217.
Result<Syntax*, Refusal> shape_syntax(Syntax* root, SyntaxArena& arena);

}  // namespace pawl::jsonata
