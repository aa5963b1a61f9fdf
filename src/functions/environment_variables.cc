#include "functions/environment_variables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace pawl::functions {
namespace {

using Variables = std::map<std::string, std::string>;

// Of the function's own variables these cannot be changed.
constexpr std::array<std::string_view, 19> kReserved = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
    "LAMBDA_RUNTIME_DIR",
    "AWS_LAMBDA_METADATA_API",
};

void set_identity(Variables& variables, const FunctionSpec& spec, const EnvironmentFacts& facts) {
  variables["_HANDLER"] = spec.handler;
  variables["AWS_REGION"] = spec.region;
  variables["AWS_DEFAULT_REGION"] = spec.region;
  if (!spec.runtime.starts_with("provided")) {
    variables["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + spec.runtime;
  }
  variables["AWS_LAMBDA_FUNCTION_NAME"] = spec.name;
  variables["AWS_LAMBDA_FUNCTION_VERSION"] = spec.version;
  variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(spec.memory_mb);
  variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
  variables["AWS_LAMBDA_LOG_GROUP_NAME"] = spec.log_group;
  variables["AWS_LAMBDA_LOG_STREAM_NAME"] = facts.log_stream;
  variables["AWS_LAMBDA_RUNTIME_API"] = facts.runtime_api;
  variables["LAMBDA_TASK_ROOT"] = facts.places.task;
  variables["LAMBDA_RUNTIME_DIR"] = facts.places.runtime;
  variables["AWS_ACCESS_KEY_ID"] = facts.credentials.access_key;
  variables["AWS_SECRET_ACCESS_KEY"] = facts.credentials.secret;
  variables["AWS_SESSION_TOKEN"] = facts.credentials.session_token;
}

// "20" of "nodejs20.x".
std::string node_major(std::string_view runtime) {
  std::string digits;
  for (const char c : runtime.substr(std::min(runtime.size(), std::string_view("nodejs").size()))) {
    if (c < '0' || c > '9') break;
    digits.push_back(c);
  }
  return digits;
}

void set_system(Variables& variables, const FunctionSpec& spec, const EnvironmentFacts& facts) {
  const std::string& task = facts.places.task;
  const std::string& runtime = facts.places.runtime;
  variables["LANG"] = "en_US.UTF-8";
  variables["TZ"] = ":UTC";
  variables["PATH"] = "/usr/local/bin:/usr/bin:/bin:" + facts.places.layers + "/bin";
  const std::size_t slash = facts.interpreter.rfind('/');
  if (slash != std::string::npos && slash != 0) {
    variables["PATH"] += ':' + facts.interpreter.substr(0, slash);
  }
  const std::string& layers = facts.places.layers;
  const bool own_interpreter = facts.interpreter.starts_with("/var/lang/");
  variables["LD_LIBRARY_PATH"] = fmt::format("{3}{0}:{0}/lib:{1}:{1}/lib:{2}/lib", runtime, task,
                                             layers, own_interpreter ? "/var/lang/lib:" : "");
  variables["NODE_PATH"] =
      fmt::format("{0}/nodejs/node_modules:{0}/nodejs/node{1}/node_modules:{2}:{3}:{4}", layers,
                  node_major(spec.runtime), facts.places.node_modules, runtime, task);
  variables["HOME"] = facts.tmp_directory;
  if (facts.tmp_directory != "/tmp") variables["TMPDIR"] = facts.tmp_directory;
  if (!facts.endpoint_url.empty()) variables["AWS_ENDPOINT_URL"] = facts.endpoint_url;
}

}  // namespace

bool is_reserved_variable(std::string_view name) {
  return std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

std::vector<std::string> environment_variables(const FunctionSpec& spec,
                                               const EnvironmentFacts& facts) {
  Variables variables;
  set_system(variables, spec, facts);
  for (const auto& [name, value] : spec.environment) variables[name] = value;
  set_identity(variables, spec, facts);
  if (facts.places.task != "/var/task") {
    variables["PAWL_TASK_DIRECTORY"] = facts.places.task;
    variables["PAWL_PYTHON_SDK"] = facts.places.python_modules;
    variables["PAWL_LAYERS"] = facts.places.layers;
  }
  std::vector<std::string> result;
  result.reserve(variables.size());
  for (const auto& [name, value] : variables) result.push_back(fmt::format("{}={}", name, value));
  return result;
}

}  // namespace pawl::functions
