// Runtime identifiers and the programs behind them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/function_spec.h"

namespace pawl::functions {

// What stands between functions, and between them and the server.
enum class IsolationLevel {
  kProcess,        // processes of the server's own user
  kUserNamespace,  // private namespaces, still the server's own user
  kUsers,          // private namespaces, and a user for each environment
};

enum class RuntimeFamily { kNode, kPython, kProvided };

// Of "nodejs20.x", "python3.12", "python2.7", "provided.al2023": any version of the three families
// that we run. Python 2 runs on Python 3, with what differs in name put in its place.
std::optional<RuntimeFamily> runtime_family(std::string_view runtime);

struct Interpreters {
  std::string node;  // empty: none found
  std::string python;
};

// A program of this name on PATH; a real executable goes before a script that would choose one.
std::string find_on_path(std::string_view program, std::string_view path);

// Where things are for the function: /var/task, /var/runtime, /opt, or the real places where
// private mounts are not allowed.
struct Places {
  std::string task;
  std::string runtime;
  std::string layers;
  std::string node_modules;  // the SDKs that a function finds when its package has none
  std::string python_modules;
};

// The command that runs the function's runtime client; empty when its interpreter is missing.
std::vector<std::string> runtime_command(const FunctionSpec& spec, const Places& places,
                                         const Interpreters& interpreters);

}  // namespace pawl::functions
