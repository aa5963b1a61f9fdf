#include "services/codepipeline/records.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/execution_id.h"

namespace pawl::codepipeline {

namespace {

using json::Node;
using json::Writer;

constexpr std::int64_t kLastNumber = 9'999'999'999;

void write_flag(Writer& out, std::string_view name, bool value) {
  if (value) out.key(name).boolean(true);
}

void write_texts(Writer& out, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out.key(name).begin_array();
  for (const std::string& text : texts) out.string(text);
  out.end_array();
}

template <class T, class Write>
void write_list(Writer& out, std::string_view name, const std::vector<T>& list, Write write) {
  if (list.empty()) return;
  out.key(name).begin_array();
  for (const T& each : list) {
    out.begin_object();
    write(out, each);
    out.end_object();
  }
  out.end_array();
}

template <class T, class Read>
std::vector<T> read_list(Node node, std::string_view name, Read read) {
  std::vector<T> list;
  if (const Node* found = node_in(node, name)) {
    for (const Node& each : *found) list.push_back(read(each));
  }
  return list;
}

void write_artifact(Writer& out, const Artifact& artifact) {
  out.key("name").string(artifact.name).key("bucket").string(artifact.bucket);
  out.key("key").string(artifact.object_key);
  write_text(out, "revision", artifact.revision);
}

Artifact read_artifact(Node node) {
  return {text_in(node, "name"), text_in(node, "bucket"), text_in(node, "key"),
          text_in(node, "revision")};
}

void write_revision(Writer& out, const Revision& revision) {
  if (revision.id.empty()) return;
  out.key("revision").begin_object().key("id").string(revision.id);
  write_text(out, "change", revision.change_id);
  write_text(out, "summary", revision.summary);
  write_text(out, "url", revision.url);
  write_integer(out, "created", revision.created);
  out.end_object();
}

Revision read_revision(Node run) {
  const Node* node = node_in(run, "revision");
  if (node == nullptr) return {};
  return {text_in(*node, "id"), text_in(*node, "change"), text_in(*node, "summary"),
          text_in(*node, "url"), integer_in(*node, "created")};
}

void write_job(Writer& out, const Job& job) {
  if (job.id.empty()) return;
  out.key("job").begin_object().key("id").string(job.id).key("status").string(job.status);
  write_text(out, "nonce", job.nonce);
  write_text(out, "token", job.continuation_token);
  write_integer(out, "due", job.due);
  write_integer(out, "deadline", job.deadline);
  out.end_object();
}

Job read_job(Node run) {
  const Node* node = node_in(run, "job");
  if (node == nullptr) return {};
  return {text_in(*node, "id"),    text_in(*node, "nonce"),  text_in(*node, "status"),
          text_in(*node, "token"), integer_in(*node, "due"), integer_in(*node, "deadline")};
}

void write_run(Writer& out, const ActionRun& run) {
  out.key("id").string(run.id).key("stage").string(run.stage).key("action").string(run.action);
  out.key("status").string(run.status).key("started").integer(run.started);
  out.key("updated").integer(run.updated).key("percent").integer(run.percent);
  write_flag(out, "retried", run.is_retried);
  write_text(out, "by", run.updated_by);
  write_text(out, "summary", run.summary);
  write_text(out, "externalId", run.external_id);
  write_text(out, "externalUrl", run.external_url);
  write_text(out, "code", run.error_code);
  write_text(out, "message", run.error_message);
  write_text(out, "token", run.token);
  write_revision(out, run.revision);
  write_list(out, "inputs", run.inputs, write_artifact);
  write_list(out, "outputs", run.outputs, write_artifact);
  write_map(out, "configuration", run.configuration);
  write_map(out, "variables", run.variables);
  write_job(out, run.job);
  write_texts(out, "oldJobs", run.old_jobs);
  write_map(out, "data", run.data);
}

ActionRun read_run(Node node) {
  ActionRun run;
  run.id = text_in(node, "id");
  run.stage = text_in(node, "stage");
  run.action = text_in(node, "action");
  run.status = text_in(node, "status");
  run.started = integer_in(node, "started");
  run.updated = integer_in(node, "updated");
  run.percent = static_cast<int>(integer_in(node, "percent", -1));
  run.is_retried = flag_in(node, "retried");
  run.updated_by = text_in(node, "by");
  run.summary = text_in(node, "summary");
  run.external_id = text_in(node, "externalId");
  run.external_url = text_in(node, "externalUrl");
  run.error_code = text_in(node, "code");
  run.error_message = text_in(node, "message");
  run.token = text_in(node, "token");
  run.revision = read_revision(node);
  run.inputs = read_list<Artifact>(node, "inputs", read_artifact);
  run.outputs = read_list<Artifact>(node, "outputs", read_artifact);
  run.configuration = text_map_in(node, "configuration");
  run.variables = text_map_in(node, "variables");
  run.job = read_job(node);
  run.old_jobs = texts_in(node, "oldJobs");
  run.data = text_map_in(node, "data");
  return run;
}

ExecutionMode mode_named(std::string_view name) {
  if (name == "QUEUED") return ExecutionMode::kQueued;
  return name == "PARALLEL" ? ExecutionMode::kParallel : ExecutionMode::kSuperseded;
}

}  // namespace

std::string pipeline_key(const runtime::Principal& principal, std::string_view name) {
  return principal.account + "/" + principal.region + "/" + std::string(name);
}

std::string type_key(const runtime::Principal& principal, const ActionTypeId& type) {
  return fmt::format("{}/{}/{}/{}/{}", principal.account, principal.region, type.category,
                     type.provider, type.version);
}

std::string seen_key(std::string_view pipeline, std::string_view stage, const Action& action) {
  std::string key = fmt::format("{}#{}/{}", pipeline, stage, action.name);
  for (const char* name : {"RepositoryName", "BranchName", "S3Bucket", "S3ObjectKey"}) {
    if (const auto found = action.configuration.find(name); found != action.configuration.end()) {
      key += "#" + found->second;
    }
  }
  return key;
}

std::string execution_row(std::string_view pipeline, std::int64_t number) {
  return fmt::format("{}#{:010}", pipeline, kLastNumber - number);
}

std::string PipelineRecord::key() const { return pipeline_key(principal(), name); }

std::string PipelineRecord::arn() const {
  return fmt::format("arn:{}:codepipeline:{}:{}:{}", runtime::partition_of(region), region, account,
                     name);
}

runtime::Principal PipelineRecord::principal() const {
  return {.account = account, .region = region, .access_key = {}};
}

bool PipelineRecord::may_enter(const Declaration& declared, std::size_t stage) const {
  const auto is_enabled = [this](std::string_view side, const std::string& side_of) {
    const auto found = transitions.find(std::string(side) + "/" + side_of);
    return found == transitions.end() || found->second.is_enabled;
  };
  if (!is_enabled("Inbound", declared.stages[stage].name)) return false;
  return stage == 0 || is_enabled("Outbound", declared.stages[stage - 1].name);
}

std::string PipelineRecord::to_json() const {
  std::string text;
  Writer out(text);
  out.begin_object().key("account").string(account).key("region").string(region);
  out.key("name").string(name).key("version").integer(version).key("started").integer(started);
  out.key("created").integer(created).key("updated").integer(updated);
  out.key("declaration").raw(declaration);
  write_map(out, "tags", tags);
  write_map(out, "latest", latest);
  out.key("transitions").begin_object();
  for (const auto& [stage, transition] : transitions) {
    out.key(stage).begin_object();
    write_text(out, "reason", transition.reason);
    write_text(out, "by", transition.by);
    out.key("at").integer(transition.at).key("enabled").boolean(transition.is_enabled);
    out.end_object();
  }
  out.end_object().end_object();
  return text;
}

PipelineRecord PipelineRecord::from_json(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node node = value.root();
  PipelineRecord pipeline;
  pipeline.account = text_in(node, "account");
  pipeline.region = text_in(node, "region");
  pipeline.name = text_in(node, "name");
  pipeline.version = integer_in(node, "version");
  pipeline.started = integer_in(node, "started");
  pipeline.created = integer_in(node, "created");
  pipeline.updated = integer_in(node, "updated");
  pipeline.declaration = json::print(*node.find("declaration"));
  pipeline.tags = text_map_in(node, "tags");
  pipeline.latest = text_map_in(node, "latest");
  if (const Node* transitions = node_in(node, "transitions")) {
    for (const json::Member& each : transitions->members()) {
      pipeline.transitions[std::string(each.key.string())] = {
          text_in(each.value, "reason"), text_in(each.value, "by"), integer_in(each.value, "at"),
          flag_in(each.value, "enabled")};
    }
  }
  return pipeline;
}

bool ExecutionRecord::is_entered() const {
  return stage < stages.size() && !stages[stage].status.empty();
}

const ActionRun* ExecutionRecord::current(std::string_view stage_name,
                                          std::string_view action) const {
  for (auto each = actions.rbegin(); each != actions.rend(); ++each) {
    if (each->stage == stage_name && each->action == action && !each->is_retried) return &*each;
  }
  return nullptr;
}

ActionRun* ExecutionRecord::find_run(std::string_view run_id) {
  for (ActionRun& each : actions) {
    if (each.id == run_id) return &each;
  }
  return nullptr;
}

const ActionRun* ExecutionRecord::find_run(std::string_view run_id) const {
  for (const ActionRun& each : actions) {
    if (each.id == run_id) return &each;
  }
  return nullptr;
}

const Artifact* ExecutionRecord::artifact(std::string_view name) const {
  for (auto each = actions.rbegin(); each != actions.rend(); ++each) {
    if (each->status != "Succeeded") continue;
    for (const Artifact& output : each->outputs) {
      if (output.name == name) return &output;
    }
  }
  return nullptr;
}

std::string ExecutionRecord::to_json() const {
  std::string text;
  Writer out(text);
  out.begin_object().key("id").string(id).key("number").integer(number);
  out.key("version").integer(version).key("mode").string(name_of(mode));
  out.key("status").string(status);
  write_text(out, "summary", status_summary);
  write_text(out, "trigger", trigger_type);
  write_text(out, "triggerDetail", trigger_detail);
  out.key("started").integer(started).key("updated").integer(updated);
  write_text(out, "token", token);
  write_text(out, "stopReason", stop_reason);
  write_flag(out, "stopping", is_stopping);
  write_map(out, "variables", variables);
  write_list(out, "overrides", overrides, [](Writer& to, const SourceOverride& each) {
    to.key("action").string(each.action).key("type").string(each.type);
    to.key("value").string(each.value);
  });
  out.key("stage").integer(static_cast<std::int64_t>(stage));
  write_integer(out, "waitsSince", waits_since);
  write_list(out, "stages", stages, [](Writer& to, const StageRun& each) {
    write_text(to, "status", each.status);
    write_integer(to, "automatic", each.automatic_retries);
    write_integer(to, "retries", each.retries);
  });
  write_list(out, "actions", actions, write_run);
  out.key("run").integer(run).key("step").integer(step);
  write_texts(out, "stepActions", step_actions);
  out.end_object();
  return text;
}

ExecutionRecord ExecutionRecord::from_json(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node node = value.root();
  ExecutionRecord execution;
  execution.id = text_in(node, "id");
  execution.number = integer_in(node, "number");
  execution.version = integer_in(node, "version");
  execution.mode = mode_named(text_in(node, "mode"));
  execution.status = text_in(node, "status");
  execution.status_summary = text_in(node, "summary");
  execution.trigger_type = text_in(node, "trigger");
  execution.trigger_detail = text_in(node, "triggerDetail");
  execution.started = integer_in(node, "started");
  execution.updated = integer_in(node, "updated");
  execution.token = text_in(node, "token");
  execution.stop_reason = text_in(node, "stopReason");
  execution.is_stopping = flag_in(node, "stopping");
  execution.variables = text_map_in(node, "variables");
  execution.overrides = read_list<SourceOverride>(node, "overrides", [](Node each) {
    return SourceOverride{text_in(each, "action"), text_in(each, "type"), text_in(each, "value")};
  });
  execution.stage = static_cast<std::size_t>(integer_in(node, "stage"));
  execution.waits_since = integer_in(node, "waitsSince");
  execution.stages = read_list<StageRun>(node, "stages", [](Node each) {
    return StageRun{text_in(each, "status"), static_cast<int>(integer_in(each, "automatic")),
                    static_cast<int>(integer_in(each, "retries"))};
  });
  execution.actions = read_list<ActionRun>(node, "actions", read_run);
  execution.run = integer_in(node, "run");
  execution.step = integer_in(node, "step");
  execution.step_actions = texts_in(node, "stepActions");
  return execution;
}

Rows with_prefix(const View& view, std::string_view table, const std::string& prefix) {
  Rows rows;
  const auto& records = view.table(table);
  for (auto at = records.lower_bound(prefix); at != records.end(); ++at) {
    if (!at->first.starts_with(prefix)) break;
    rows.emplace_back(at->first, at->second);
  }
  return rows;
}

Rows with_prefix(const runtime::Catalog& catalog, std::string_view table, const std::string& prefix,
                 std::string after, std::size_t limit) {
  constexpr std::size_t kPage = 256;
  // What is listed stands behind `after`: the prefix itself is no record's key.
  if (after.empty()) after = prefix;
  Rows rows;
  while (rows.size() < limit) {
    Rows page = catalog.list(table, after, std::min(kPage, limit - rows.size()));
    if (page.empty()) return rows;
    for (auto& row : page) {
      if (!row.first.starts_with(prefix)) return rows;
      after = row.first;
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace pawl::codepipeline
