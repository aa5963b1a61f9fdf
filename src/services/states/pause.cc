// Pause and resume of one execution, of a machine, or of everything (docs/operate.md).
#include <memory>
#include <utility>

#include "services/states/arns.h"
#include "services/states/fields.h"
#include "services/states/operator.h"
#include "services/states/past_revisions.h"
#include "services/states/start.h"

namespace pawl::states {

namespace {

using runtime::Catalog;
using runtime::Delivery;
using runtime::Pause;
using runtime::Reply;

bool is_execution(std::string_view target) {
  return target.find(":execution:") != std::string_view::npos;
}

std::string record_of(const Pause& pause) {
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("since")
      .integer(pause.since)
      .key("by")
      .string(pause.by)
      .key("reason")
      .string(pause.reason)
      .end_object();
  return text;
}

Pause pause_of(const std::string& record) {
  const json::Value value = json::Value::trusted(record);
  const Fields fields(value);
  return {.since = fields.integer("since").value_or(0),
          .by = std::string(fields.text_or("by", "")),
          .reason = std::string(fields.text_or("reason", ""))};
}

// Whether the call changed anything.
json::Value changed(bool changed) {
  return json::Value::trusted(changed ? R"({"changed":true})" : R"({"changed":false})");
}

void answer(const Reply& reply, const std::string& arn, const Delivery& delivery) {
  switch (delivery.kind) {
    case Delivery::Kind::kAccepted:
      return reply(changed(true));
    case Delivery::Kind::kStale:
      if (delivery.stop_time == 0) return reply(changed(false));
      return reply(Err{service_error("ExecutionNotRunning", "Execution has ended: '" + arn + "'")});
    case Delivery::Kind::kNotFound:
      return reply(
          Err{service_error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn + "'")});
    case Delivery::Kind::kLost:
      return reply(Err{not_durable()});
  }
}

}  // namespace

runtime::Pauses load_pauses(const Catalog& catalog) {
  runtime::Pauses pauses;
  catalog.for_each(kPauseTable, [&pauses](const std::string& key, const std::string& record) {
    if (key == kAll) {
      pauses.everything = pause_of(record);
    } else {
      pauses.machines[runtime::digest_of_machine(key)] = pause_of(record);
    }
  });
  return pauses;
}

void write_pause(json::Writer& out, const Pause& pause) {
  out.key("since");
  write_time(out, pause.since);
  if (!pause.by.empty()) out.key("by").string(pause.by);
  if (!pause.reason.empty()) out.key("reason").string(pause.reason);
}

::pawl::Result<std::string, ServiceError> Operator::read_target(const Call& call) const {
  const Fields fields(call.input);
  const auto execution = fields.text("executionArn");
  const auto machine = fields.text("stateMachineArn");
  const bool all = fields.flag("all");
  if (int{execution.has_value()} + int{machine.has_value()} + int{all} != 1) {
    return Err{validation_error("Exactly one of executionArn, stateMachineArn and all is needed")};
  }
  if (all) return std::string(kAll);
  if (execution) return TRY(parse_arn(*execution, "execution")).text;
  const Arn arn = TRY(parse_arn(*machine, "stateMachine"));
  if (!arn.qualifier.empty() || !arn.label.empty()) {
    return Err{validation_error("A state machine is paused as a whole, with all its versions")};
  }
  if (!directory_.machine(arn.text)) {
    return Err{service_error("StateMachineDoesNotExist",
                             "State Machine Does Not Exist: '" + arn.text + "'")};
  }
  return arn.text;
}

