// Aliases: a name for a version, or for two with weights.
#include <fmt/format.h>

#include "json/number.h"
#include "services/lambda/fields.h"
#include "services/lambda/service.h"
#include "services/lambda/urls.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

constexpr std::size_t kPageDefault = 50;

Result<FunctionName, ServiceError> name_in(const runtime::Call& call) {
  return parse_function_name(call.principal, TRY(required_text(call.input.root(), "FunctionName")));
}

std::string alias_arn(const FunctionName& name, std::string_view alias) {
  return fmt::format("{}:{}", name.arn(), alias);
}

ServiceError alias_not_found(const FunctionName& name, std::string_view alias) {
  return resource_not_found(fmt::format("Cannot find alias arn: {}", alias_arn(name, alias)));
}

void write_alias(json::Writer& out, const FunctionName& name, const AliasRecord& alias) {
  out.begin_object().key("AliasArn").string(alias_arn(name, alias.name));
  out.key("Name").string(alias.name);
  out.key("FunctionVersion").string(alias.version);
  out.key("Description").string(alias.description);
  if (!alias.second_version.empty()) {
    out.key("RoutingConfig").begin_object().key("AdditionalVersionWeights").begin_object();
    out.key(alias.second_version).real(alias.second_weight).end_object().end_object();
  }
  out.key("RevisionId").string(alias.revision_id).end_object();
}

Value shown(const FunctionName& name, const AliasRecord& alias) {
  std::string text;
  json::Writer out(text);
  write_alias(out, name, alias);
  return Value::trusted(std::move(text));
}

// RoutingConfig {"AdditionalVersionWeights": {"2": 0.1}}: at most one version beside the main one.
Result<void, ServiceError> read_routing(Node input, AliasRecord& alias) {
  const Node* routing = member(input, "RoutingConfig");
  if (routing == nullptr) return {};
  alias.second_version.clear();
  alias.second_weight = 0;
  const Node* weights = member(*routing, "AdditionalVersionWeights");
  if (weights == nullptr || weights->size() == 0) return {};
  if (weights->size() > 1) {
    return Err{
        invalid_parameter("Number of items in AdditionalVersionWeights cannot be greater than 1")};
  }
  const json::Member& only = weights->member(0);
  const double weight = only.value.is_number() ? json::to_double(only.value.number_text()) : -1;
  if (!(weight >= 0 && weight <= 1)) {
    return Err{validation_error(fmt::format(
        "Value at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value "
        "must satisfy constraint: [Member must have value less than or equal to 1.0, Member must "
        "have value greater than or equal to 0.0]"))};
  }
  alias.second_version = only.key.string();
  alias.second_weight = weight;
  return {};
}

// Both versions exist, differ, and are numbers when there are two.
Result<void, ServiceError> check_versions(const Reader& reader, const FunctionName& name,
                                          const AliasRecord& alias) {
  if (!alias.second_version.empty()) {
    if (alias.version == kLatest) {
      return Err{invalid_parameter(
          "$LATEST is not supported for an alias pointing to more than 1 version")};
    }
    if (alias.version == alias.second_version) {
      return Err{invalid_parameter(
          fmt::format("Invalid function version {0}. Function version {0} is already included in "
                      "routing configuration.",
                      alias.version))};
    }
  }
  for (const std::string& version : {alias.version, alias.second_version}) {
    if (version.empty() || version == kLatest) continue;
    if (!reader.version(name.key(), version)) {
      return Err{function_not_found(alias_arn(name, version))};
    }
  }
  return {};
}

}  // namespace

