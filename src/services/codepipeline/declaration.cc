#include "services/codepipeline/declaration.h"

#include <algorithm>
#include <set>

#include "base/ascii.h"

namespace pawl::codepipeline {

namespace {

using json::Node;

Result<std::string, ServiceError> required(Node node, std::string_view name,
                                           std::string_view where) {
  std::string text = text_in(node, name);
  if (!text.empty()) return text;
  return Err{missing(std::string(where) + "." + std::string(name))};
}

std::vector<std::string> names_in(Node node, std::string_view member) {
  std::vector<std::string> names;
  const Node* list = node_in(node, member);
  if (list == nullptr) return names;
  for (const Node& each : *list) names.push_back(text_in(each, "name"));
  return names;
}

// The scalars of a configuration as texts: templates write numbers and booleans too.
TextMap read_configuration(Node action) {
  TextMap configuration;
  const Node* found = node_in(action, "configuration");
  if (found == nullptr) return configuration;
  for (const json::Member& member : found->members()) {
    std::string& value = configuration[std::string(member.key.string())];
    value =
        member.value.is_string() ? std::string(member.value.string()) : json::print(member.value);
  }
  return configuration;
}

// Templates have versions and numbers in either form.
std::string loose_text(Node node, std::string_view name) {
  const Node* found = node_in(node, name);
  if (found != nullptr && found->is_number()) return std::string(found->number_text());
  return text_in(node, name);
}

int whole_number(Node node, std::string_view name, int fallback) {
  const std::string text = loose_text(node, name);
  if (text.empty() || text.size() > 6) return fallback;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); }) ? std::stoi(text)
                                                                                   : fallback;
}

ArtifactStore read_store(Node node) {
  ArtifactStore store{text_in(node, "location"), {}, {}};
  if (const Node* key = node_in(node, "encryptionKey")) {
    store.encryption_key_id = text_in(*key, "id");
    store.encryption_key_type = text_in(*key, "type");
  }
  return store;
}

Result<Action, ServiceError> read_action(Node node, const std::string& where) {
  Action action;
  action.name = TRY(required(node, "name", where));
  const Node* type = node_in(node, "actionTypeId");
  if (type == nullptr || !type->is_object()) return Err{missing(where + ".actionTypeId")};
  action.type = read_type(*type);
  action.run_order = whole_number(node, "runOrder", 1);
  action.configuration = read_configuration(node);
  action.inputs = names_in(node, "inputArtifacts");
  action.outputs = names_in(node, "outputArtifacts");
  action.role_arn = text_in(node, "roleArn");
  action.region = text_in(node, "region");
  action.name_space = text_in(node, "namespace");
  action.timeout_minutes = whole_number(node, "timeoutInMinutes", 0);
  return action;
}

Result<Stage, ServiceError> read_stage(Node node, const std::string& where) {
  Stage stage;
  stage.name = TRY(required(node, "name", where));
  const Node* actions = node_in(node, "actions");
  if (actions == nullptr || !actions->is_array()) return Err{missing(where + ".actions")};
  for (const Node& each : *actions) {
    stage.actions.push_back(TRY(read_action(
        each, where + ".actions." + std::to_string(stage.actions.size() + 1) + ".member")));
  }
  if (const Node* failure = node_in(node, "onFailure");
      failure != nullptr && text_in(*failure, "result") == "RETRY") {
    const Node* retry = node_in(*failure, "retryConfiguration");
    const bool all = retry != nullptr && text_in(*retry, "retryMode") == "ALL_ACTIONS";
    stage.retry_on_failure = all ? RetryMode::kAllActions : RetryMode::kFailedActions;
  }
  return stage;
}

Result<ExecutionMode, ServiceError> read_mode(Node pipeline) {
  const std::string mode = text_in(pipeline, "executionMode");
  if (mode.empty() || mode == "SUPERSEDED") return ExecutionMode::kSuperseded;
  if (mode == "QUEUED") return ExecutionMode::kQueued;
  if (mode == "PARALLEL") return ExecutionMode::kParallel;
  return Err{validation_error("1 validation error detected: Value '" + mode +
                              "' at 'pipeline.executionMode' failed to satisfy constraint: Member "
                              "must satisfy enum value set: [QUEUED, SUPERSEDED, PARALLEL]")};
}

void write_names(json::Writer& out, Node action, std::string_view member) {
  out.key(member);
  const Node* list = node_in(action, member);
  list != nullptr ? out.node(*list) : out.begin_array().end_array();
}

