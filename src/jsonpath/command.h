// The body of `pawl jsonpath`.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>

#include "jsonpath/path.h"

namespace pawl::jsonpath {

struct CommandOptions {
  // The path to evaluate over the document on `in`. Absent: `in` holds one request a line,
  // {"path": TEXT, "json": TEXT}, and each line is answered by one line,
  // {"definite": BOOLEAN, "result": VALUE}, or
  // {"definite": BOOLEAN, "error": NAME, "message": TEXT}, where "definite" is left out when the
  // path does not compile, NAME is PathNotFound, InvalidPath or Other, and Other is followed by
  // "class": the Java exception.
  std::optional<std::string> path;
  Provider provider = Provider::kMap;
};

// The exit code: 0, or 1 when the single path has no answer or a line is no request.
int run_jsonpath_command(const CommandOptions& options, std::istream& in, std::ostream& out,
                         std::ostream& errors);

// One line's answer, without the line end; nothing when `line` is no request.
std::optional<std::string> answer_line(std::string_view line, Provider provider);

}  // namespace pawl::jsonpath
