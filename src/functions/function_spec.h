// What a function is to the processes that run it. A value; shared immutably between invocations.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pawl::functions {

struct FunctionSpec {
  // Environments are reused only for the same identity: ARN, version and revision of the
  // configuration, as the service composes it.
  std::string identity;
  std::string arn;  // without version
  std::string name;
  std::string version = "$LATEST";
  std::string account = "000000000000";
  std::string region = "us-east-1";
  std::string runtime;  // "nodejs20.x"
  std::string handler;
  std::string code_directory;                // absolute, unpacked
  std::string layers_directory;              // /opt; empty: no layers
  std::shared_ptr<const void> code_lease{};  // keeps both as long as somebody uses them
  std::vector<std::pair<std::string, std::string>> environment;
  int timeout_seconds = 3;
  int memory_mb = 128;
  int tmp_mb = 512;
  std::string role;
  std::string log_group;
};

// What a function's SDK signs its calls with.
struct Credentials {
  std::string access_key;
  std::string secret;
  std::string session_token;
};

using SharedSpec = std::shared_ptr<const FunctionSpec>;

}  // namespace pawl::functions
