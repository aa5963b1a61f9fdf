#include "services/lambda/layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "services/lambda/fields.h"
#include "services/lambda/service.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

constexpr std::size_t kLayersMax = 5;
constexpr std::int64_t kPageMax = 50;

struct LayerName {
  std::string account, region, name;
  std::string version;  // of a version's ARN

  std::string arn() const {
    return fmt::format("arn:aws:lambda:{}:{}:layer:{}", region, account, name);
  }
  std::string key() const { return account + "/" + region + "/" + name; }
};

// arn:aws:lambda:<region>:<account>:layer:<name>[:<version>]
std::optional<LayerName> parse_layer_arn(std::string_view arn) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t colon = arn.find(':');
    parts.emplace_back(arn.substr(0, colon));
    if (colon == std::string_view::npos) break;
    arn.remove_prefix(colon + 1);
  }
  const bool right = (parts.size() == 7 || parts.size() == 8) && parts[0] == "arn" &&
                     parts[2] == "lambda" && parts[5] == "layer";
  if (!right) return std::nullopt;
  return LayerName{parts[4], parts[3], parts[6], parts.size() == 8 ? parts[7] : ""};
}

Result<LayerName, ServiceError> layer_in(const runtime::Call& call) {
  const std::string text = TRY(required_text(call.input.root(), "LayerName"));
  if (auto name = parse_layer_arn(text)) return std::move(*name);
  return LayerName{call.principal.account, call.principal.region, text, {}};
}

std::string layer_key(const LayerName& name, std::string_view version) {
  return version_key(name.key(), version);
}

std::string encode(const LayerRecord& layer) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Arn").string(layer.arn).key("Version").integer(layer.version);
  out.key("Description").string(layer.description).key("License").string(layer.license);
  out.key("Runtimes").raw(layer.runtimes).key("Architectures").raw(layer.architectures);
  out.key("Code").string(layer.code_sha256).key("CodeSha256").string(layer.code_sha256_base64);
  out.key("CodeSize").integer(layer.code_bytes).key("Created").integer(layer.created).end_object();
  return text;
}

// What lists show of a version, and every other answer too.
void write_members(json::Writer& out, const LayerRecord& layer) {
  out.key("LayerVersionArn").string(layer.arn).key("Version").integer(layer.version);
  out.key("Description").string(layer.description);
  out.key("CreatedDate").string(lambda_time(layer.created));
  out.key("CompatibleRuntimes").raw(layer.runtimes);
  out.key("CompatibleArchitectures").raw(layer.architectures);
  if (!layer.license.empty()) out.key("LicenseInfo").string(layer.license);
}

Value shown(const LayerRecord& layer, std::string_view location) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Content").begin_object().key("Location").string(location);
  out.key("CodeSha256").string(layer.code_sha256_base64);
  out.key("CodeSize").integer(layer.code_bytes).end_object();
  out.key("LayerArn").string(layer.arn.substr(0, layer.arn.rfind(':')));
  write_members(out, layer);
  out.end_object();
  return Value::trusted(std::move(text));
}

std::string list_text(Node input, std::string_view name) {
  const Node* list = member(input, name);
  return list == nullptr ? "[]" : json::print(*list);
}

std::size_t page_size(Node input) {
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(integer_member(input, "MaxItems").value_or(kPageMax), 1, kPageMax));
}

ServiceError no_such_layer() {
  return resource_not_found("The resource you requested does not exist.");
}

ServiceError same_layer(const LayerUse& first, const LayerUse& second) {
  return invalid_parameter(fmt::format(
      "Two different versions of the same layer are not allowed to be referenced in the "
      "same function. {} and {} are versions of the same layer.",
      first.arn, second.arn));
}

}  // namespace

LayerRecord decode_layer(std::string_view record) {
  const Value value = Value::trusted(std::string(record));
  const Node root = value.root();
  const auto text = [&](const char* name) { return text_member(root, name).value_or(""); };
  const auto number = [&](const char* name) { return integer_member(root, name).value_or(0); };
  return {.arn = text("Arn"),
          .version = number("Version"),
          .description = text("Description"),
          .license = text("License"),
          .runtimes = list_text(root, "Runtimes"),
          .architectures = list_text(root, "Architectures"),
          .code_sha256 = text("Code"),
          .code_sha256_base64 = text("CodeSha256"),
          .code_bytes = number("CodeSize"),
          .created = number("Created")};
}

Result<void, ServiceError> use_layers(const runtime::Catalog::View& view, Node input,
                                      Configuration& configuration) {
  const Node* wanted = member(input, "Layers");
  if (wanted == nullptr) return {};
  if (wanted->size() > kLayersMax) {
    return Err{invalid_parameter(fmt::format("Cannot reference more than {} layers.", kLayersMax))};
  }
  std::vector<LayerUse> layers;
  for (const Node& each : *wanted) {
    const std::string arn = each.is_string() ? std::string(each.string()) : std::string();
    const auto name = parse_layer_arn(arn);
    const std::string* record = name && is_version_number(name->version)
                                    ? view.find(kLayerTable, layer_key(*name, name->version))
                                    : nullptr;
    if (record == nullptr) {
      return Err{invalid_parameter(fmt::format("Layer version {} does not exist.", arn))};
    }
    const LayerRecord layer = decode_layer(*record);
    LayerUse use{layer.arn, layer.code_sha256, layer.code_bytes};
    for (const LayerUse& other : layers) {
      if (parse_layer_arn(other.arn)->key() == name->key()) return Err{same_layer(other, use)};
    }
    layers.push_back(std::move(use));
  }
  configuration.layers = std::move(layers);
  return {};
}