void write_action(json::Writer& out, Node action) {
  const Action read = read_action(action, "").value();
  out.begin_object().key("name").string(read.name);
  write_type(out, "actionTypeId", read.type);
  out.key("runOrder").integer(read.run_order);
  out.key("configuration").begin_object();
  for (const auto& [name, value] : read.configuration) out.key(name).string(value);
  out.end_object();
  write_names(out, action, "outputArtifacts");
  write_names(out, action, "inputArtifacts");
  for (const std::string_view member :
       {"roleArn", "region", "namespace", "commands", "outputVariables", "environmentVariables"}) {
    if (const Node* found = node_in(action, member)) out.key(member).node(*found);
  }
  write_integer(out, "timeoutInMinutes", read.timeout_minutes);
  out.end_object();
}

}  // namespace

const Action* Stage::find(std::string_view action) const {
  for (const Action& each : actions) {
    if (each.name == action) return &each;
  }
  return nullptr;
}

std::vector<int> Stage::run_orders() const {
  std::set<int> orders;
  for (const Action& action : actions) orders.insert(action.run_order);
  return {orders.begin(), orders.end()};
}

const Stage* Declaration::find(std::string_view stage) const {
  for (const Stage& each : stages) {
    if (each.name == stage) return &each;
  }
  return nullptr;
}

const ArtifactStore& Declaration::store_of(std::string_view region) const {
  if (const auto own = stores.find(""); own != stores.end()) return own->second;
  const auto found = stores.find(std::string(region));
  return found != stores.end() ? found->second : stores.begin()->second;
}

std::string_view name_of(ExecutionMode mode) {
  switch (mode) {
    case ExecutionMode::kSuperseded:
      return "SUPERSEDED";
    case ExecutionMode::kQueued:
      return "QUEUED";
    case ExecutionMode::kParallel:
      return "PARALLEL";
  }
  return "";
}

Result<Declaration, ServiceError> read_declaration(Node pipeline) {
  Declaration declaration;
  declaration.name = TRY(required(pipeline, "name", "pipeline"));
  declaration.role_arn = TRY(required(pipeline, "roleArn", "pipeline"));
  declaration.mode = TRY(read_mode(pipeline));
  if (std::string type = text_in(pipeline, "pipelineType"); !type.empty()) declaration.type = type;
  if (const Node* store = node_in(pipeline, "artifactStore")) {
    declaration.stores[""] = read_store(*store);
  }
  if (const Node* stores = node_in(pipeline, "artifactStores")) {
    for (const json::Member& each : stores->members()) {
      declaration.stores[std::string(each.key.string())] = read_store(each.value);
    }
  }
  const Node* stages = node_in(pipeline, "stages");
  if (stages == nullptr || !stages->is_array()) return Err{missing("pipeline.stages")};
  for (const Node& each : *stages) {
    declaration.stages.push_back(TRY(read_stage(
        each, "pipeline.stages." + std::to_string(declaration.stages.size() + 1) + ".member")));
  }
  if (const Node* variables = node_in(pipeline, "variables")) {
    for (const Node& each : *variables) {
      PipelineVariable variable{text_in(each, "name"), {}};
      if (node_in(each, "defaultValue")) variable.default_value = text_in(each, "defaultValue");
      declaration.variables.push_back(std::move(variable));
    }
  }
  return declaration;
}

Declaration trusted_declaration(std::string_view text) {
  const json::Value value = json::Value::trusted(std::string(text));
  return read_declaration(value.root()).value();
}

std::string shown_declaration(Node pipeline, std::int64_t version) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const std::string_view member : {"name", "roleArn", "artifactStore", "artifactStores"}) {
    if (const Node* found = node_in(pipeline, member)) out.key(member).node(*found);
  }
  out.key("stages").begin_array();
  for (const Node& stage : *node_in(pipeline, "stages")) {
    out.begin_object().key("name").string(text_in(stage, "name"));
    for (const std::string_view member : {"blockers", "onFailure", "onSuccess", "beforeEntry"}) {
      if (const Node* found = node_in(stage, member)) out.key(member).node(*found);
    }
    out.key("actions").begin_array();
    for (const Node& action : *node_in(stage, "actions")) write_action(out, action);
    out.end_array().end_object();
  }
  out.end_array().key("version").integer(version);
  const std::string mode = text_in(pipeline, "executionMode");
  const std::string type = text_in(pipeline, "pipelineType");
  out.key("executionMode").string(mode.empty() ? "SUPERSEDED" : mode);
  out.key("pipelineType").string(type.empty() ? "V1" : type);
  for (const std::string_view member : {"variables", "triggers"}) {
    if (const Node* found = node_in(pipeline, member)) out.key(member).node(*found);
  }
  out.end_object();
  return text;
}

void write_type(json::Writer& out, std::string_view member, const ActionTypeId& type) {
  out.key(member).begin_object().key("category").string(type.category);
  out.key("owner").string(type.owner).key("provider").string(type.provider);
  out.key("version").string(type.version).end_object();
}

ActionTypeId read_type(Node node) {
  return {text_in(node, "category"), text_in(node, "owner"), text_in(node, "provider"),
          loose_text(node, "version")};
}

}  // namespace pawl::codepipeline
