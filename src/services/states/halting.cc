// Halting where an execution would fail, as a machine's choice, and what is done with what has
// halted: try the state again, or fail after all (docs/operate.md).
#include <memory>
#include <set>
#include <utility>

#include "services/states/arns.h"
#include "services/states/fields.h"
#include "services/states/operator.h"
#include "services/states/start.h"

namespace pawl::states {

namespace {

using runtime::Catalog;
using runtime::ServiceError;
using runtime::TryAgainOutcome;

ServiceError not_halted(const std::string& arn) {
  return service_error("ExecutionNotHalted", "Execution has not halted: '" + arn + "'");
}

ServiceError no_such_execution(const std::string& arn) {
  return service_error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'");
}

std::string record_of(WallMillis since, const std::string& by) {
  std::string text;
  json::Writer(text).begin_object().key("since").integer(since).key("by").string(by).end_object();
  return text;
}

json::Value changed(bool changed) {
  return json::Value::trusted(changed ? R"({"changed":true})" : R"({"changed":false})");
}

// An unqualified machine of the kind whose executions have a place to stand still.
::pawl::Result<std::string, ServiceError> read_machine(const Fields& fields,
                                                       const Directory& directory) {
  const Arn arn = TRY(required_arn(fields, "stateMachineArn", "stateMachine"));
  if (!arn.qualifier.empty() || !arn.label.empty()) {
    return Err{
        validation_error("The choice is a state machine's as a whole, with all its versions")};
  }
  const auto machine = directory.machine(arn.text);
  if (!machine) {
    return Err{service_error("StateMachineDoesNotExist",
                             "State Machine Does Not Exist: '" + arn.text + "'")};
  }
  if (machine->type == "EXPRESS") {
    return Err{validation_error("Executions of Express state machines cannot halt")};
  }
  return machine->arn;
}

}  // namespace

void load_halting(const Catalog& catalog, runtime::HaltingMachines& machines) {
  std::set<std::uint64_t> digests;
  catalog.for_each(kHaltTable, [&digests](const std::string& arn, const std::string&) {
    digests.insert(runtime::digest_of_machine(arn));
  });
  machines.set(std::move(digests));
}

void Operator::publish_halting() {
  const std::lock_guard lock(publishing_);
  load_halting(catalog_, engine_.halting());
}

void Operator::choose_on_failure(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto machine = read_machine(fields, directory_);
  if (!machine.ok()) return reply(Err{std::move(machine).error()});
  const std::string_view action = fields.text_or("action", "");
  if (action != "halt" && action != "fail") {
    return reply(Err{validation_error("action is halt or fail")});
  }
  const std::string by(fields.text_or("by", call.principal.access_key));
  auto is_new = std::make_shared<bool>(false);
  catalog_.update(
      [arn = *machine, halts = action == "halt", record = record_of(clock_.wall_now(), by),
       is_new](const Catalog::View& view) {
        std::vector<Catalog::Change> changes;
        *is_new = (view.find(kHaltTable, arn) != nullptr) != halts;
        if (*is_new) {
          changes.push_back(
              {std::string(kHaltTable), arn, halts ? std::optional(record) : std::nullopt});
        }
        return changes;
      },
      [this, reply, is_new] {
        publish_halting();
        reply(changed(*is_new));
      });
}

runtime::OperationResult Operator::list_halting(const Call&) const {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("stateMachines").begin_array();
  catalog_.for_each(kHaltTable, [&out](const std::string& arn, const std::string& record) {
    const json::Value value = json::Value::trusted(record);
    const Fields fields(value);
    out.begin_object().key("stateMachineArn").string(arn).key("since");
    write_time(out, fields.integer("since").value_or(0));
    const std::string by(fields.text_or("by", ""));
    if (!by.empty()) out.key("by").string(by);
    out.end_object();
  });
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

// The machine's own definition, also for an execution of a version: that is what was mended.
void Operator::try_again(const runtime::ExecutionId& id, const std::string& machine,
                         BulkOrder::Definition definition,
                         const std::function<void(TryAgainOutcome)>& done) {
  if (definition == BulkOrder::Definition::kPinned) {
    return engine_.try_again(id, std::nullopt, done);
  }
  const auto record = directory_.machine(machine);
  auto parsed = record ? directory_.definition(record->definition_hash) : nullptr;
  if (!parsed) {
    return done({.kind = TryAgainOutcome::Kind::kRefused,
                 .why = "its state machine does not exist any more"});
  }
  engine_.try_again(id,
                    runtime::NewRevision{.definition = std::move(parsed),
                                         .revision = record->definition_hash,
                                         .revision_id = record->revision_id,
                                         .revision_time = record->update_time},
                    done);
}

void Operator::continue_execution(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "executionArn", "execution");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  const runtime::ExecutionId id = runtime::id_of_execution(arn->text);
  const auto view = engine_.describe(id);
  if (!view) return reply(Err{no_such_execution(arn->text)});
  const auto definition =
      fields.flag("latest") ? BulkOrder::Definition::kLatest : BulkOrder::Definition::kPinned;
  const auto answer = [reply, arn = arn->text](const TryAgainOutcome& outcome) {
    switch (outcome.kind) {
      case TryAgainOutcome::Kind::kGoesOn:
        return reply(json::Value::trusted("{}"));
      case TryAgainOutcome::Kind::kNotFound:
        return reply(Err{no_such_execution(arn)});
      case TryAgainOutcome::Kind::kNotHalted:
        return reply(Err{not_halted(arn)});
      case TryAgainOutcome::Kind::kRefused:
        return reply(Err{validation_error("The execution cannot go on so: " + outcome.why)});
      case TryAgainOutcome::Kind::kLost:
        return reply(Err{not_durable()});
    }
  };
  try_again(id, view->summary.own_machine_arn(), definition, answer);
}

void Operator::fail_execution(const Call& call, const Reply& reply) {
  auto arn = required_arn(Fields(call.input), "executionArn", "execution");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  engine_.deliver(runtime::id_of_execution(arn->text), machine::GiveUp{},
                  [reply, arn = arn->text](const runtime::Delivery& delivery) {
                    switch (delivery.kind) {
                      case runtime::Delivery::Kind::kAccepted:
                        return reply(json::Value::trusted("{}"));
                      case runtime::Delivery::Kind::kStale:
                        return reply(Err{not_halted(arn)});
                      case runtime::Delivery::Kind::kNotFound:
                        return reply(Err{no_such_execution(arn)});
                      case runtime::Delivery::Kind::kLost:
                        return reply(Err{not_durable()});
                    }
                  });
}

}  // namespace pawl::states
