// Operator-precedence parsing (Pratt) of an expression's text.
#pragma once

#include <string_view>

#include "base/result.h"
#include "jsonata/errors.h"
#include "jsonata/syntax.h"

namespace pawl::jsonata {

// The tree as the text says it. `text` must outlive the tree.
Result<Syntax*, Refusal> parse_syntax(std::string_view text, SyntaxArena& arena);

}  // namespace pawl::jsonata
