// A path as it stands in a state machine field: `$.a` reads the state's input, `$$.a` the Context
// Object, `$name.a` a variable.
#pragma once

#include <string>
#include <string_view>

#include "jsonpath/path.h"

namespace pawl::jsonpath {

struct Query {
  enum class Source { kInput, kContext, kVariable };

  std::string text;  // as written: "$$.Execution.Id", "$order.items[0]"
  Source source = Source::kInput;
  std::string variable;  // the name without `$`, for kVariable
  Path path;             // relative to the source's root: "$.Execution.Id", "$.items[0]"

  // Must begin with `$`.
  static Result<Query, PathError> compile(std::string_view text);
};

// Where queries read from. All nodes outlive the evaluation.
struct Scope {
  json::Node input;
  json::Node context;
  // An object whose members are the visible variables.
  json::Node variables;
};

// Payload templates on the service answer null for an index out of range, which is kNode; arguments
// of intrinsic functions are kMap.
Result<json::Node, PathError> evaluate(const Query& query, const Scope& scope, json::Arena& arena,
                                       Provider provider = Provider::kNode);

}  // namespace pawl::jsonpath