void Service::create_alias(const Call& call, const Reply& reply) {
  const auto name = name_in(call);
  if (!name.ok()) return reply(Err{name.error()});
  transact(reply, [this, call, name = *name](const View& view, Update& update) -> OperationResult {
    const Node input = call.input.root();
    const Reader reader(view);
    AliasRecord alias;
    alias.name = TRY(required_text(input, "Name"));
    alias.version = TRY(required_text(input, "FunctionVersion"));
    alias.description = text_member(input, "Description").value_or("");
    alias.revision_id = new_id();
    if (!reader.function(name.key())) return Err{function_not_found(name.arn())};
    if (reader.alias(name.key(), alias.name)) {
      return Err{conflict(fmt::format("Alias already exists: {}", alias_arn(name, alias.name)))};
    }
    TRY(read_routing(input, alias));
    TRY(check_versions(reader, name, alias));
    update.changes.push_back(
        {std::string(kAliasTable), alias_key(name.key(), alias.name), encode(alias)});
    return shown(name, alias);
  });
}

void Service::update_alias(const Call& call, const Reply& reply) {
  const auto name = name_in(call);
  if (!name.ok()) return reply(Err{name.error()});
  transact(reply, [this, call, name = *name](const View& view, Update& update) -> OperationResult {
    const Node input = call.input.root();
    const Reader reader(view);
    const std::string wanted = TRY(required_text(input, "Name"));
    auto alias = reader.alias(name.key(), wanted);
    if (!alias) return Err{alias_not_found(name, wanted)};
    const auto revision = text_member(input, "RevisionId");
    if (revision && *revision != alias->revision_id) return Err{revision_mismatch()};
    if (auto version = text_member(input, "FunctionVersion")) alias->version = *version;
    if (auto description = text_member(input, "Description")) alias->description = *description;
    TRY(read_routing(input, *alias));
    TRY(check_versions(reader, name, *alias));
    alias->revision_id = new_id();
    update.changes.push_back(
        {std::string(kAliasTable), alias_key(name.key(), wanted), encode(*alias)});
    return shown(name, *alias);
  });
}

void Service::delete_alias(const Call& call, const Reply& reply) {
  const auto name = name_in(call);
  if (!name.ok()) return reply(Err{name.error()});
  transact(reply, [call, name = *name](const View& view, Update& update) -> OperationResult {
    const std::string alias = TRY(required_text(call.input.root(), "Name"));
    if (!Reader(view).function(name.key())) return Err{function_not_found(name.arn())};
    // Deleting what is not there succeeds.
    update.changes.push_back(
        {std::string(kAliasTable), alias_key(name.key(), alias), std::nullopt});
    drop_url(view, alias_key(name.key(), alias), update.changes);
    return Value::trusted("{}");
  });
}

runtime::OperationResult Service::get_alias(const Call& call) {
  const FunctionName name = TRY(name_in(call));
  const std::string wanted = TRY(required_text(call.input.root(), "Name"));
  const auto alias = Reader(catalog_.catalog()).alias(name.key(), wanted);
  if (!alias) return Err{alias_not_found(name, wanted)};
  return shown(name, *alias);
}

runtime::OperationResult Service::list_aliases(const Call& call) {
  const Node input = call.input.root();
  const FunctionName name = TRY(name_in(call));
  if (!Reader(catalog_.catalog()).function(name.key())) return Err{function_not_found(name.arn())};
  const auto only = text_member(input, "FunctionVersion");
  const auto limit = static_cast<std::size_t>(
      integer_member(input, "MaxItems").value_or(static_cast<std::int64_t>(kPageDefault)));
  const std::string prefix = name.key() + ":";
  std::string marker = text_member(input, "Marker").value_or("");
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Aliases").begin_array();
  std::size_t shown_count = 0;
  bool more = false;
  for (const auto& [key, record] :
       catalog_.catalog().list(kAliasTable, alias_key(name.key(), marker), std::size_t{10'000})) {
    if (!key.starts_with(prefix)) break;
    const AliasRecord alias = decode_alias(record);
    if (only && alias.version != *only && alias.second_version != *only) continue;
    if (shown_count == limit) {
      more = true;
      break;
    }
    write_alias(out, name, alias);
    marker = alias.name;
    ++shown_count;
  }
  out.end_array();
  if (more) out.key("NextMarker").string(marker);
  out.end_object();
  return Value::trusted(std::move(text));
}

}  // namespace pawl::lambda
