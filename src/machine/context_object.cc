#include "machine/context_object.h"

#include "machine/strand_tree.h"
#include "machine/timestamps.h"

namespace pawl::machine {

std::optional<MapItem> map_item_of(const Execution& execution, const Strand& strand) {
  const Strand* inner = &strand;
  while (!is_top(*inner)) {
    const Strand& parent = strand_at(execution, inner->parent);
    if (parent.map) {
      const auto index = static_cast<std::size_t>(inner->index);
      return MapItem{.index = inner->index, .value = parent.map->items.root().at(index)};
    }
    inner = &parent;
  }
  return std::nullopt;
}

namespace {

// Express executions show their start after their name, and one that its caller waits for no
// redrives.
json::Node execution_part(const Work& work, json::Arena& arena) {
  const Identity& identity = work.context.identity;
  const bool standard = identity.kind == Identity::Kind::kStandard;
  const json::Node start = arena.string(print_timestamp(work.execution.start_time));
  json::ObjectBuilder part(arena);
  part.set("Id", json::Node::string(identity.execution_arn));
  part.set("Input", work.execution.input.root());
  if (standard) part.set("StartTime", start);
  part.set("Name", json::Node::string(identity.execution_name));
  part.set("RoleArn", json::Node::string(identity.role_arn));
  if (!standard) part.set("StartTime", start);
  if (identity.kind == Identity::Kind::kSynchronousExpress) return part.finish();
  part.set("RedriveCount", arena.integer(work.execution.redrive_count));
  if (work.execution.redrive_time != 0) {
    part.set("RedriveTime", arena.string(print_timestamp(work.execution.redrive_time)));
  }
  return part.finish();
}

json::Node state_machine_part(const Identity& identity, json::Arena& arena) {
  json::ObjectBuilder part(arena);
  part.set("Id", json::Node::string(identity.state_machine_arn));
  part.set("Name", json::Node::string(identity.state_machine_name));
  return part.finish();
}

bool counts_retries(StateType type) {
  return type == StateType::kTask || type == StateType::kParallel || type == StateType::kMap;
}

json::Node state_part(const Strand& strand, json::Arena& arena) {
  json::ObjectBuilder part(arena);
  part.set("Name", json::Node::string(strand.state_name));
  part.set("EnteredTime", arena.string(print_timestamp(strand.entered_time)));
  if (counts_retries(strand.state_type)) part.set("RetryCount", arena.integer(strand.retry_count));
  return part.finish();
}

// Only of a task that somebody else ends, while its parameters are made: then its TaskScheduled is
// the very next event.
bool has_token(const Work& work) {
  const auto* task = std::get_if<asl::TaskState>(&work.state.form);
  return task != nullptr && task->resource.kind == asl::TaskResource::Kind::kService &&
         task->resource.pattern != asl::TaskPattern::kRequestResponse &&
         (work.strand.phase == Phase::kEntered || work.strand.phase == Phase::kBackoff);
}

json::Node task_part(const Work& work, json::Arena& arena) {
  json::ObjectBuilder part(arena);
  part.set("Token", arena.string(work.context.task_token(work.execution.last_event + 1)));
  return part.finish();
}

json::Node map_part(const MapItem& item, json::Arena& arena) {
  json::ObjectBuilder inner(arena);
  inner.set("Index", arena.integer(item.index));
  inner.set("Value", item.value);
  if (item.key) inner.set("Key", json::Node::string(*item.key));
  if (!item.source.empty()) inner.set("Source", json::Node::string(item.source));
  json::ObjectBuilder part(arena);
  part.set("Item", inner.finish());
  return part.finish();
}

}  // namespace

json::Node context_object(const Work& work, const std::optional<MapItem>& item,
                          json::Arena& arena) {
  json::ObjectBuilder context(arena);
  const Inspection* inspection = work.context.inspection;
  if (inspection && inspection->context_object) {
    for (const json::Member& member : inspection->context_object->root().members()) {
      context.set(member.key.string(), member.value);
    }
    if (item) context.set("Map", map_part(*item, arena));
    return context.finish();
  }
  context.set("Execution", execution_part(work, arena));
  context.set("StateMachine", state_machine_part(work.context.identity, arena));
  context.set("State", state_part(work.strand, arena));
  if (has_token(work)) context.set("Task", task_part(work, arena));
  if (item) context.set("Map", map_part(*item, arena));
  return context.finish();
}

}  // namespace pawl::machine
