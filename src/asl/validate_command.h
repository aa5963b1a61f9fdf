// `pawl validate FILE`: checks a definition without a server.
#pragma once

#include <iosfwd>
#include <string>

#include "asl/model.h"

namespace pawl::asl {

struct ValidateRequest {
  std::string file;  // "-" reads standard input
  MachineType type = MachineType::kStandard;
  // One line a diagnostic, or one JSON document shaped like ValidateStateMachineDefinition's answer
  // with `line` and `column` added.
  enum class Format { kLines, kJson } format = Format::kLines;
};

// Prints "FILE:line:column: severity CODE message (location)" for every diagnostic, warnings too.
// Answers the exit code: 0 the definition can be created, 1 it has errors, 2 it cannot be read.
int run_validate_command(const ValidateRequest& request, std::istream& in, std::ostream& out,
                         std::ostream& err);

}  // namespace pawl::asl
