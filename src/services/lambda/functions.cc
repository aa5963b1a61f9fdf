// Functions: create, update, delete.
#include <fmt/format.h>

#include <utility>

#include "services/lambda/fields.h"
#include "services/lambda/layers.h"
#include "services/lambda/package_source.h"
#include "services/lambda/rules.h"
#include "services/lambda/service.h"
#include "services/lambda/urls.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

constexpr std::size_t kTagsMax = 50;

// What CreateFunction asks for, but for its code.
Result<FunctionRecord, ServiceError> read_new_function(const runtime::Call& call) {
  const Node input = call.input.root();
  FunctionRecord record;
  Configuration& latest = record.latest;
  latest.function =
      TRY(parse_function_name(call.principal, TRY(required_text(input, "FunctionName"))));
  if (!latest.function.qualifier.empty()) {
    return Err{invalid_parameter("A function is created without a qualifier in its name")};
  }
  TRY(required_text(input, "Role"));
  apply_input(input, latest);
  TRY(check_configuration(latest, input));
  record.tags = text_map(input, "Tags");
  if (record.tags.size() > kTagsMax) {
    return Err{invalid_parameter(fmt::format("A function may have {} tags", kTagsMax))};
  }
  return record;
}

// The revision that the caller has seen, if it says one, must be the current one.
Result<void, ServiceError> check_revision(Node input, const Configuration& latest) {
  const auto revision = text_member(input, "RevisionId");
  if (revision && *revision != latest.revision_id) return Err{revision_mismatch()};
  return {};
}

Value shown(const Configuration& configuration) {
  const std::string_view qualifier =
      configuration.version == kLatest ? std::string_view() : configuration.version;
  return Value::trusted(configuration_text(configuration, qualifier));
}

}  // namespace

void Service::with_package(const Reply& reply, const Call& call, Node code,
                           std::function<void(functions::StoredCode)> use) {
  work_.post([this, reply, call, code, use = std::move(use)] {
    auto stored = fetch_package(call, code, codes_, others_);
    if (!stored.ok()) return reply(Err{std::move(stored).error()});
    use(std::move(stored).value());
  });
}

void Service::create_function(const Call& call, const Reply& reply) {
  auto wanted = read_new_function(call);
  if (!wanted.ok()) return reply(Err{std::move(wanted).error()});
  const Node input = call.input.root();
  const Node* code = member(input, "Code");
  if (code == nullptr)
    return reply(Err{invalid_parameter("Please provide a source for function code.")});
  const bool publishes = true_member(input, "Publish");
  auto record = std::make_shared<FunctionRecord>(std::move(wanted).value());
  with_package(
      reply, call, *code, [this, reply, call, record, publishes](functions::StoredCode stored) {
        // `stored` is held until the update is done: its package must not be collected meanwhile.
        transact(reply, [this, call, record, publishes, stored](const View& view, Update& update) {
          FunctionRecord created = *record;
          Configuration& latest = created.latest;
          const std::string key = latest.function.key();
          if (view.find(kFunctionTable, key) != nullptr) {
            return OperationResult(
                Err{conflict(fmt::format("Function already exist: {}", latest.function.name))});
          }
          apply_code(stored, latest);
          latest.revision_id = new_id();
          latest.last_modified = clock_.wall_now();
          if (auto found = use_layers(view, call.input.root(), latest); !found.ok()) {
            return OperationResult(Err{std::move(found).error()});
          }
          seal(key_, latest);
          const Configuration answer = publishes ? publish(created, std::nullopt, update) : latest;
          update.changes.push_back({std::string(kFunctionTable), key, encode(created)});
          return OperationResult(shown(answer));
        });
      });
}

void Service::update_function_code(const Call& call, const Reply& reply) {
  const Node input = call.input.root();
  const auto text = required_text(input, "FunctionName");
  if (!text.ok()) return reply(Err{text.error()});
  const auto name = parse_function_name(call.principal, *text);
  if (!name.ok()) return reply(Err{name.error()});
  if (!Reader(catalog_.catalog()).function(name->key())) {
    return reply(Err{function_not_found(name->arn())});
  }
  with_package(reply, call, input, [this, reply, call, name = *name](functions::StoredCode stored) {
    transact(reply, [this, call, name, stored](const View& view, Update& update) {
      const Node request = call.input.root();
      auto record = Reader(view).function(name.key());
      if (!record) return OperationResult(Err{function_not_found(name.arn())});
      if (auto checked = check_revision(request, record->latest); !checked.ok()) {
        return OperationResult(Err{std::move(checked).error()});
      }
      const std::string before = identity_of(record->latest);
      Configuration& latest = record->latest;
      unseal(key_, latest);
      apply_code(stored, latest);
      apply_input(request, latest);  // Architectures
      latest.revision_id = new_id();
      latest.last_modified = clock_.wall_now();
      if (true_member(request, "DryRun")) return OperationResult(shown(latest));
      const bool publishes = true_member(request, "Publish");
      const Configuration answer = publishes ? publish(*record, std::nullopt, update) : latest;
      update.retired.push_back(before);
      update.changes.push_back({std::string(kFunctionTable), name.key(), encode(*record)});
      return OperationResult(shown(answer));
    });
  });
}

