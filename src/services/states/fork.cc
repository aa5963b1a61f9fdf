// Fork: a new execution from any event of another one, with the same or another definition, with
// the same or another input. Pawl's own operation (docs/extensions.md).
#include <utility>

#include "runtime/history.h"
#include "services/states/fields.h"
#include "services/states/service.h"
#include "services/states/start.h"

namespace pawl::states {

namespace {

std::optional<json::Value> read_json(const Fields& fields, std::string_view name) {
  const auto text = fields.text(name);
  if (!text) return std::nullopt;
  auto value = json::Value::parse(std::string(*text));
  return value.ok() ? std::optional(std::move(value).value()) : std::nullopt;
}

runtime::OperationResult forked(const std::string& arn, const runtime::ForkOutcome& outcome) {
  using Kind = runtime::ForkOutcome::Kind;
  switch (outcome.kind) {
    case Kind::kForked:
      return started(arn, {runtime::StartOutcome::Kind::kStarted, outcome.start_time});
    case Kind::kAlreadyExists:
      return started(arn, {runtime::StartOutcome::Kind::kAlreadyExists});
    case Kind::kRefused:
      return Err{validation_error("The execution cannot go on from there: " + outcome.why)};
    case Kind::kOverloaded:
    case Kind::kNoSpace:
    case Kind::kLost:
      break;
  }
  return Err{refused_by_engine(outcome.kind)};
}

// The source's definition and names, as a start of its own.
runtime::StartRequest same_again(const runtime::Summary& source) {
  return {.names = source.names,
          .definition = nullptr,
          .revision = source.revision,
          .revision_id = source.revision_id,
          .revision_time = source.revision_time,
          .version = source.version,
          .alias = source.alias,
          .role_arn = source.role_arn,
          .trace_header = source.trace_header,
          .input = {},
          .started_by = {}};
}

}  // namespace

::pawl::Result<runtime::ForkRequest, ServiceError> Service::read_fork(const Fields& fields) const {
  const Arn arn = TRY(required_arn(fields, "executionArn", "execution"));
  const runtime::ExecutionId id = runtime::id_of_execution(arn.text);
  const auto view = engine_.describe(id);
  if (!view) {
    return Err{
        service_error("ExecutionDoesNotExist", "Execution Does Not Exist: '" + arn.text + "'")};
  }
  runtime::ForkRequest request{
      .start = same_again(view->summary), .inherited = {}, .fork = {}, .source_arn = arn.text};
  if (const auto machine = fields.text("stateMachineArn")) {
    const Arn target = TRY(parse_arn(*machine, "stateMachine"));
    if (!target.label.empty()) return Err{labelled_arn_refused()};
    Revision revision = TRY(find_revision(target));
    if (revision.machine->type == "EXPRESS") return Err{type_not_supported()};
    if (revision.machine->deleting) return Err{machine_deleting(revision.machine->arn)};
    request.start.names = {target.region, target.account, target.name, {}};
    request.start.revision = revision.machine->definition_hash;
    request.start.revision_id = revision.machine->revision_id;
    request.start.revision_time = revision.machine->update_time;
    request.start.version = revision.version;
    request.start.alias = std::move(revision.alias);
    request.start.role_arn = revision.machine->role_arn;
  }
  request.start.names.execution = new_uuid();
  if (const auto name = fields.text("name")) {
    TRY(check_name(*name));
    request.start.names.execution = *name;
  }
  const std::int64_t last = fields.integer("eventId").value_or(0);
  auto events = runtime::read_events(engine_.store(), view->summary, id, last);
  if (!events.ok()) return Err{service_error("InternalFailure", events.error())};
  if (events->empty() || events->back().id != last) {
    return Err{validation_error("The execution has no event " + std::to_string(last))};
  }
  request.inherited = std::move(events).value();
  request.fork = {.input = read_json(fields, "input"), .target = request.inherited.back().strand};
  if (fields.text("input") && !request.fork.input) {
    return Err{service_error("InvalidExecutionInput",
                             "Invalid State Machine Execution Input: 'Invalid execution input.'")};
  }
  auto* first = std::get_if<machine::ExecutionStarted>(&request.inherited.front().body);
  ENSURE(first != nullptr, arn.text);
  if (last == 1 && request.fork.input) first->input = *request.fork.input;
  request.start.input = first->input;
  return request;
}

void Service::fork_execution(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto read = read_fork(fields);
  if (!read.ok()) return reply(Err{std::move(read).error()});
  auto request = std::make_shared<runtime::ForkRequest>(std::move(read).value());
  const auto go = [this, reply, request] {
    request->start.definition = directory_.definition(request->start.revision);
    if (!request->start.definition) {
      return reply(Err{validation_error("The execution's definition is not stored any more")});
    }
    const std::string arn = request->start.names.execution_arn();
    engine_.fork(std::move(*request), [reply, arn](const runtime::ForkOutcome& outcome) {
      reply(forked(arn, outcome));
    });
  };
  const auto definition = fields.text("definition");
  if (!definition) return go();
  auto checked = check_definition(*definition, "STANDARD", request->start.names.machine);
  if (!checked.ok()) return reply(Err{std::move(checked).error()});
  request->start.revision = hash_of_definition("STANDARD", *definition);
  request->start.version = 0;
  request->start.alias.clear();
  catalog_.update(
      [hash = request->start.revision,
       text = "STANDARD\n" + std::string(*definition)](const runtime::Catalog::View&) {
        return std::vector<runtime::Catalog::Change>{{std::string(kDefinitionTable), hash, text}};
      },
      go);
}

}  // namespace pawl::states
