// What a function's process finds in its environment: AWS's variables, then the function's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "functions/function_spec.h"
#include "functions/runtimes.h"

namespace pawl::functions {

struct EnvironmentFacts {
  Places places;
  std::string runtime_api;   // "127.0.0.1:9001"
  std::string endpoint_url;  // Pawl itself, empty when unknown
  std::string log_stream;
  std::string tmp_directory;  // "/tmp" when private
  std::string interpreter;    // its directory ends PATH
  Credentials credentials;
};

// "NAME=value" for each. Values with a NUL end there, as everywhere in a process's environment.
std::vector<std::string> environment_variables(const FunctionSpec& spec,
                                               const EnvironmentFacts& facts);

// Whether CreateFunction must refuse the name (AWS: "reserved keys").
bool is_reserved_variable(std::string_view name);

}  // namespace pawl::functions
