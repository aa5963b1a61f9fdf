// Operator-precedence parsing (Pratt) of an expression's text.
#pragma once

#include <string_view>

#include "base/result.h"
#include "jsonata/errors.h"
#include "jsonata/syntax.h"

namespace pawl::jsonata {

struct SyntaxTree {
  Syntax* root = nullptr;
  bool binds_names = false;      // `:=` is somewhere in it
  bool makes_functions = false;  // a function, or $eval, which may make one
};

// The tree as the text says it. `text` must outlive the tree.
Result<SyntaxTree, Refusal> parse_syntax(std::string_view text, SyntaxArena& arena);

}  // namespace pawl::jsonata
