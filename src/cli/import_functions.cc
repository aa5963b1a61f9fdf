// Functions: packages, configurations, versions, aliases, tags and reserved concurrency.
#include <fmt/core.h>

#include <algorithm>

#include "base/base64.h"
#include "cli/import.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

using json::Node;
using json::Writer;
using Action = ImportedItem::Action;

constexpr std::string_view kLambda = "lambda";
constexpr std::string_view kLatest = "$LATEST";

// What is told of a function and may be told to another one.
constexpr const char* kConfiguration[] = {"Description", "Handler", "MemorySize",
                                          "Role",        "Runtime", "Timeout"};

// Settings of a function that stay behind.
struct Setting {
  const char* member;
  const char* note;
};
constexpr Setting kLeftBehind[] = {
    {"Layers", "its layers"},
    {"VpcConfig", "its network (VpcConfig)"},
    {"FileSystemConfigs", "its file systems"},
    {"DeadLetterConfig", "its dead-letter queue"},
    {"KMSKeyArn", "its encryption key"},
    {"EphemeralStorage", ""},
};

Node member_of(Node object, std::string_view name) {
  const Node* found = object.find(name);
  return found == nullptr ? Node() : *found;
}

Node variables_of(Node configuration) {
  return member_of(member_of(configuration, "Environment"), "Variables");
}

bool same_member(Node left, Node right, std::string_view name) {
  return json::equal(member_of(left, name), member_of(right, name));
}

bool is_empty(Node node) {
  return node.is_null() || ((node.is_object() || node.is_array()) && node.size() == 0);
}

bool same_configuration(Node left, Node right) {
  const bool same = std::all_of(std::begin(kConfiguration), std::end(kConfiguration),
                                [&](const char* name) { return same_member(left, right, name); });
  const Node one = variables_of(left);
  const Node other = variables_of(right);
  return same && (json::equal(one, other) || (is_empty(one) && is_empty(other)));
}

void write_configuration(Writer& out, Node configuration) {
  for (const char* name : kConfiguration) {
    if (const Node* value = configuration.find(name)) out.key(name).node(*value);
  }
  const Node variables = variables_of(configuration);
  if (variables.is_object()) {
    out.key("Environment").begin_object().key("Variables").node(variables).end_object();
  }
}

void note_left_behind(ImportedItem& item, Node configuration) {
  for (const Setting& setting : kLeftBehind) {
    const Node value = member_of(configuration, setting.member);
    const bool set = !is_empty(value) && !(value.is_string() && value.string().empty());
    if (!set || setting.note[0] == '\0') continue;
    // A function without a network says so with empty lists.
    if (std::string_view(setting.member) == "VpcConfig" &&
        is_empty(member_of(value, "SubnetIds"))) {
      continue;
    }
    item.notes.push_back(fmt::format("not brought: {}", setting.note));
  }
}

}  // namespace

Result<void, std::string> Import::import_functions() {
  const auto functions =
      TRY(list(from_, kLambda, "ListFunctions", "Functions", "{}", "Marker", "NextMarker"));
  for (const json::Value& function : functions) import_function(function.root());
  return {};
}

void Import::import_function(Node configuration) {
  const std::string name = text_in(configuration, "FunctionName");
  if (!wanted(name)) return;
  ImportedItem item{.kind = "function", .name = name, .notes = {}};
  Result<void, std::string> brought;
  if (text_in(configuration, "PackageType") == "Image") {
    brought = Err{"it is an image, which Pawl does not run"};
  } else {
    note_left_behind(item, configuration);
    brought = bring_function(item, name);
  }
  if (!brought.ok()) {
    item.action = Action::kFailed;
    item.notes.push_back(brought.error());
  }
  items_.push_back(std::move(item));
}