// The catalog first: what is durable is what the next process begins with. Then every shard.
void Operator::pause(const Call& call, const Reply& reply) {
  auto target = read_target(call);
  if (!target.ok()) return reply(Err{std::move(target).error()});
  const Fields fields(call.input);
  const Pause pause{.since = clock_.wall_now(),
                    .by = std::string(fields.text_or("by", call.principal.access_key)),
                    .reason = std::string(fields.text_or("reason", ""))};
  if (is_execution(*target)) {
    return engine_.pause(
        runtime::id_of_execution(*target), pause,
        [reply, arn = *target](const Delivery& delivery) { answer(reply, arn, delivery); });
  }
  auto is_new = std::make_shared<bool>(false);
  catalog_.update(
      [key = *target, record = record_of(pause), is_new](const Catalog::View& view) {
        std::vector<Catalog::Change> changes;
        *is_new = view.find(kPauseTable, key) == nullptr;
        if (*is_new) changes.push_back({std::string(kPauseTable), key, record});
        return changes;
      },
      [this, reply, is_new] { publish_pauses([reply, is_new] { reply(changed(*is_new)); }); });
}

void Operator::resume(const Call& call, const Reply& reply) {
  auto target = read_target(call);
  if (!target.ok()) return reply(Err{std::move(target).error()});
  if (is_execution(*target)) {
    return engine_.resume(
        runtime::id_of_execution(*target),
        [reply, arn = *target](const Delivery& delivery) { answer(reply, arn, delivery); });
  }
  auto was_there = std::make_shared<bool>(false);
  catalog_.update(
      [key = *target, was_there](const Catalog::View& view) {
        std::vector<Catalog::Change> changes;
        *was_there = view.find(kPauseTable, key) != nullptr;
        if (*was_there) changes.push_back({std::string(kPauseTable), key, std::nullopt});
        return changes;
      },
      [this, reply, was_there] {
        publish_pauses([reply, was_there] { reply(changed(*was_there)); });
      });
}

// In the order of the table's states: what is published last is what the table says last.
void Operator::publish_pauses(std::function<void()> done) {
  const std::lock_guard lock(publishing_);
  engine_.set_pauses(load_pauses(catalog_), std::move(done));
}

runtime::OperationResult Operator::list_pauses() const {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  if (const auto record = catalog_.get(kPauseTable, kAll)) {
    out.key("all").begin_object();
    write_pause(out, pause_of(*record));
    out.end_object();
  }
  out.key("stateMachines").begin_array();
  catalog_.for_each(kPauseTable, [&out](const std::string& key, const std::string& record) {
    if (key == kAll) return;
    out.begin_object().key("stateMachineArn").string(key);
    write_pause(out, pause_of(record));
    out.end_object();
  });
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

void Operator::add_to(runtime::Operations& operations) {
  const auto add = [&](const char* name, void (Operator::*run)(const Call&, const Reply&)) {
    operations.add("pawl", name, [this, run](const Call& call, const Reply& reply) {
      (this->*run)(call, reply);
    });
  };
  add("Pause", &Operator::pause);
  add("Resume", &Operator::resume);
  add("Bulk", &Operator::bulk);
  add("Delete", &Operator::delete_execution);
  add("ChooseOnFailure", &Operator::choose_on_failure);
  add("ContinueExecution", &Operator::continue_execution);
  add("FailExecution", &Operator::fail_execution);
  add("DeclareSearch", &Operator::declare_search);
  add("RemoveSearch", &Operator::remove_search);
  const auto answered = [&](const char* name,
                            runtime::OperationResult (Operator::*run)(const Call&) const) {
    operations.add("pawl", name, [this, run](const Call& call, const Reply& reply) {
      reply((this->*run)(call));
    });
  };
  answered("ListHalting", &Operator::list_halting);
  answered("ListSearch", &Operator::list_search);
  answered("List", &Operator::list_executions);
  answered("Count", &Operator::count_executions);
  operations.add("pawl", "ListRevisions", [this](const Call& call, const Reply& reply) {
    reply(list_revisions(catalog_, directory_, call));
  });
  operations.add("pawl", "DescribeRevision", [this](const Call& call, const Reply& reply) {
    reply(describe_revision(catalog_, directory_, call));
  });
  operations.add("pawl", "ListPauses",
                 [this](const Call&, const Reply& reply) { reply(list_pauses()); });
}

}  // namespace pawl::states
