#include "functions/runtimes.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace pawl::functions {
namespace {

bool is_executable_format(const std::string& file) {
  std::array<char, 4> magic{};
  std::ifstream(file, std::ios::binary).read(magic.data(), magic.size());
  return std::string_view(magic.data(), magic.size()) ==
         "\x7f"
         "ELF";
}

// What AWS leaves to the heap of a function's memory.
int heap_mb(int memory_mb) { return std::max(memory_mb * 9 / 10, 64); }

}  // namespace

std::optional<RuntimeFamily> runtime_family(std::string_view runtime) {
  if (runtime.starts_with("nodejs")) return RuntimeFamily::kNode;
  if (runtime.starts_with("python3") || runtime.starts_with("python2")) {
    return RuntimeFamily::kPython;
  }
  if (runtime == "provided" || runtime.starts_with("provided.")) return RuntimeFamily::kProvided;
  return std::nullopt;
}

std::string find_on_path(std::string_view program, std::string_view path) {
  std::string first;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    const std::string file = fmt::format("{}/{}", path.substr(0, end), program);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (access(file.c_str(), X_OK) != 0) continue;
    if (is_executable_format(file)) return file;
    if (first.empty()) first = file;
  }
  return first;
}

std::vector<std::string> runtime_command(const FunctionSpec& spec, const Places& places,
                                         const Interpreters& interpreters) {
  switch (runtime_family(spec.runtime).value_or(RuntimeFamily::kProvided)) {
    case RuntimeFamily::kNode:
      if (interpreters.node.empty()) return {};
      return {interpreters.node, "--max-http-header-size=81920",
              fmt::format("--max-old-space-size={}", heap_mb(spec.memory_mb)),
              places.runtime + "/index.cjs"};
    case RuntimeFamily::kPython:
      if (interpreters.python.empty()) return {};
      return {interpreters.python, places.runtime + "/bootstrap.py"};
    case RuntimeFamily::kProvided:
      return {places.task + "/bootstrap"};
  }
  return {};
}

}  // namespace pawl::functions