void Service::update_function_configuration(const Call& call, const Reply& reply) {
  const auto text = required_text(call.input.root(), "FunctionName");
  if (!text.ok()) return reply(Err{text.error()});
  const auto name = parse_function_name(call.principal, *text);
  if (!name.ok()) return reply(Err{name.error()});
  transact(reply, [this, call, name = *name](const View& view, Update& update) {
    const Node input = call.input.root();
    auto record = Reader(view).function(name.key());
    if (!record) return OperationResult(Err{function_not_found(name.arn())});
    auto checked = check_revision(input, record->latest);
    update.retired.push_back(identity_of(record->latest));
    unseal(key_, record->latest);
    apply_input(input, record->latest);
    if (checked.ok()) checked = check_configuration(record->latest, input);
    if (checked.ok()) checked = use_layers(view, input, record->latest);
    if (!checked.ok()) return OperationResult(Err{std::move(checked).error()});
    record->latest.revision_id = new_id();
    record->latest.last_modified = clock_.wall_now();
    if (member(input, "Environment") != nullptr) seal(key_, record->latest);
    update.changes.push_back({std::string(kFunctionTable), name.key(), encode(*record)});
    return OperationResult(shown(record->latest));
  });
}

namespace {

using View = runtime::Catalog::View;
using Change = runtime::Catalog::Change;

// Removes every record of a function. The identities of all its versions end.
void remove_function(const View& view, const FunctionRecord& record, std::vector<Change>& changes,
                     std::vector<std::string>& retired) {
  const std::string key = record.latest.function.key();
  for (const std::string_view table :
       {kVersionTable, kAliasTable, kPolicyTable, kEventConfigurationTable}) {
    for (std::string& each : keys_of(view, table, key)) {
      if (table == kVersionTable) {
        retired.push_back(identity_of(decode_configuration(*view.find(table, each))));
      }
      changes.push_back({std::string(table), std::move(each), std::nullopt});
    }
  }
  for (const std::string& each : keys_of(view, kUrlTable, key)) drop_url(view, each, changes);
  drop_url(view, key, changes);
  changes.push_back({std::string(kPolicyTable), key, std::nullopt});
  changes.push_back({std::string(kEventConfigurationTable), key, std::nullopt});
  changes.push_back({std::string(kFunctionTable), key, std::nullopt});
  retired.push_back(identity_of(record.latest));
}

Result<void, ServiceError> check_deletable(const View& view, const FunctionName& name) {
  if (name.qualifier == kLatest) {
    return Err{
        invalid_parameter("$LATEST version cannot be deleted without deleting the function.")};
  }
  if (!is_version_number(name.qualifier)) {
    return Err{invalid_parameter("Deletion of aliases is not currently supported.")};
  }
  for (const std::string& key : keys_of(view, kAliasTable, name.key())) {
    const AliasRecord alias = decode_alias(*view.find(kAliasTable, key));
    if (alias.version == name.qualifier || alias.second_version == name.qualifier) {
      return Err{
          conflict(fmt::format("Cannot delete version {} of function {}: it is referenced "
                               "by alias {}",
                               name.qualifier, name.name, alias.name))};
    }
  }
  return {};
}

}  // namespace

void Service::delete_function(const Call& call, const Reply& reply) {
  const Node input = call.input.root();
  const auto text = required_text(input, "FunctionName");
  if (!text.ok()) return reply(Err{text.error()});
  const auto name =
      parse_function_name(call.principal, *text, text_member(input, "Qualifier").value_or(""));
  if (!name.ok()) return reply(Err{name.error()});
  transact(reply, [name = *name](const View& view, Update& update) {
    const OperationResult done = Value::trusted("{}");
    const auto record = Reader(view).function(name.key());
    if (!record) return OperationResult(Err{function_not_found(name.qualified_arn())});
    if (name.qualifier.empty()) {
      remove_function(view, *record, update.changes, update.retired);
      return done;
    }
    if (auto checked = check_deletable(view, name); !checked.ok()) {
      return OperationResult(Err{std::move(checked).error()});
    }
    if (const auto version = Reader(view).version(name.key(), name.qualifier)) {
      update.retired.push_back(identity_of(*version));
      update.changes.push_back(
          {std::string(kVersionTable), version_key(name.key(), name.qualifier), std::nullopt});
    }
    return done;
  });
}

}  // namespace pawl::lambda
