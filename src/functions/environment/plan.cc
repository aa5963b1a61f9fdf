#include "functions/environment/plan.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace pawl::functions::environment {
namespace {

const char* value_of(const char* argument, const char* name) {
  const std::size_t length = std::strlen(name);
  return std::strncmp(argument, name, length) == 0 ? argument + length : nullptr;
}

}  // namespace

Plan read_plan(int argc, char** argv) {
  Plan plan;
  for (int i = 1; i < argc; ++i) {
    const char* argument = argv[i];
    if (std::strcmp(argument, "--") == 0) {
      plan.command = argv + i + 1;
      return plan;
    }
    if (std::strcmp(argument, "namespaces") == 0) {
      plan.namespaces = true;
    } else if (std::strcmp(argument, "probe") == 0) {
      plan.probe = true;
    } else if (const char* code = value_of(argument, "code=")) {
      plan.code = code;
    } else if (const char* runtime = value_of(argument, "runtime=")) {
      plan.runtime = runtime;
    } else if (const char* directory = value_of(argument, "directory=")) {
      plan.directory = directory;
    } else if (const char* tmp = value_of(argument, "tmp_mb=")) {
      plan.tmp_mb = std::strtol(tmp, nullptr, 10);
    } else if (const char* memory = value_of(argument, "memory_mb=")) {
      plan.memory_mb = std::strtol(memory, nullptr, 10);
    } else {
      _exit(2);
    }
  }
  return plan;
}

}  // namespace pawl::functions::environment
