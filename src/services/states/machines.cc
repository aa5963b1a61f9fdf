// State machines: create, update, describe, list, delete, validate (step-functions.md A4.1 to A4.8,
// A4.20, A4.31).
#include <algorithm>
#include <utility>

#include "services/states/configuration.h"
#include "services/states/fields.h"
#include "services/states/logging_configuration.h"
#include "services/states/page_token.h"
#include "services/states/past_revisions.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

using runtime::Catalog;

Catalog::Change store_definition(const MachineRecord& machine, std::string_view definition) {
  return {std::string(kDefinitionTable), machine.definition_hash,
          machine.type + "\n" + std::string(definition)};
}

// `version_arn` is empty when nothing was published.
json::Value created(const MachineRecord& machine, std::string_view version_arn) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("stateMachineArn").string(machine.arn).key("creationDate");
  write_time(out, machine.creation_time);
  if (!version_arn.empty()) out.key("stateMachineVersionArn").string(version_arn);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

bool same_configuration(const MachineRecord& left, const MachineRecord& right) {
  return left.definition_hash == right.definition_hash && left.type == right.type &&
         left.logging == right.logging && left.tracing == right.tracing &&
         left.encryption == right.encryption;
}

// Everything that makes a repeated CreateStateMachine the same one; role and tags do not (A4.1).
bool same_machine(const MachineRecord& left, const MachineRecord& right) {
  return same_configuration(left, right) && left.created_published == right.created_published &&
         left.created_description == right.created_description;
}

// What an update brings that its input does not hold as it is.
struct Revising {
  const json::Value& logging;
  WallMillis now;
  std::string revision_id;  // of the revision, if it becomes one
};

json::Value updated_answer(const MachineRecord& machine, std::string_view version_arn) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("updateDate");
  write_time(out, machine.update_time);
  if (!machine.revision_id.empty()) out.key("revisionId").string(machine.revision_id);
  if (!version_arn.empty()) out.key("stateMachineVersionArn").string(version_arn);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// An update that changes nothing keeps the revision (A4.5).
runtime::OperationResult updated(const Catalog::View& view, const std::string& arn,
                                 const Fields& update, const Revising& revising,
                                 std::vector<Catalog::Change>& changes) {
  MachineRecord machine = TRY(stored_machine(view, arn));
  const MachineRecord before = machine;
  const auto definition = update.text("definition");
  if (definition) machine.definition_hash = hash_of_definition(machine.type, *definition);
  machine.role_arn = update.text_or("roleArn", before.role_arn);
  if (update.node("loggingConfiguration")) machine.logging = revising.logging;
  machine.tracing = read_tracing(update, before.tracing.text());
  machine.encryption = TRY(read_encryption(update, before.encryption.text()));
  if (!same_configuration(before, machine) || before.role_arn != machine.role_arn) {
    machine.revision_id = revising.revision_id;
    machine.update_time = revising.now;
    if (definition) changes.push_back(store_definition(machine, *definition));
    const std::string* past = view.find(kPastRevisionTable, arn);
    changes.push_back({std::string(kPastRevisionTable), arn,
                       add_past_revision(past != nullptr ? *past : std::string(), before)});
  }
  std::string version_arn;
  if (update.flag("publish")) {
    version_arn = TRY(publish_revision(view, machine, update.text_or("versionDescription", ""),
                                       revising.now, changes))
                      .arn();
  }
  if (!changes.empty() || machine.revision_id != before.revision_id) {
    changes.push_back(store_machine(machine));
  }
  return updated_answer(machine, version_arn);
}

}  // namespace

::pawl::Result<MachineRecord, ServiceError> Service::read_new_machine(const Call& call) const {
  const Fields fields(call.input);
  MachineRecord machine;
  machine.name = TRY(fields.required("name"));
  TRY(check_name(machine.name));
  machine.role_arn = TRY(fields.required("roleArn"));
  TRY(check_role_arn(machine.role_arn));
  machine.type = fields.text_or("type", "STANDARD");
  const std::string_view definition = TRY(fields.required("definition"));
  TRY(check_definition(definition, machine.type, machine.name));
  if (const json::Node* tags = fields.node("tags")) TRY(check_tags(*tags));
  machine.logging = TRY(read_logging(fields));
  machine.tracing = read_tracing(fields, kDefaultTracing);
  machine.encryption = TRY(read_encryption(fields, kDefaultEncryption));
  if (fields.text("versionDescription") && !fields.flag("publish")) {
    return Err{validation_error("Version description can only be set when publish is true")};
  }
  machine.created_published = fields.flag("publish");
  machine.created_description = fields.text_or("versionDescription", "");
  machine.arn = make_arn(call.principal, "stateMachine", machine.name);
  machine.definition_hash = hash_of_definition(machine.type, definition);
  machine.creation_time = machine.update_time = clock_.wall_now();
  return machine;
}

