// The directory that functions have for a root: a skeleton made once, into which each environment
// binds what it may see. Nothing of the machine is in it but programs, libraries, certificates and
// the addresses of name servers.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace pawl::functions {

// Where in the world, without a slash at its start, and what of the machine.
using Binds = std::vector<std::pair<std::string, std::string>>;

struct World {
  std::string directory;
  Binds binds;  // of every environment
};

// Makes the skeleton at `directory`. `users`: lines for /etc/passwd beside root's.
Result<World, std::string> make_world(const std::string& directory, const std::string& users);

// An interpreter as the world has it: its program there, and what must be bound for it. One outside
// /usr appears at /var/lang, as AWS's do.
struct InterpreterInWorld {
  std::string program;  // empty: there is none
  Binds binds;
};
InterpreterInWorld interpreter_in_world(const std::string& program);

}  // namespace pawl::functions
