#include "services/lambda/configuration.h"

#include <fmt/format.h>

#include <array>

#include "base/utc_text.h"
#include "functions/log_store.h"
#include "services/lambda/fields.h"

namespace pawl::lambda {
namespace {

using json::Node;

// Shown as given; defaults as AWS fills them in.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kDefaults = {{
    {"TracingConfig", R"({"Mode":"PassThrough"})"},
    {"SnapStart", R"({"ApplyOn":"None","OptimizationStatus":"Off"})"},
    {"VpcConfig", ""},
}};
constexpr std::string_view kEnvironmentLost =
    "Lambda was unable to decrypt your environment variables because the key that they were "
    "encrypted with is not there.";
constexpr std::array<std::string_view, 2> kShownAsGiven = {"DeadLetterConfig", "KMSKeyArn"};

std::string logging_text(const Configuration& configuration, Node given) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("LogFormat").string(text_member(given, "LogFormat").value_or("Text"));
  for (const char* level : {"ApplicationLogLevel", "SystemLogLevel"}) {
    if (const auto value = text_member(given, level)) out.key(level).string(*value);
  }
  const std::string group = "/aws/lambda/" + configuration.function.name;
  out.key("LogGroup").string(text_member(given, "LogGroup").value_or(group)).end_object();
  return text;
}

std::string vpc_text(Node given) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const char* name : {"SubnetIds", "SecurityGroupIds"}) {
    const Node* list = member(given, name);
    out.key(name).raw(list == nullptr ? "[]" : json::print(*list));
  }
  out.key("VpcId").string("").key("Ipv6AllowedForDualStack");
  out.boolean(true_member(given, "Ipv6AllowedForDualStack")).end_object();
  return text;
}

void apply_others(Node input, Configuration& configuration) {
  auto& others = configuration.others;
  for (const std::string_view name : kShownAsGiven) {
    if (const Node* given = member(input, name)) others[std::string(name)] = json::print(*given);
  }
  if (const Node* tracing = member(input, "TracingConfig")) {
    others["TracingConfig"] = json::print(*tracing);
  }
  if (const Node* vpc = member(input, "VpcConfig")) others["VpcConfig"] = vpc_text(*vpc);
  if (const Node* snap = member(input, "SnapStart")) {
    others["SnapStart"] = fmt::format(R"({{"ApplyOn":"{}","OptimizationStatus":"Off"}})",
                                      text_member(*snap, "ApplyOn").value_or("None"));
  }
  if (const Node* logging = member(input, "LoggingConfig")) {
    others["LoggingConfig"] = logging_text(configuration, *logging);
  }
}

void write_variables(json::Writer& out, const Configuration& configuration) {
  out.begin_object();
  for (const auto& [name, value] : configuration.environment) out.key(name).string(value);
  out.end_object();
}

void write_environment(json::Writer& out, const Configuration& configuration) {
  if (configuration.environment_lost) {
    out.key("Environment").begin_object().key("Error").begin_object();
    out.key("ErrorCode").string("KMSAccessDeniedException");
    out.key("Message").string(kEnvironmentLost).end_object().end_object();
  } else if (!configuration.environment.empty()) {
    out.key("Environment").begin_object().key("Variables");
    write_variables(out, configuration);
    out.end_object();
  }
}

void write_layers(json::Writer& out, const Configuration& configuration) {
  if (configuration.layers.empty()) return;
  out.key("Layers").begin_array();
  for (const LayerUse& layer : configuration.layers) {
    out.begin_object().key("Arn").string(layer.arn);
    out.key("CodeSize").integer(layer.code_bytes).end_object();
  }
  out.end_array();
}

void read_layers(Node record, Configuration& configuration) {
  const Node* layers = member(record, "LayerCode");
  if (layers == nullptr) return;
  for (const Node& layer : *layers) {
    configuration.layers.push_back({text_member(layer, "Arn").value_or(""),
                                    text_member(layer, "Code").value_or(""),
                                    integer_member(layer, "CodeSize").value_or(0)});
  }
}

