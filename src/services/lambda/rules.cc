#include "services/lambda/rules.h"

#include <fmt/format.h>

#include "functions/environment_variables.h"
#include "functions/runtimes.h"
#include "services/lambda/fields.h"

namespace pawl::lambda {
namespace {

using json::Node;
using Checked = Result<void, ServiceError>;

constexpr std::int64_t kTimeoutSecondsMax = 900;
constexpr std::int64_t kMemoryMbMin = 128;
constexpr std::int64_t kMemoryMbMax = 10'240;
constexpr std::int64_t kTmpMbMin = 512;
constexpr std::int64_t kTmpMbMax = 10'240;
constexpr std::size_t kEnvironmentBytesMax = 4'096;
constexpr std::string_view kEnvironmentRefused =
    "Lambda was unable to configure your environment variables because the environment variables "
    "you have provided ";

Checked out_of_range(std::string_view name, std::int64_t value, std::string_view bound,
                     std::int64_t limit) {
  return Err{validation_error(
      fmt::format("Value '{}' at '{}' failed to satisfy constraint: Member must have value {} than "
                  "or equal to {}",
                  value, name, bound, limit))};
}

Checked check_range(std::string_view name, std::int64_t value, std::int64_t min, std::int64_t max) {
  if (value < min) return out_of_range(name, value, "greater", min);
  if (value > max) return out_of_range(name, value, "less", max);
  return {};
}

Checked check_environment(const Configuration& configuration) {
  std::string names;
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [name, value] : configuration.environment) {
    out.key(name).string(value);
    if (functions::is_reserved_variable(name)) names += (names.empty() ? "" : ", ") + name;
  }
  out.end_object();
  if (!names.empty()) {
    return Err{invalid_parameter(
        fmt::format("{}contains reserved keys that are currently not supported for modification. "
                    "Reserved keys used in this request: {}",
                    kEnvironmentRefused, names))};
  }
  if (!configuration.environment.empty() && text.size() > kEnvironmentBytesMax) {
    return Err{invalid_parameter(
        fmt::format("{}exceeded the 4KB limit. String measured: {}", kEnvironmentRefused, text))};
  }
  return {};
}

// Said when it is asked for, not when it would be missed.
Checked check_supported(Node input) {
  const auto has_items = [&](const char* name) {
    const Node* list = member(input, name);
    return list != nullptr && list->size() > 0;
  };
  if (text_member(input, "PackageType").value_or("Zip") != "Zip") {
    return Err{invalid_parameter("Pawl runs functions of PackageType Zip only")};
  }
  for (const char* name : {"FileSystemConfigs", "ImageConfig"}) {
    if (has_items(name)) {
      return Err{invalid_parameter(fmt::format("Pawl does not have {} for functions", name))};
    }
  }
  return {};
}

Checked check_runtime(const Configuration& configuration) {
  if (configuration.runtime.empty() || configuration.handler.empty()) {
    return Err{invalid_parameter(
        "Runtime and Handler are mandatory parameters for functions created with deployment "
        "packages.")};
  }
  if (!functions::runtime_family(configuration.runtime)) {
    return Err{invalid_parameter(
        fmt::format("Pawl runs the runtimes nodejs*, python3* and provided*; '{}' is none of them",
                    configuration.runtime))};
  }
  return {};
}

}  // namespace

Checked check_configuration(const Configuration& configuration, Node input) {
  TRY(check_supported(input));
  TRY(check_runtime(configuration));
  TRY(check_range("timeout", configuration.timeout_seconds, 1, kTimeoutSecondsMax));
  TRY(check_range("memorySize", configuration.memory_mb, kMemoryMbMin, kMemoryMbMax));
  TRY(check_range("ephemeralStorage.size", configuration.tmp_mb, kTmpMbMin, kTmpMbMax));
  return check_environment(configuration);
}

}  // namespace pawl::lambda
