// State machines: describe, validate, delete.
#include <atomic>
#include <utility>

#include "asl/parse.h"
#include "base/log.h"
#include "services/states/fields.h"
#include "services/states/past_revisions.h"
#include "services/states/service.h"
#include "services/states/task_runner.h"

namespace pawl::states {

namespace {

// Members that DescribeStateMachine and DescribeStateMachineForExecution share.
void write_configuration(json::Writer& out, const MachineRecord& machine) {
  out.key("loggingConfiguration").raw(machine.logging.text());
  out.key("tracingConfiguration").raw(machine.tracing.text());
  out.key("encryptionConfiguration").raw(machine.encryption.text());
}

void write_definition(json::Writer& out, const Directory& directory, const std::string& hash,
                      bool with_data) {
  out.key("definition").string(with_data ? directory.definition_text(hash).value_or("{}") : "{}");
  const auto definition = directory.definition(hash);
  if (!definition) return;
  const auto references = asl::variable_references(*definition);
  if (references.empty()) return;
  out.key("variableReferences").begin_object();
  for (const auto& [state, names] : references) {
    out.key(state).begin_array();
    for (const std::string& name : names) out.string(name);
    out.end_array();
  }
  out.end_object();
}

}  // namespace

Service::Result Service::describe_machine(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "stateMachineArn", "stateMachine"));
  auto machine = directory_.machine(arn.unqualified());
  std::optional<VersionRecord> version;
  if (machine && arn.version()) {
    version = find_version(machine->arn, *arn.version());
    if (version) machine = std::make_shared<const MachineRecord>(version->machine);
  }
  // An alias is described by DescribeStateMachineAlias alone.
  if (!machine || (!arn.qualifier.empty() && !version)) {
    return Err{service_error("StateMachineDoesNotExist",
                             "State Machine Does Not Exist: '" + arn.text + "'")};
  }
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("stateMachineArn").string(arn.text).key("name").string(machine->name);
  out.key("status").string(machine->deleting ? "DELETING" : "ACTIVE");
  write_definition(out, directory_, machine->definition_hash,
                   fields.text_or("includedData", "ALL_DATA") == "ALL_DATA");
  out.key("roleArn").string(machine->role_arn).key("type").string(machine->type);
  out.key("creationDate");
  write_time(out, version ? version->creation_time : machine->creation_time);
  write_configuration(out, *machine);
  if (!machine->revision_id.empty()) out.key("revisionId").string(machine->revision_id);
  if (version && !version->description.empty()) {
    out.key("description").string(version->description);
  }
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Result Service::describe_machine_for_execution(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "executionArn", "execution"));
  const bool with_data = fields.text_or("includedData", "ALL_DATA") == "ALL_DATA";
  const auto view = engine_.describe(runtime::id_of_execution(arn.text));
  if (!view) {
    return Err{
        service_error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn.text + "'")};
  }
  const runtime::Summary& summary = view->summary;
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("stateMachineArn").string(summary.names.machine_arn());
  out.key("name").string(summary.names.machine);
  write_definition(out, directory_, summary.revision, with_data);
  out.key("roleArn").string(summary.role_arn).key("updateDate");
  write_time(out, summary.revision_time);
  if (!summary.map_run.empty()) {
    const std::string labelled = runtime::labelled_machine(summary.map_run);
    out.key("mapRunArn").string(summary.map_run);
    out.key("label").string(labelled.substr(labelled.find('/') + 1));
  }
  if (const auto machine = directory_.machine(summary.names.machine_arn())) {
    write_configuration(out, *machine);
  }
  if (!summary.revision_id.empty()) out.key("revisionId").string(summary.revision_id);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

asl::ParseOptions Service::parse_options(std::string_view type) const {
  asl::ParseOptions options;
  if (type == "EXPRESS") options.type = asl::MachineType::kExpress;
  options.has_service = [this](std::string_view resource_type) {
    return has_integration(*operations_, resource_type);
  };
  return options;
}

::pawl::Result<void, ServiceError> Service::check_definition(std::string_view definition,
                                                             std::string_view type,
                                                             std::string_view name) const {
  const asl::ParseOutcome outcome = asl::parse(definition, parse_options(type));
  if (!outcome.ok()) {
    return Err{
        service_error("InvalidDefinition", asl::invalid_definition_message(outcome.diagnostics))};
  }
  for (const asl::Diagnostic& diagnostic : outcome.diagnostics) {
    log_info("state machine {}: {} at {}", name, diagnostic.message, diagnostic.location);
  }
  return {};
}