void write_others(json::Writer& out, const Configuration& configuration) {
  for (const auto& [name, fallback] : kDefaults) {
    const auto found = configuration.others.find(std::string(name));
    const std::string_view text =
        found == configuration.others.end() ? fallback : std::string_view(found->second);
    if (!text.empty()) out.key(name).raw(text);
  }
  for (const std::string_view name : kShownAsGiven) {
    const auto found = configuration.others.find(std::string(name));
    if (found != configuration.others.end()) out.key(name).raw(found->second);
  }
  const auto logging = configuration.others.find("LoggingConfig");
  out.key("LoggingConfig")
      .raw(logging == configuration.others.end() ? logging_text(configuration, Node())
                                                 : logging->second);
}

// Everything that belongs to the version itself.
void write_members(json::Writer& out, const Configuration& configuration) {
  out.key("Runtime").string(configuration.runtime);
  out.key("Role").string(configuration.role);
  out.key("Handler").string(configuration.handler);
  out.key("CodeSize").integer(configuration.code_bytes);
  out.key("Description").string(configuration.description);
  out.key("Timeout").integer(configuration.timeout_seconds);
  out.key("MemorySize").integer(configuration.memory_mb);
  out.key("CodeSha256").string(configuration.code_sha256_base64);
  out.key("Version").string(configuration.version);
  out.key("RevisionId").string(configuration.revision_id);
  out.key("Architectures").begin_array().string(configuration.architecture).end_array();
  out.key("EphemeralStorage").begin_object().key("Size").integer(configuration.tmp_mb).end_object();
}

}  // namespace

void apply_code(const functions::StoredCode& code, Configuration& configuration) {
  configuration.code_sha256 = code.sha256;
  configuration.code_sha256_base64 = code.sha256_base64;
  configuration.code_bytes = static_cast<std::int64_t>(code.zip_bytes);
}

void apply_input(Node input, Configuration& configuration) {
  const auto set_text = [&](const char* name, std::string& target) {
    if (auto text = text_member(input, name)) target = std::move(*text);
  };
  const auto set_integer = [&](const char* name, std::int64_t& target) {
    if (const auto value = integer_member(input, name)) target = *value;
  };
  set_text("Runtime", configuration.runtime);
  set_text("Role", configuration.role);
  set_text("Handler", configuration.handler);
  set_text("Description", configuration.description);
  set_integer("Timeout", configuration.timeout_seconds);
  set_integer("MemorySize", configuration.memory_mb);
  if (const Node* storage = member(input, "EphemeralStorage")) {
    configuration.tmp_mb = integer_member(*storage, "Size").value_or(configuration.tmp_mb);
  }
  if (const Node* architectures = member(input, "Architectures");
      architectures != nullptr && architectures->size() > 0 && architectures->at(0).is_string()) {
    configuration.architecture = architectures->at(0).string();
  }
  if (const Node* environment = member(input, "Environment")) {
    configuration.environment = text_map(*environment, "Variables");
  }
  apply_others(input, configuration);
}

void write_configuration(json::Writer& out, const Configuration& configuration,
                         std::string_view qualifier) {
  FunctionName shown = configuration.function;
  shown.qualifier = qualifier;
  out.begin_object();
  out.key("FunctionName").string(shown.name);
  out.key("FunctionArn").string(shown.qualified_arn());
  write_members(out, configuration);
  write_environment(out, configuration);
  write_layers(out, configuration);
  out.key("LastModified").string(lambda_time(configuration.last_modified));
  out.key("State").string("Active");
  out.key("LastUpdateStatus").string("Successful");
  out.key("PackageType").string("Zip");
  write_others(out, configuration);
  out.key("RuntimeVersionConfig").begin_object().key("RuntimeVersionArn");
  out.string(fmt::format("arn:aws:lambda:{}::runtime:{}", shown.region, configuration.runtime));
  out.end_object().end_object();
}

std::string configuration_text(const Configuration& configuration, std::string_view qualifier) {
  std::string text;
  json::Writer out(text);
  write_configuration(out, configuration, qualifier);
  return text;
}

