// JSONata 2.2.2 (docs.jsonata.org), compiled once and evaluated many times, also as Step Functions
// runs it ("Transforming data with JSONata in Step Functions"; reference: query-languages.md 1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/rng.h"
#include "json/arena.h"
#include "json/node.h"

namespace pawl::json {
class Selection;
}

namespace pawl::jsonata {

// What an expression may say.
enum class Dialect {
  kFull,           // all of JSONata
  kStepFunctions,  // AWS: no input `$`, no bare names at the top level, no $eval; six more
                   // functions
};

// jsonata-js's error codes and texts (S0201, T2001, D3141 ...); `code` is empty where the
// reference has none, and for what Step Functions itself refuses ("Reference to 'phone' at the top
// level is not supported.").
struct Error {
  std::string code;
  std::string message;                       // without the code
  std::optional<std::string> token;          // JSON text: mostly a string, of numbers the number
  std::optional<std::size_t> position;       // UTF-16 units from the start, as jsonata-js counts
  std::optional<std::string> value;          // JSON text of the offending value
  std::optional<std::string> function_name;  // of D3140
};

// What one evaluation may use up; each is checked where work is repeated or nested.
struct Budget {
  int depth_max = 1'000;                  // nested evaluations, jsonata-js's `depth`
  std::int64_t milliseconds_max = 5'000;  // of the steady clock
  std::size_t bytes_max = 256u << 20;     // newly built values
  std::uint32_t regex_steps_max = 10'000'000;
};

// `$name` outside the expression. The nodes must outlive the answer.
struct Binding {
  std::string_view name;  // without `$`
  json::Node value;
};

struct Scope {
  std::optional<json::Node> input;  // `$`; none: undefined
  std::span<const Binding> bindings;
  WallMillis now = 0;  // $now(), $millis(): fixed within one evaluation
  Rng& rng;            // $random(), $uuid(), $shuffle()
  Budget budget = {};
};

// What an expression comes to. `kValue` alone is what JSON can say.
struct Answer {
  enum class Kind : std::uint64_t { kUndefined, kValue, kFunction, kNonFinite };
  // Of kValue: points into the scope's nodes and the arena. Of kNonFinite its name, a string:
  // "Infinity", "-Infinity", "NaN".
  json::Node node;
  Kind kind = Kind::kUndefined;
};

struct Program;  // immutable, defined in program.h

// An immutable compiled expression; any thread may evaluate it.
class Expression {
 public:
  static Result<Expression, Error> compile(std::string_view text, Dialect dialect);

  const std::string& text() const;
  // Names of the variables that the expression reads and neither binds itself nor finds among the
  // built-in functions: "states", "total".
  const std::set<std::string, std::less<>>& free_variables() const;
  // Whether one of the expression's paths begins with `$states.NAME`: "input", "errorOutput".
  bool reads_state_member(std::string_view name) const;
  // What of `$states` it looks at (json/selection.h): no answer depends on anything else.
  json::Selection states_selection() const;

  Result<Answer, Error> evaluate(const Scope& scope, json::Arena& arena) const;

 private:
  explicit Expression(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

}  // namespace pawl::jsonata
