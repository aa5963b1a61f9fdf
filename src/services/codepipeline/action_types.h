// Types of actions: what each may be configured with, how many artifacts it takes and makes, and
// how it is run. Pawl's own are a file each under actions/; custom ones are records.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "services/codepipeline/declaration.h"
#include "services/codepipeline/records.h"

namespace pawl::codepipeline {

class Client;

// Not over yet: look again when something of the pipeline has changed, or at `until` (0: never).
struct Waiting {
  WallMillis until = 0;
};
struct Success {
  Revision revision{};  // of a source
  TextMap variables{};
  std::string summary{};
  std::string external_id{};
  std::string external_url{};
};
struct Failure {
  std::string code = "JobFailed";
  std::string message;
  std::string external_id{};
};
using Progress = std::variant<Waiting, Success, Failure>;

// What an action works with; references live for the call.
struct Work {
  const Client& client;  // calls services in the pipeline's account and region
  const Declaration& pipeline;
  const Action& action;
  const ExecutionRecord& execution;
  ActionRun& run;
  WallMillis now = 0;
  WallMillis poll_millis = 0;   // between two looks at what others do
  bool first_delivery = false;  // of this run in this process
  std::string endpoint{};       // of this server
  // Makes `run` as it is now durable.
  std::function<void()> save;

  std::string text(std::string_view name) const;  // of the configuration, variables resolved
  const Artifact* input() const;                  // the first
  const Artifact* input(std::string_view name) const;
  // The first output, as an archive of one file.
  Result<void, std::string> put_output(std::string_view path, std::string_view content) const;
};

struct Count {
  std::size_t min = 0;
  std::size_t max = 0;
};

struct Configuration {
  std::string name;
  bool is_required = false;
  bool is_key = false;
  bool is_secret = false;
  bool is_queryable = false;
  std::string type{};
  std::string description{};
};

struct ActionTypeInfo {
  ActionTypeId id;
  Count inputs;
  Count outputs;
  std::vector<Configuration> configuration;
  std::function<Progress(Work&)> perform;
  // Of a source: the newest revision there is; empty: none.
  std::function<std::string(const Client&, const Action&)> newest = nullptr;
};

// Pawl's own; nullptr: no such type.
const ActionTypeInfo* find_builtin(const ActionTypeId& id);
const std::vector<ActionTypeInfo>& builtin_types();

// A custom one's record, as CreateCustomActionType was given it.
ActionTypeInfo custom_type(json::Node declared);
void write_type_info(json::Writer& out, const ActionTypeInfo& info, json::Node settings);

ActionTypeInfo codecommit_source();
ActionTypeInfo s3_source();
ActionTypeInfo s3_deploy();
ActionTypeInfo lambda_invoke();
ActionTypeInfo stepfunctions_invoke();
ActionTypeInfo cloudformation_deploy();
ActionTypeInfo manual_approval();
Progress perform_custom(Work& work);

}  // namespace pawl::codepipeline
