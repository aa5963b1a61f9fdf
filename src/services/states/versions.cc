// Versions of state machines: publish, list, delete; and what a qualified ARN names
// (step-functions.md A4.9, A4.10, A4.12).
#include <utility>

#include "services/states/fields.h"
#include "services/states/page_token.h"
#include "services/states/revisions.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

using runtime::Catalog;

// A4.9: the first revision's name in the API.
constexpr std::string_view kInitialRevision = "INITIAL";

std::string_view shown_revision(const MachineRecord& machine) {
  return machine.revision_id.empty() ? kInitialRevision : std::string_view(machine.revision_id);
}

json::Value published(const VersionRecord& version) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("creationDate");
  write_time(out, version.creation_time);
  out.key("stateMachineVersionArn").string(version.arn()).end_object();
  return json::Value::trusted(std::move(text));
}

ServiceError wrong_revision(std::string_view wanted, const MachineRecord& machine) {
  return service_error("ConflictException",
                       "Failed to publish the State Machine version for revision " +
                           std::string(wanted) + ". The current State Machine revision is " +
                           std::string(shown_revision(machine)) + ".");
}

ServiceError still_referenced(const std::vector<std::string>& aliases) {
  std::string names;
  for (const std::string& name : aliases) names += (names.empty() ? "" : ", ") + name;
  return service_error("ConflictException",
                       "Version to be deleted must not be referenced by an alias. Current list of "
                       "aliases referencing this version: [" +
                           names + "]");
}

std::vector<std::string> aliases_routing_to(const Catalog::View& view, const Arn& version) {
  std::vector<std::string> names;
  for (const AliasRecord& alias : aliases_of(view, version.unqualified())) {
    for (const Route& route : alias.routes) {
      if (route.version == version.version()) names.push_back(alias.name);
    }
  }
  return names;
}

}  // namespace

::pawl::Result<Service::Revision, ServiceError> Service::find_revision(const Arn& arn) const {
  const auto missing = [&arn] {
    return Err{service_error("StateMachineDoesNotExist",
                             "State Machine Does Not Exist: '" + arn.text + "'")};
  };
  const std::string machine_arn = arn.unqualified();
  auto machine = directory_.machine(machine_arn);
  if (!machine) return missing();
  if (arn.qualifier.empty() || machine->deleting) return Revision{std::move(machine), 0, {}};
  Revision revision;
  std::int64_t number = arn.version().value_or(0);
  if (number == 0) {
    const auto stored = catalog_.get(kAliasTable, alias_key(machine_arn, arn.qualifier));
    const auto alias =
        stored ? AliasRecord::from_json(json::Value::trusted(*stored)) : std::nullopt;
    if (!alias) return missing();
    number = draw_version(*alias, random_());
    revision.alias = alias->name;
  }
  const auto version = find_version(machine_arn, number);
  if (!version) return missing();
  revision.machine = std::make_shared<const MachineRecord>(version->machine);
  revision.version = number;
  return revision;
}

std::optional<VersionRecord> Service::find_version(std::string_view machine_arn,
                                                   std::int64_t number) const {
  const auto stored = catalog_.get(kVersionTable, version_key(machine_arn, number));
  if (!stored) return std::nullopt;
  return VersionRecord::from_json(json::Value::trusted(*stored));
}

void Service::publish_version(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  const auto refuse = [&reply](ServiceError error) { reply(Err{std::move(error)}); };
  auto arn = required_arn(fields, "stateMachineArn", "stateMachine");
  if (!arn.ok()) return refuse(std::move(arn).error());
  if (!arn->label.empty()) return refuse(labelled_arn_refused());
  auto outcome = std::make_shared<Result>(json::Value());
  const auto decide = [this, arn = arn->text, call,
                       outcome](const Catalog::View& view) -> std::vector<Catalog::Change> {
    const Fields request(call.input);
    std::vector<Catalog::Change> changes;
    auto machine = stored_machine(view, arn);
    if (!machine.ok()) {
      *outcome = Err{std::move(machine).error()};
      return changes;
    }
    const auto wanted = request.text("revisionId");
    if (wanted && *wanted != shown_revision(*machine)) {
      *outcome = Err{wrong_revision(*wanted, *machine)};
      return changes;
    }
    const auto version = publish_revision(view, *machine, request.text_or("description", ""),
                                          clock_.wall_now(), changes);
    if (version.ok()) {
      *outcome = published(*version);
    } else {
      *outcome = Err{version.error()};
    }
    if (!changes.empty()) changes.push_back(store_machine(*machine));
    return changes;
  };
  catalog_.update(decide, [this, arn = arn->text, outcome, reply] {
    directory_.forget(arn);
    reply(*outcome);
  });
}

Service::Result Service::list_versions(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "stateMachineArn", "stateMachine"));
  if (!arn.label.empty()) return Err{labelled_arn_refused()};
  const std::string prefix = published_prefix(arn.unqualified());
  const std::string parameters = "versions|" + arn.text;
  const std::string from = TRY(read_page_token(fields, parameters, engine_.clock().now()));
  const std::size_t limit = page_size(fields);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("stateMachineVersions").begin_array();
  std::size_t count = 0;
  std::string last;
  std::string next;
  for (const auto& [key, record] :
       catalog_.list(kVersionTable, from.empty() ? prefix : from, limit + 1)) {
    if (!key.starts_with(prefix)) break;
    if (count++ == limit) {
      next = make_page_token(last, parameters, engine_.clock().now());
      break;
    }
    last = key;
    const auto version = VersionRecord::from_json(json::Value::trusted(record));
    if (!version) continue;
    out.begin_object().key("stateMachineVersionArn").string(version->arn()).key("creationDate");
    write_time(out, version->creation_time);
    out.end_object();
  }
  out.end_array();
  if (!next.empty()) out.key("nextToken").string(next);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void Service::delete_version(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "stateMachineVersionArn", "stateMachine");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  if (!arn->version()) {
    return reply(
        Err{validation_error("The ARN must be one of a state machine version: " + arn->text)});
  }
  auto outcome = std::make_shared<Result>(json::Value::trusted("{}"));
  const auto decide = [arn = *arn, outcome](const Catalog::View& view) {
    std::vector<Catalog::Change> changes;
    const std::string key = version_key(arn.unqualified(), *arn.version());
    if (!view.find(kVersionTable, key)) return changes;
    if (const auto aliases = aliases_routing_to(view, arn); !aliases.empty()) {
      *outcome = Err{still_referenced(aliases)};
      return changes;
    }
    changes.push_back({std::string(kVersionTable), key, std::nullopt});
    return changes;
  };
  catalog_.update(decide, [outcome, reply] { reply(*outcome); });
}

}  // namespace pawl::states