Service::Result Service::validate_definition(const Call& call) {
  constexpr std::size_t kDiagnosticsMax = 100;
  const Fields fields(call.input);
  const asl::ParseOutcome outcome = asl::parse(TRY(fields.required("definition")),
                                               parse_options(fields.text_or("type", "STANDARD")));
  const bool warnings_too = fields.text_or("severity", "ERROR") == "WARNING";
  const auto wanted_max = static_cast<std::size_t>(fields.integer("maxResults").value_or(0));
  const std::size_t limit = wanted_max == 0 ? kDiagnosticsMax : wanted_max;
  std::string text;
  json::Writer out(text);
  out.begin_object().key("result").string(outcome.ok() ? "OK" : "FAIL");
  out.key("diagnostics").begin_array();
  std::size_t count = 0;
  for (const asl::Diagnostic& diagnostic : outcome.diagnostics) {
    const bool error = diagnostic.severity == asl::Diagnostic::Severity::kError;
    if (!error && !warnings_too) continue;
    if (count++ >= limit) continue;
    out.begin_object().key("severity").string(error ? "ERROR" : "WARNING");
    out.key("code").string(diagnostic.code).key("message").string(diagnostic.message);
    if (!diagnostic.location.empty()) out.key("location").string(diagnostic.location);
    out.end_object();
  }
  out.end_array().key("truncated").boolean(count > limit).end_object();
  return json::Value::trusted(std::move(text));
}

// Asynchronous as on AWS (A4.7): the machine is DELETING at once, what still runs is stopped, and
// then the record goes. Executions keep their definition and their history.
void Service::delete_machine(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "stateMachineArn", "stateMachine");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  if (!arn->label.empty()) return reply(Err{labelled_arn_refused()});
  if (!arn->qualifier.empty()) {
    return reply(
        Err{validation_error("The ARN must not name a version or an alias: " + arn->text)});
  }
  auto found = std::make_shared<bool>(false);
  const auto decide = [arn = arn->text, found](const runtime::Catalog::View& view) {
    std::vector<runtime::Catalog::Change> changes;
    const std::string* record = view.find(kMachineTable, arn);
    auto machine = record ? MachineRecord::from_json(json::Value::trusted(*record)) : std::nullopt;
    if (!machine) return changes;
    *found = true;
    machine->deleting = true;
    changes.push_back({std::string(kMachineTable), arn, std::string(machine->to_json().text())});
    changes.push_back({std::string(kTagTable), arn, std::nullopt});
    for (const VersionRecord& version : versions_of(view, arn)) {
      changes.push_back(
          {std::string(kVersionTable), version_key(arn, version.number), std::nullopt});
    }
    for (const AliasRecord& alias : aliases_of(view, arn)) {
      changes.push_back({std::string(kAliasTable), alias.arn(), std::nullopt});
    }
    return changes;
  };
  catalog_.update(decide, [this, arn = arn->text, found, reply] {
    directory_.forget(arn);
    if (!*found) return reply(json::Value::trusted("{}"));
    finish_deletion(arn, reply);
  });
}

void Service::resume_unfinished() {
  operator_.resume_indexing();
  std::vector<std::string> deleting;
  catalog_.for_each(kMachineTable, [&deleting](const std::string& arn, const std::string& record) {
    const auto machine = MachineRecord::from_json(json::Value::trusted(record));
    if (machine && machine->deleting) deleting.push_back(arn);
  });
  for (const std::string& arn : deleting) {
    finish_deletion(arn, [](Result) {});
  }
}

void Service::finish_deletion(const std::string& arn, const Reply& reply) {
  const auto page = runtime::list_executions(
      engine_.store(),
      {.machine_arn = arn, .statuses = {machine::Status::kRunning}, .after = {}, .limit = 100},
      engine_.horizon());
  if (page.entries.empty() && !page.next) {
    catalog_.update(
        [arn](const runtime::Catalog::View& view) {
          std::vector<runtime::Catalog::Change> changes;
          if (view.find(kMachineTable, arn)) {
            changes.push_back({std::string(kMachineTable), arn, std::nullopt});
          }
          for (const std::string_view table : {kPauseTable, kHaltTable, kPastRevisionTable}) {
            if (view.find(table, arn)) changes.push_back({std::string(table), arn, std::nullopt});
          }
          return changes;
        },
        [this, arn, reply] {
          directory_.forget(arn);
          operator_.publish_halting();
          operator_.publish_pauses([reply] { reply(json::Value::trusted("{}")); });
        });
    return;
  }
  reply(json::Value::trusted("{}"));
  // One page is stopped, then the next is looked for, until nothing runs.
  auto left = std::make_shared<std::atomic<std::size_t>>(page.entries.size());
  for (const runtime::ListEntry& entry : page.entries) {
    engine_.deliver(entry.position.id, machine::Stop{}, [this, arn, left](runtime::Delivery) {
      if (left->fetch_sub(1) == 1) finish_deletion(arn, [](Result) {});
    });
  }
}

}  // namespace pawl::states
