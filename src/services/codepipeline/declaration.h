// A pipeline as its owner declares it (CodePipeline API reference, PipelineDeclaration).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/codepipeline/fields.h"

namespace pawl::codepipeline {

struct ActionTypeId {
  std::string category;
  std::string owner;
  std::string provider;
  std::string version;

  friend bool operator==(const ActionTypeId&, const ActionTypeId&) = default;
  friend auto operator<=>(const ActionTypeId&, const ActionTypeId&) = default;
};

struct ArtifactStore {
  std::string bucket;
  std::string encryption_key_id;
  std::string encryption_key_type;
};

struct Action {
  std::string name;
  ActionTypeId type;
  int run_order = 1;
  TextMap configuration;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::string role_arn;
  std::string region;
  std::string name_space;
  int timeout_minutes = 0;  // 0: the type's own
};

enum class RetryMode { kFailedActions, kAllActions };

struct Stage {
  std::string name;
  std::vector<Action> actions;
  // `onFailure: {result: RETRY}`: the stage is tried once more by itself.
  std::optional<RetryMode> retry_on_failure;

  const Action* find(std::string_view action) const;
  // The numbers that order its actions, each once, ascending.
  std::vector<int> run_orders() const;
};

enum class ExecutionMode { kSuperseded, kQueued, kParallel };
std::string_view name_of(ExecutionMode mode);

struct PipelineVariable {
  std::string name;
  std::optional<std::string> default_value;
};

struct Declaration {
  std::string name;
  std::string role_arn;
  std::map<std::string, ArtifactStore> stores;  // by region; "": the pipeline's own
  std::vector<Stage> stages;
  ExecutionMode mode = ExecutionMode::kSuperseded;
  std::string type = "V1";
  std::vector<PipelineVariable> variables;

  const Stage* find(std::string_view stage) const;
  const ArtifactStore& store_of(std::string_view region) const;
};

// The members' kinds are checked here, their sense in structure.h.
Result<Declaration, ServiceError> read_declaration(json::Node pipeline);
// For what was read before.
Declaration trusted_declaration(std::string_view text);

// The declaration as GetPipeline shows it: with its version and what was left out.
std::string shown_declaration(json::Node pipeline, std::int64_t version);

void write_type(json::Writer& out, std::string_view member, const ActionTypeId& type);
ActionTypeId read_type(json::Node node);

}  // namespace pawl::codepipeline
