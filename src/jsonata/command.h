// The body of `pawl jsonata`.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/rng.h"
#include "jsonata/expression.h"

namespace pawl::jsonata {

struct CommandOptions {
  // The expression to evaluate over the document on `in`. Absent: `in` holds one request a line,
  // and each line is answered by one.
  //
  //   {"expr": TEXT, "data": VALUE?, "bindings": {NAME: VALUE}?, "timelimit": MILLISECONDS?,
  //    "depth": NUMBER?}
  //
  // is answered by {"result": VALUE}, {"undefined": true}, {"function": true},
  // {"nonfinite": "Infinity"} or {"error": {"code", "token", "position", "message", "value"}}, of
  // which only `message` is always there. In Step Functions' dialect a request may have "states",
  // which $states is bound to (or "states_input", for {"input": VALUE} alone), and "field" and
  // "state": then messages are the causes that Step Functions gives.
  std::optional<std::string> expression;
  Dialect dialect = Dialect::kStepFunctions;
};

// What the evaluations of a command share.
struct CommandWorld {
  const Clock& clock;
  Rng& rng;
};

// The exit code: 0, or 1 when the single expression fails or a line is no request.
int run_jsonata_command(const CommandOptions& options, CommandWorld world, std::istream& in,
                        std::ostream& out, std::ostream& errors);

// One line's answer, without the line end; nothing when `line` is no request.
std::optional<std::string> answer_line(std::string_view line, Dialect dialect, CommandWorld world);

}  // namespace pawl::jsonata
