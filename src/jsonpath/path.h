// JSONPath in the dialect that AWS speaks: Jayway JsonPath 2.0.0, with its messages
// (reference/query-languages.md section 2). RFC 9535 is deliberately not the goal.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace pawl::jsonpath {

// Which of Jackson's providers answers: they differ for an array index out of range.
enum class Provider { kMap, kNode };

struct PathError {
  enum class Kind {
    kInvalidPath,   // does not compile
    kNotFound,      // Jayway's PathNotFoundException
    kOther,         // any other exception of the reference (NumberFormatException ...)
  };
  Kind kind = Kind::kOther;
  std::string message;  // Jayway's words
};

struct CompiledPath;  // immutable, defined in path.cc

// An immutable compiled path; copies share it, any thread may evaluate it.
class Path {
 public:
  static Result<Path, PathError> compile(std::string_view text);

  const std::string& text() const;
  // A definite path answers one value; an indefinite one an array, empty when nothing matches.
  bool definite() const;
  // Only `.name`, `['name']` and `[n]` (States Language, "Reference Paths").
  bool is_reference() const;

  // The answer points into `root` or `arena` and lives as long as both.
  Result<json::Node, PathError> evaluate(json::Node root, json::Arena& arena,
                                         Provider provider = Provider::kMap) const;

  // `root` with `value` put where this reference path points; missing objects are made, an array
  // element must exist. Error: the place cannot be reached (States.ResultPathMatchFailure).
  Result<json::Node, PathError> put(json::Node root, json::Node value, json::Arena& arena) const;

 private:
  explicit Path(std::shared_ptr<const CompiledPath> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const CompiledPath> compiled_;
};

}  // namespace pawl::jsonpath