std::string encode(const Configuration& configuration) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("Account").string(configuration.function.account);
  out.key("Region").string(configuration.function.region);
  out.key("Name").string(configuration.function.name);
  write_members(out, configuration);
  out.key("SealedEnvironment").string(configuration.sealed_environment);
  out.key("LayerCode").begin_array();
  for (const LayerUse& layer : configuration.layers) {
    out.begin_object().key("Arn").string(layer.arn).key("Code").string(layer.code_sha256);
    out.key("CodeSize").integer(layer.code_bytes).end_object();
  }
  out.end_array();
  out.key("Code").string(configuration.code_sha256);
  out.key("ModifiedAt").integer(configuration.last_modified);
  out.key("Others").begin_object();
  for (const auto& [name, value] : configuration.others) out.key(name).raw(value);
  out.end_object().end_object();
  return text;
}

Configuration decode_configuration(std::string_view record) {
  const json::Value value = json::Value::trusted(std::string(record));
  const Node root = value.root();
  Configuration configuration;
  const auto text = [&](const char* name) { return text_member(root, name).value_or(""); };
  configuration.function = {text("Account"), text("Region"), text("Name"), {}};
  apply_input(root, configuration);
  configuration.version = text("Version");
  configuration.code_sha256 = text("Code");
  configuration.sealed_environment = text("SealedEnvironment");
  read_layers(root, configuration);
  configuration.code_sha256_base64 = text("CodeSha256");
  configuration.code_bytes = integer_member(root, "CodeSize").value_or(0);
  configuration.last_modified = integer_member(root, "ModifiedAt").value_or(0);
  configuration.revision_id = text("RevisionId");
  if (const Node* others = member(root, "Others")) {
    for (const json::Member& each : others->members()) {
      configuration.others[std::string(each.key.string())] = json::print(each.value);
    }
  }
  return configuration;
}

std::string identity_of(const Configuration& configuration) {
  return configuration.function.arn() + ":" + configuration.version + "#" +
         configuration.revision_id;
}

// What the key is used for here.
constexpr std::string_view kVariables = "variables";

void seal(const SecretKey& key, Configuration& configuration) {
  configuration.sealed_environment.clear();
  configuration.environment_lost = false;
  if (configuration.environment.empty()) return;
  std::string text;
  json::Writer out(text);
  write_variables(out, configuration);
  configuration.sealed_environment = key.encrypt(kVariables, text, configuration.function.arn());
}

void unseal(const SecretKey& key, Configuration& configuration) {
  if (configuration.sealed_environment.empty()) return;
  const auto text =
      key.decrypt(kVariables, configuration.sealed_environment, configuration.function.arn());
  const auto parsed = json::Value::parse(text.value_or(""));
  configuration.environment_lost = !parsed.ok();
  configuration.environment.clear();
  if (!parsed.ok()) return;
  for (const json::Member& each : parsed->root().members()) {
    configuration.environment.emplace_back(each.key.string(), each.value.string());
  }
}

functions::SharedSpec make_spec(const Configuration& configuration, functions::CodeLease code,
                                functions::CodeLease layers) {
  auto spec = std::make_shared<functions::FunctionSpec>();
  spec->identity = identity_of(configuration);
  spec->arn = configuration.function.arn();
  spec->name = configuration.function.name;
  spec->version = configuration.version;
  spec->account = configuration.function.account;
  spec->region = configuration.function.region;
  spec->runtime = configuration.runtime;
  spec->handler = configuration.handler;
  spec->code_directory = *code;
  if (layers) spec->layers_directory = *layers;
  using Leases = std::pair<functions::CodeLease, functions::CodeLease>;
  spec->code_lease = std::make_shared<const Leases>(std::move(code), std::move(layers));
  spec->environment = configuration.environment;
  spec->timeout_seconds = static_cast<int>(configuration.timeout_seconds);
  spec->memory_mb = static_cast<int>(configuration.memory_mb);
  spec->tmp_mb = static_cast<int>(configuration.tmp_mb);
  spec->role = configuration.role;
  spec->log_group = "/aws/lambda/" + configuration.function.name;
  return spec;
}

std::string lambda_time(WallMillis time) {
  std::string text = iso_time_millis(time);
  text.replace(text.size() - 1, 1, "+0000");
  return text;
}

}  // namespace pawl::lambda
