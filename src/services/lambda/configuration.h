// One version of a function: what the API shows as FunctionConfiguration and the catalog keeps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret_key.h"
#include "functions/code_store.h"
#include "functions/function_spec.h"
#include "json/writer.h"
#include "services/lambda/function_name.h"

namespace pawl::lambda {

// A layer's version as a function uses it: also when it has been deleted since.
struct LayerUse {
  std::string arn;
  std::string code_sha256;
  std::int64_t code_bytes = 0;
};

struct Configuration {
  FunctionName function;  // without qualifier
  std::string version = std::string(kLatest);
  std::string runtime;
  std::string role;
  std::string handler;
  std::string description;
  std::int64_t timeout_seconds = 3;
  std::int64_t memory_mb = 128;
  std::int64_t tmp_mb = 512;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string sealed_environment;  // what is kept of it
  bool environment_lost = false;   // it was sealed with another key
  std::vector<LayerUse> layers;
  std::string architecture = "x86_64";
  std::string code_sha256;         // hexadecimal: names the package in the code store
  std::string code_sha256_base64;  // as shown
  std::int64_t code_bytes = 0;
  WallMillis last_modified = 0;
  std::string revision_id;
  // Members that are kept and shown but change nothing here, as JSON: VpcConfig, TracingConfig ...
  std::map<std::string, std::string> others;
};

// What CreateFunction and UpdateFunctionConfiguration share: members that are present replace those
// in `configuration`.
void apply_input(json::Node input, Configuration& configuration);
void apply_code(const functions::StoredCode& code, Configuration& configuration);

// The FunctionConfiguration object; `qualifier` is the one asked for (shown in the ARN), or empty.
void write_configuration(json::Writer& out, const Configuration& configuration,
                         std::string_view qualifier);
std::string configuration_text(const Configuration& configuration, std::string_view qualifier);

std::string encode(const Configuration& configuration);
// Of a record that encode() has made.
Configuration decode_configuration(std::string_view record);

// Functions' variables are kept encrypted: seal() makes what encode() writes of them, unseal()
// brings them back after decode_configuration().
void seal(const SecretKey& key, Configuration& configuration);
void unseal(const SecretKey& key, Configuration& configuration);

// What the pool needs to run it. `layers` is null where there are none.
functions::SharedSpec make_spec(const Configuration& configuration, functions::CodeLease code,
                                functions::CodeLease layers);
// Environments are shared by what has the same identity.
std::string identity_of(const Configuration& configuration);

// "2026-05-01T12:00:00.123+0000"
std::string lambda_time(WallMillis time);

}  // namespace pawl::lambda
