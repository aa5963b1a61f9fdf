// From the words of the command line to a Command, with every setting resolved. CLI11 stays inside
// command_line.cc and the verbs that add themselves to it (verbs.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/commands.h"
#include "cli/settings.h"

namespace pawl::cli {

// Nothing is to be run: help was asked for (0, on standard output) or the use was wrong (2, on
// standard error).
struct Exit {
  int status = 0;
  std::string text;
};

// `words` is argv without the program's name. Reads `environment` and the configuration file.
Result<Command, Exit> parse_command_line(std::vector<std::string> words,
                                         const Environment& environment);

// The verbs and their flags, for the shells' completion scripts.
struct CommandWords {
  std::string name;
  std::string help;
  std::vector<std::string> flags;  // "--data-dir"
};
std::vector<CommandWords> command_words();

}  // namespace pawl::cli
