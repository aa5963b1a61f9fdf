// JSONPath in the dialect that AWS speaks: Jayway JsonPath 2.0.0, with its messages
// (reference/query-languages.md section 2). RFC 9535 is deliberately not the goal.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace pawl::jsonpath {

// Which of Jackson's providers answers. An array index out of range is an error to kMap and null to
// kNode; and null as the whole document is an error to kMap.
enum class Provider { kMap, kNode };

struct PathError {
  enum class Kind {
    kInvalidPath,  // does not compile, or cannot be applied to the document
    kNotFound,     // Jayway's PathNotFoundException
    kOther,        // any other exception of the reference (NumberFormatException ...)
  };
  Kind kind = Kind::kOther;
  std::string message;    // Jayway's words
  std::string exception;  // for kOther: the Java class, "NumberFormatException"
};

struct CompiledPath;  // immutable, defined in program.h

// An immutable compiled path; copies share it, any thread may evaluate it.
class Path {
 public:
  static Result<Path, PathError> compile(std::string_view text);

  const std::string& text() const;
  // A definite path answers one value; an indefinite one an array, empty when nothing matches.
  bool definite() const;
  // The document itself: `$`.
  bool is_root() const;
  // Only `.name`, `['name']` and `[n]` (States Language, "Reference Paths").
  bool is_reference() const;

  // The answer points into `root` or `arena` and lives as long as both. Work is bounded: what takes
  // more than ten million steps is an error.
  Result<json::Node, PathError> evaluate(json::Node root, json::Arena& arena,
                                         Provider provider = Provider::kMap) const;

  // `root` with `value` put where this reference path points; missing objects are made, an array
  // element must exist. Error: the place cannot be reached (States.ResultPathMatchFailure).
  // `value` lives as long as `root`.
  Result<json::Node, PathError> put(json::Node root, json::Node value, json::Arena& arena) const;

 private:
  explicit Path(std::shared_ptr<const CompiledPath> compiled) : compiled_(std::move(compiled)) {}
  std::shared_ptr<const CompiledPath> compiled_;
};

}  // namespace pawl::jsonpath