Result<void, std::string> Import::bring_function(ImportedItem& item, const std::string& name) {
  const Names versions = TRY(bring_function_versions(item, name));
  TRY(bring_function_state(item, name, std::string(kLatest)));
  TRY(bring_function_aliases(item, name, versions));
  const auto there = from_.call(kLambda, "GetFunction", object_of({{"FunctionName", name}}));
  const auto own = to_.call(kLambda, "GetFunction", object_of({{"FunctionName", name}}));
  if (!there.ok()) return Err{there.error().text()};
  const Node empty;
  const Node here_root = own.ok() ? own->root() : empty;
  const Node tags = member_of(there->root(), "Tags");
  if (!is_empty(tags) && !json::equal(tags, member_of(here_root, "Tags"))) {
    std::string input;
    Writer out(input);
    out.begin_object()
        .key("Resource")
        .string(here(text_in(member_of(there->root(), "Configuration"), "FunctionArn")));
    out.key("Tags").node(tags).end_object();
    const auto tagged = write(item, Action::kUpdated, kLambda, "TagResource", input);
    if (!tagged.ok()) return Err{tagged.error().text()};
  }
  const Node reserved =
      member_of(member_of(there->root(), "Concurrency"), "ReservedConcurrentExecutions");
  const Node reserved_here =
      member_of(member_of(here_root, "Concurrency"), "ReservedConcurrentExecutions");
  if (!reserved.is_null() && !json::equal(reserved, reserved_here)) {
    std::string input;
    Writer out(input);
    out.begin_object().key("FunctionName").string(name);
    out.key("ReservedConcurrentExecutions").node(reserved).end_object();
    const auto put = write(item, Action::kUpdated, kLambda, "PutFunctionConcurrency", input);
    if (!put.ok()) return Err{put.error().text()};
  }
  const auto policy = from_.call(kLambda, "GetPolicy", object_of({{"FunctionName", name}}));
  if (policy.ok()) item.notes.emplace_back("not brought: who may call it (its policy)");
  return {};
}

// The ZIP of a function's code.
Result<std::string, std::string> Import::package_of(const json::Value& function) {
  const std::string location = text_in(member_of(function.root(), "Code"), "Location");
  if (location.empty()) return Err{"the source does not tell where its code is"};
  auto bytes = from_.download(location);
  if (!bytes.ok()) return Err{"its code cannot be had: " + bytes.error().text()};
  return std::move(bytes).value();
}

// Makes $LATEST here what a version is there.
Result<void, std::string> Import::bring_function_state(ImportedItem& item, const std::string& name,
                                                       const std::string& version) {
  const auto there = from_.call(kLambda, "GetFunction",
                                object_of({{"FunctionName", name}, {"Qualifier", version}}));
  if (!there.ok()) return Err{there.error().text()};
  const auto own = to_.call(kLambda, "GetFunction", object_of({{"FunctionName", name}}));
  if (!own.ok() && own.error().code != "ResourceNotFoundException") {
    return Err{own.error().text()};
  }
  const json::Value mapped = json::Value::trusted(here(std::string(there->text())));
  const Node wanted_configuration = member_of(mapped.root(), "Configuration");
  const Node configuration = own.ok() ? member_of(own->root(), "Configuration") : Node();
  const bool same_code = own.ok() && same_member(configuration, wanted_configuration, "CodeSha256");
  const std::string package = same_code ? std::string() : TRY(package_of(*there));
  if (!own.ok()) {
    std::string input;
    Writer out(input);
    out.begin_object().key("FunctionName").string(name);
    write_configuration(out, wanted_configuration);
    if (const Node* architectures = wanted_configuration.find("Architectures")) {
      out.key("Architectures").node(*architectures);
    }
    out.key("Code").begin_object().key("ZipFile").string(encode_base64(package)).end_object();
    out.end_object();
    const auto made = write(item, Action::kCreated, kLambda, "CreateFunction", input);
    if (!made.ok()) return Err{made.error().text()};
    return {};
  }
  if (!same_code) {
    const auto made =
        write(item, Action::kUpdated, kLambda, "UpdateFunctionCode",
              object_of({{"FunctionName", name}, {"ZipFile", encode_base64(package)}}));
    if (!made.ok()) return Err{made.error().text()};
  }
  if (same_configuration(configuration, wanted_configuration)) return {};
  std::string input;
  Writer out(input);
  out.begin_object().key("FunctionName").string(name);
  write_configuration(out, wanted_configuration);
  out.end_object();
  const auto made = write(item, Action::kUpdated, kLambda, "UpdateFunctionConfiguration", input);
  if (!made.ok()) return Err{made.error().text()};
  return {};
}