void Service::publish_layer_version(const Call& call, const Reply& reply) {
  const auto name = layer_in(call);
  if (!name.ok()) return reply(Err{name.error()});
  const Node* content = member(call.input.root(), "Content");
  if (content == nullptr) {
    return reply(Err{invalid_parameter("Please provide a source for layer content.")});
  }
  with_package(reply, call, *content,
               [this, call, name = *name, reply](const functions::StoredCode& stored) {
                 transact(reply, [this, call, name, stored](const View& view, Update& update) {
                   const Node input = call.input.root();
                   const std::string* count = view.find(kLayerCountTable, name.key());
                   LayerRecord layer;
                   layer.version = count == nullptr ? 1 : std::stoll(*count) + 1;
                   layer.arn = fmt::format("{}:{}", name.arn(), layer.version);
                   layer.description = text_member(input, "Description").value_or("");
                   layer.license = text_member(input, "LicenseInfo").value_or("");
                   layer.runtimes = list_text(input, "CompatibleRuntimes");
                   layer.architectures = list_text(input, "CompatibleArchitectures");
                   layer.code_sha256 = stored.sha256;
                   layer.code_sha256_base64 = stored.sha256_base64;
                   layer.code_bytes = static_cast<std::int64_t>(stored.zip_bytes);
                   layer.created = clock_.wall_now();
                   const std::string number = std::to_string(layer.version);
                   update.changes.push_back({std::string(kLayerCountTable), name.key(), number});
                   update.changes.push_back(
                       {std::string(kLayerTable), layer_key(name, number), encode(layer)});
                   return OperationResult(shown(layer, download_url(layer.code_sha256)));
                 });
               });
}

void Service::delete_layer_version(const Call& call, const Reply& reply) {
  const auto name = layer_in(call);
  if (!name.ok()) return reply(Err{name.error()});
  const auto version = integer_member(call.input.root(), "VersionNumber").value_or(0);
  transact(reply, [this, name = *name, version](const View&, Update& update) {
    // One that is not there is deleted already. Its package may go.
    update.changes.push_back(
        {std::string(kLayerTable), layer_key(name, std::to_string(version)), std::nullopt});
    work_.post([this] { collect_code(); });
    return OperationResult(Value::trusted("{}"));
  });
}

runtime::OperationResult Service::get_layer_version(const Call& call) {
  const LayerName name = TRY(layer_in(call));
  const auto version = integer_member(call.input.root(), "VersionNumber").value_or(0);
  const auto record =
      Reader(catalog_.catalog()).get(kLayerTable, layer_key(name, std::to_string(version)));
  if (!record) return Err{no_such_layer()};
  const LayerRecord layer = decode_layer(*record);
  return shown(layer, download_url(layer.code_sha256));
}

// With `find=LayerVersion` and an ARN it is GetLayerVersionByArn.
runtime::OperationResult Service::list_layers(const Call& call) {
  const Node input = call.input.root();
  if (const auto arn = text_member(input, "Arn")) {
    const auto name = parse_layer_arn(*arn);
    const auto record =
        name ? Reader(catalog_.catalog()).get(kLayerTable, layer_key(*name, name->version))
             : std::nullopt;
    if (!record) return Err{no_such_layer()};
    const LayerRecord layer = decode_layer(*record);
    return shown(layer, download_url(layer.code_sha256));
  }
  const std::string prefix = call.principal.account + "/" + call.principal.region + "/";
  const std::string marker = text_member(input, "Marker").value_or("");
  std::map<std::string, LayerRecord> latest;  // by name: versions come in their order
  catalog_.catalog().for_each(kLayerTable, [&](const std::string& key, const std::string& record) {
    if (!key.starts_with(prefix)) return;
    std::string name = key.substr(prefix.size(), key.rfind(':') - prefix.size());
    if (name > marker) latest[std::move(name)] = decode_layer(record);
  });
  std::string text, last;
  std::size_t count = 0;
  json::Writer out(text);
  out.begin_object().key("Layers").begin_array();
  for (const auto& [name, layer] : latest) {
    if (count == page_size(input)) break;
    out.begin_object().key("LayerName").string(name);
    out.key("LayerArn").string(layer.arn.substr(0, layer.arn.rfind(':')));
    out.key("LatestMatchingVersion").begin_object();
    write_members(out, layer);
    out.end_object().end_object();
    last = name;
    ++count;
  }
  out.end_array();
  if (count < latest.size()) out.key("NextMarker").string(last);
  out.end_object();
  return Value::trusted(std::move(text));
}

// The newest first.
runtime::OperationResult Service::list_layer_versions(const Call& call) {
  const Node input = call.input.root();
  const LayerName name = TRY(layer_in(call));
  const std::string prefix = name.key() + ":";
  std::vector<LayerRecord> versions;
  catalog_.catalog().for_each(kLayerTable, [&](const std::string& key, const std::string& record) {
    if (key.starts_with(prefix)) versions.push_back(decode_layer(record));
  });
  std::reverse(versions.begin(), versions.end());
  if (const auto marker = text_member(input, "Marker"); marker && is_version_number(*marker)) {
    std::erase_if(versions, [&](const LayerRecord& each) {
      return each.version >= std::stoll(marker->substr(0, 18));
    });
  }
  const std::size_t count = std::min(versions.size(), page_size(input));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("LayerVersions").begin_array();
  for (std::size_t i = 0; i < count; ++i) {
    out.begin_object();
    write_members(out, versions[i]);
    out.end_object();
  }
  out.end_array();
  if (count < versions.size()) {
    out.key("NextMarker").string(std::to_string(versions[count - 1].version));
  }
  out.end_object();
  return Value::trusted(std::move(text));
}

}  // namespace pawl::lambda
