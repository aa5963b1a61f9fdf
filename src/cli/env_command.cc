// `pawl env`: exports that point the AWS tools of a shell at the server. Keys that are already set
// are kept, because a server with --credentials knows only them.
#include <fmt/core.h>

#include "cli/commands.h"

namespace pawl::cli {

namespace {

struct Variable {
  const char* name;
  std::string value;
  enum class Keep { kOld, kNew } keep;
};

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string posix_line(const Variable& variable) {
  if (variable.keep == Variable::Keep::kOld) {
    return fmt::format("export {0}=\"${{{0}:-{1}}}\"\n", variable.name, variable.value);
  }
  return fmt::format("export {}={}\n", variable.name, quoted(variable.value));
}

std::string fish_line(const Variable& variable) {
  const std::string set = fmt::format("set -gx {} {}", variable.name, quoted(variable.value));
  if (variable.keep == Variable::Keep::kOld) {
    return fmt::format("set -q {}; or {}\n", variable.name, set);
  }
  return set + "\n";
}

}  // namespace

int run(const EnvOptions& options) {
  using Keep = Variable::Keep;
  const Variable variables[] = {
      {"AWS_ENDPOINT_URL", options.client.endpoint, Keep::kNew},
      {"AWS_REGION", options.client.region, Keep::kNew},
      {"AWS_DEFAULT_REGION", options.client.region, Keep::kNew},
      {"AWS_ACCESS_KEY_ID", "test", Keep::kOld},
      {"AWS_SECRET_ACCESS_KEY", "test", Keep::kOld},
  };
  fmt::print("# AWS CLI before 2.13 does not read AWS_ENDPOINT_URL: aws --endpoint-url {}\n",
             options.client.endpoint);
  for (const Variable& variable : variables) {
    fmt::print("{}", options.shell == EnvOptions::Shell::kFish ? fish_line(variable)
                                                               : posix_line(variable));
  }
  return 0;
}

}  // namespace pawl::cli