void Service::create_machine(const Call& call, const Reply& reply) {
  auto wanted = read_new_machine(call);
  if (!wanted.ok()) return reply(Err{std::move(wanted).error()});
  auto machine = std::make_shared<MachineRecord>(std::move(wanted).value());
  auto outcome = std::make_shared<Result>(json::Value());
  const auto decide = [machine, outcome, call](const Catalog::View& view) {
    std::vector<Catalog::Change> changes;
    if (const std::string* record = view.find(kMachineTable, machine->arn)) {
      const auto existing = MachineRecord::from_json(json::Value::trusted(*record));
      if (existing && existing->deleting) {
        *outcome = Err{machine_deleting(machine->arn)};
      } else if (existing && same_machine(*existing, *machine)) {
        *outcome = created(*existing, existing->created_published ? existing->arn + ":1" : "");
      } else {
        *outcome = Err{service_error("StateMachineAlreadyExists",
                                     "State Machine Already Exists: '" + machine->arn + "'")};
      }
      return changes;
    }
    const Fields fields(call.input);
    std::string version_arn;
    if (machine->created_published) {
      const auto version = publish_revision(view, *machine, machine->created_description,
                                            machine->creation_time, changes);
      ENSURE(version.ok(), machine->arn);
      version_arn = version->arn();
    }
    changes.push_back(store_definition(*machine, fields.text_or("definition", "")));
    changes.push_back(store_machine(*machine));
    *outcome = created(*machine, version_arn);
    if (const json::Node* tags = fields.node("tags")) {
      std::string record = merge_tags("[]", *tags);
      if (count_tags(record) > kTagsMax) {
        *outcome = Err{service_error("TooManyTags", "Too many tags")};
        return std::vector<Catalog::Change>();
      }
      changes.push_back({std::string(kTagTable), machine->arn, std::move(record)});
    }
    return changes;
  };
  catalog_.update(decide, [this, machine, outcome, reply] {
    directory_.forget(machine->arn);
    if (!outcome->ok()) return reply(*outcome);
    make_log_group(machine->logging, [outcome, reply] { reply(*outcome); });
  });
}

void Service::update_machine(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  const auto refuse = [&reply](ServiceError error) { reply(Err{std::move(error)}); };
  auto arn = required_arn(fields, "stateMachineArn", "stateMachine");
  if (!arn.ok()) return refuse(std::move(arn).error());
  if (!fields.node("definition") && !fields.node("roleArn") &&
      !fields.node("loggingConfiguration") && !fields.node("tracingConfiguration") &&
      !fields.node("encryptionConfiguration")) {
    return refuse(service_error("MissingRequiredParameter",
                                "Either the definition, the role ARN, the LoggingConfiguration, or "
                                "the TracingConfiguration must be specified"));
  }
  if (fields.text("versionDescription") && !fields.flag("publish")) {
    return refuse(validation_error("Version description can only be set when publish is true"));
  }
  auto known = find_machine(arn->text);
  if (!known.ok()) return refuse(std::move(known).error());
  if (const auto definition = fields.text("definition")) {
    auto checked = check_definition(*definition, (*known)->type, (*known)->name);
    if (!checked.ok()) return refuse(std::move(checked).error());
  }
  if (const auto role = fields.text("roleArn")) {
    auto checked = check_role_arn(*role);
    if (!checked.ok()) return refuse(std::move(checked).error());
  }
  auto logging = read_logging(fields);
  if (!logging.ok()) return refuse(std::move(logging).error());

  auto outcome = std::make_shared<Result>(json::Value());
  const auto decide = [this, call, arn = arn->text, logging = *logging,
                       outcome](const Catalog::View& view) {
    std::vector<Catalog::Change> changes;
    const Revising revising{logging, clock_.wall_now(), new_uuid()};
    *outcome = updated(view, arn, Fields(call.input), revising, changes);
    if (!outcome->ok()) changes.clear();
    return changes;
  };
  catalog_.update(decide, [this, arn = arn->text, logging = *logging, outcome, reply] {
    directory_.forget(arn);
    if (!outcome->ok()) return reply(*outcome);
    make_log_group(logging, [outcome, reply] { reply(*outcome); });
  });
}

Service::Result Service::list_machines(const Call& call) {
  const Fields fields(call.input);
  const std::string prefix = make_arn(call.principal, "stateMachine", "");
  const std::string from = TRY(read_page_token(fields, prefix, engine_.clock().now()));
  const std::size_t limit = page_size(fields);
  const auto records = catalog_.list(kMachineTable, from.empty() ? prefix : from, limit + 1);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("stateMachines").begin_array();
  std::size_t count = 0;
  std::string last;
  bool more = false;
  for (const auto& [arn, record] : records) {
    if (!arn.starts_with(prefix)) break;
    if (count == limit) {
      more = true;
      break;
    }
    last = arn;
    ++count;
    const auto machine = directory_.machine(arn);
    if (!machine || machine->deleting) continue;
    out.begin_object().key("stateMachineArn").string(arn).key("name").string(machine->name);
    out.key("type").string(machine->type).key("creationDate");
    write_time(out, machine->creation_time);
    out.end_object();
  }
  out.end_array();
  if (more) out.key("nextToken").string(make_page_token(last, prefix, engine_.clock().now()));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::states
