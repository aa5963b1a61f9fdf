// What the catalog holds of pipelines, their executions and jobs. An execution is one record, with
// every run of every action of it: what is durable of it is always one consistent whole.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "runtime/catalog_rows.h"
#include "services/codepipeline/declaration.h"

namespace pawl::codepipeline {

using View = runtime::Catalog::View;
using Changes = std::vector<runtime::Catalog::Change>;
using Rows = runtime::CatalogRows;

inline constexpr std::string_view kPipelineTable = "pipelines";             // by key
inline constexpr std::string_view kVersionTable = "pipeline-versions";      // by "<key>#<version>"
inline constexpr std::string_view kExecutionTable = "pipeline-executions";  // newest first
inline constexpr std::string_view kIdTable = "pipeline-execution-ids";      // "<key>#<id>": its row
inline constexpr std::string_view kOpenTable = "pipeline-open";             // "<key>#<row>": its id
inline constexpr std::string_view kJobTable = "pipeline-jobs";  // by job id: "<key>\n<id>\n<run>"
inline constexpr std::string_view kSeenTable = "pipeline-sources";  // newest revision dealt with
inline constexpr std::string_view kTypeTable = "pipeline-action-types";  // custom ones

// "<account>/<region>/<name>"
std::string pipeline_key(const runtime::Principal& principal, std::string_view name);
std::string type_key(const runtime::Principal& principal, const ActionTypeId& type);
std::string seen_key(std::string_view pipeline, std::string_view stage, const Action& action);

struct Transition {
  std::string reason;
  std::string by;
  WallMillis at = 0;
  bool is_enabled = true;
};

struct PipelineRecord {
  std::string account;
  std::string region;
  std::string name;
  std::int64_t version = 1;
  std::int64_t started = 0;  // executions so far: numbers them
  WallMillis created = 0;
  WallMillis updated = 0;
  std::string declaration;  // JSON, as it is shown
  TextMap tags;
  std::map<std::string, Transition> transitions;  // "Inbound/<stage>", where one was ever set
  // Ids of the executions that came last: into "<stage>", and to "<stage>/<action>".
  TextMap latest;

  std::string key() const;
  std::string arn() const;
  runtime::Principal principal() const;
  bool may_enter(const Declaration& declared, std::size_t stage) const;
  std::string to_json() const;
  static PipelineRecord from_json(std::string_view record);
};

struct Revision {
  std::string id;
  std::string change_id;
  std::string summary;
  std::string url;
  WallMillis created = 0;
};

struct Artifact {
  std::string name;
  std::string bucket;
  std::string object_key;
  std::string revision;
};

// One piece of work for a function or a custom worker. "Created", "Dispatched", "InProgress".
struct Job {
  std::string id;
  std::string nonce;
  std::string status;
  std::string continuation_token;
  WallMillis due = 0;       // not handed out before
  WallMillis deadline = 0;  // of an answer, once it is handed out
};

struct ActionRun {
  std::string id;
  std::string stage;
  std::string action;
  std::string status = "InProgress";  // Succeeded, Failed, Abandoned
  WallMillis started = 0;
  WallMillis updated = 0;
  bool is_retried = false;  // another run stands for the action now
  std::string updated_by;
  std::string summary;
  std::string external_id;
  std::string external_url;
  std::string error_code;
  std::string error_message;
  int percent = -1;
  std::string token;  // of an approval
  Revision revision;
  std::vector<Artifact> inputs;
  std::vector<Artifact> outputs;
  TextMap configuration;  // variables resolved
  TextMap variables;      // that came out
  Job job;
  std::vector<std::string> old_jobs;
  TextMap data;  // the type's own notes of how far it is

  bool is_open() const { return status == "InProgress"; }
};

struct StageRun {
  std::string status;  // empty: not entered; InProgress, Succeeded, Failed, Stopping, Stopped
  int automatic_retries = 0;
  int retries = 0;
};

struct SourceOverride {
  std::string action;
  std::string type;
  std::string value;
};

struct ExecutionRecord {
  std::string id;
  std::int64_t number = 0;
  std::int64_t version = 1;
  ExecutionMode mode = ExecutionMode::kSuperseded;
  std::string status = "InProgress";
  std::string status_summary;
  std::string trigger_type;
  std::string trigger_detail;
  WallMillis started = 0;
  WallMillis updated = 0;
  std::string token;  // clientRequestToken
  std::string stop_reason;
  bool is_stopping = false;
  TextMap variables;
  std::vector<SourceOverride> overrides;
  std::size_t stage = 0;       // where it is, or waits to go in
  WallMillis waits_since = 0;  // for that stage; 0: does not
  std::vector<StageRun> stages;
  std::vector<ActionRun> actions;
  std::int64_t run = 0;   // of the workflow: retries make new ones
  std::int64_t step = 0;  // of the workflow's loop
  std::vector<std::string> step_actions;

  bool is_open() const { return status == "InProgress" || status == "Stopping"; }
  bool is_entered() const;
  // What stands for the action now; nullptr: it has not run.
  const ActionRun* current(std::string_view stage_name, std::string_view action) const;
  ActionRun* find_run(std::string_view run_id);
  const ActionRun* find_run(std::string_view run_id) const;
  // What the actions before have made under that name; nullptr: nothing.
  const Artifact* artifact(std::string_view name) const;

  std::string to_json() const;
  static ExecutionRecord from_json(std::string_view record);
};

// "<key>#<row>": rows are listed newest first.
std::string execution_row(std::string_view pipeline, std::int64_t number);

}  // namespace pawl::codepipeline