// Each version there as one here with the same code and configuration, published in their order.
Result<Import::Names, std::string> Import::bring_function_versions(ImportedItem& item,
                                                                   const std::string& name) {
  Names names{{std::string(kLatest), std::string(kLatest)}};
  const std::string of_function = object_of({{"FunctionName", name}});
  const auto there = TRY(list(from_, kLambda, "ListVersionsByFunction", "Versions", of_function,
                              "Marker", "NextMarker"));
  std::vector<json::Value> known;
  if (auto listed = list(to_, kLambda, "ListVersionsByFunction", "Versions", of_function, "Marker",
                         "NextMarker");
      listed.ok()) {
    known = std::move(listed).value();
  }
  std::erase_if(known,
                [](const json::Value& each) { return text_in(each.root(), "Version") == kLatest; });
  for (const json::Value& each : there) {
    const std::string version = text_in(each.root(), "Version");
    if (version == kLatest) continue;
    const json::Value mapped = json::Value::trusted(here(std::string(each.text())));
    const auto same = std::find_if(known.begin(), known.end(), [&](const json::Value& candidate) {
      return same_member(candidate.root(), each.root(), "CodeSha256") &&
             same_configuration(candidate.root(), mapped.root());
    });
    if (same != known.end()) {
      names[version] = text_in(same->root(), "Version");
      known.erase(same);
      continue;
    }
    TRY(bring_function_state(item, name, version));
    const auto published = write(item, Action::kUpdated, kLambda, "PublishVersion", of_function);
    if (!published.ok()) return Err{published.error().text()};
    names[version] = text_in(published->root(), "Version");
    if (writes() && names[version] != version) {
      item.notes.push_back(
          fmt::format("version {} there is version {} here", version, names[version]));
    }
  }
  return names;
}

Result<void, std::string> Import::bring_function_aliases(ImportedItem& item,
                                                         const std::string& name,
                                                         const Names& versions) {
  const auto aliases = TRY(list(from_, kLambda, "ListAliases", "Aliases",
                                object_of({{"FunctionName", name}}), "Marker", "NextMarker"));
  for (const json::Value& alias : aliases) {
    const std::string alias_name = text_in(alias.root(), "Name");
    const auto mapped = [&versions](const std::string& version) {
      const auto found = versions.find(version);
      return found == versions.end() ? version : found->second;
    };
    std::string input;
    Writer out(input);
    out.begin_object().key("FunctionName").string(name).key("Name").string(alias_name);
    out.key("FunctionVersion").string(mapped(text_in(alias.root(), "FunctionVersion")));
    out.key("Description").string(text_in(alias.root(), "Description"));
    const Node weights =
        member_of(member_of(alias.root(), "RoutingConfig"), "AdditionalVersionWeights");
    if (!is_empty(weights)) {
      out.key("RoutingConfig").begin_object().key("AdditionalVersionWeights").begin_object();
      for (const json::Member& weight : weights.members()) {
        out.key(mapped(std::string(weight.key.string()))).node(weight.value);
      }
      out.end_object().end_object();
    }
    out.end_object();
    const json::Value wanted_alias = json::Value::trusted(input);
    const auto own =
        to_.call(kLambda, "GetAlias", object_of({{"FunctionName", name}, {"Name", alias_name}}));
    const auto same = [&](std::string_view member) {
      return same_member(own->root(), wanted_alias.root(), member);
    };
    if (own.ok() && same("FunctionVersion") && same("Description") && same("RoutingConfig")) {
      continue;
    }
    const auto made =
        write(item, Action::kUpdated, kLambda, own.ok() ? "UpdateAlias" : "CreateAlias", input);
    if (!made.ok()) return Err{made.error().text()};
  }
  return {};
}

}  // namespace pawl::cli
