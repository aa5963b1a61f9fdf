// Pawl's own operations, under /_pawl/ beside its pages: no bucket or function path begins so.
#include "api/model.h"

namespace pawl::api {

namespace {

void add_execution_operations(ServiceModel& model) {
  Shapes& shapes = model.shapes();
  const Shape* arn = shapes.string({.min = 1, .max = 256});
  model.add({.name = "Explain", .effect = Effect::kReads, .http = {.path = "/_pawl/explain"}},
            {{"executionArn", arn, Presence::kRequired}});
  model.add({.name = "Fork", .http = {.path = "/_pawl/fork"}},
            {{"executionArn", arn, Presence::kRequired},
             {"eventId", shapes.integer({.min = 1, .max = {}}), Presence::kRequired},
             {"name", shapes.string({.min = 1, .max = 80})},
             {"input", shapes.string()},
             {"definition", shapes.string({.min = 1, .max = 1'048'576})},
             {"stateMachineArn", arn}});
}

// An execution, a machine or everything; the operations check that it is one of them.
void add_pause_operations(ServiceModel& model) {
  Shapes& shapes = model.shapes();
  const Shape* arn = shapes.string({.min = 1, .max = 256});
  const Shape* text = shapes.string({.min = 0, .max = 1'024});
  const std::vector<Member> target = {
      {"executionArn", arn}, {"stateMachineArn", arn}, {"all", shapes.boolean()}};
  std::vector<Member> pause = target;
  pause.push_back({"reason", text});
  pause.push_back({"by", text});
  model.add({.name = "Pause", .http = {.path = "/_pawl/pause"}}, pause);
  model.add({.name = "Resume", .http = {.path = "/_pawl/resume"}}, target);
  model.add({.name = "ListPauses", .effect = Effect::kReads, .http = {.path = "/_pawl/pauses"}},
            {});
}

// Halting where an execution would fail, and what is done with what has halted.
void add_halting_operations(ServiceModel& model) {
  Shapes& shapes = model.shapes();
  const Shape* arn = shapes.string({.min = 1, .max = 256});
  model.add({.name = "ChooseOnFailure", .http = {.path = "/_pawl/on-failure"}},
            {{"stateMachineArn", arn, Presence::kRequired},
             {"action", shapes.enumeration({"halt", "fail"}), Presence::kRequired},
             {"by", shapes.string({.min = 0, .max = 1'024})}});
  model.add({.name = "ListHalting", .effect = Effect::kReads, .http = {.path = "/_pawl/halting"}},
            {});
  model.add({.name = "ContinueExecution", .http = {.path = "/_pawl/continue"}},
            {{"executionArn", arn, Presence::kRequired}, {"latest", shapes.boolean()}});
  model.add({.name = "FailExecution", .http = {.path = "/_pawl/fail"}},
            {{"executionArn", arn, Presence::kRequired}});
}

// A filter of executions, as several operations take it.
std::vector<Member> selection_members(Shapes& shapes) {
  const Shape* arn = shapes.string({.min = 1, .max = 256});
  const Shape* time = shapes.number(ShapeType::kDouble, {.min = 0, .max = {}});
  const Shape* status =
      shapes.enumeration({"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"});
  return {{"stateMachineArn", arn},
          {"mapRunArn", arn},
          {"statuses", shapes.list(status)},
          {"startedFrom", time},
          {"startedBefore", time},
          {"namePrefix", shapes.string({.min = 0, .max = 80})},
          {"paused", shapes.boolean()},
          {"halted", shapes.boolean()},
          {"where", shapes.list(shapes.string({.min = 1, .max = 1'024}))},
          {"nextToken", shapes.string({.min = 1, .max = 2'048})},
          {"limit", shapes.integer({.min = 1, .max = 1'000})}};
}

void add_bulk_operations(ServiceModel& model) {
  Shapes& shapes = model.shapes();
  std::vector<Member> bulk = selection_members(shapes);
  bulk.push_back({"action", shapes.enumeration({"stop", "redrive", "delete", "continue", "fail"}),
                  Presence::kRequired});
  bulk.push_back({"latest", shapes.boolean()});
  bulk.push_back({"dryRun", shapes.boolean()});
  bulk.push_back({"error", shapes.string({.min = 0, .max = 256})});
  bulk.push_back({"cause", shapes.string({.min = 0, .max = 32'768})});
  model.add({.name = "Bulk", .http = {.path = "/_pawl/bulk"}}, bulk);
  model.add({.name = "Delete", .http = {.path = "/_pawl/delete"}},
            {{"executionArn", shapes.string({.min = 1, .max = 256}), Presence::kRequired}});
}

void add_search_operations(ServiceModel& model) {
  Shapes& shapes = model.shapes();
  const Shape* arn = shapes.string({.min = 1, .max = 256});
  const Shape* text = shapes.string({.min = 1, .max = 1'024});
  model.add({.name = "List", .effect = Effect::kReads, .http = {.path = "/_pawl/list"}},
            selection_members(shapes));
  const Shape* attribute =
      shapes.structure("SearchAttribute", {{"name", text, Presence::kRequired},
                                           {"path", text, Presence::kRequired},
                                           {"source", shapes.enumeration({"input", "output"})}});
  model.add({.name = "DeclareSearch", .http = {.path = "/_pawl/search/declare"}},
            {{"stateMachineArn", arn, Presence::kRequired},
             {"attributes", shapes.list(attribute), Presence::kRequired}});
  model.add({.name = "RemoveSearch", .http = {.path = "/_pawl/search/remove"}},
            {{"stateMachineArn", arn, Presence::kRequired},
             {"names", shapes.list(text), Presence::kRequired}});
  model.add(
      {.name = "ListSearch", .effect = Effect::kReads, .http = {.path = "/_pawl/search/list"}},
      {{"stateMachineArn", arn}});
}

// What the console reads beside AWS's operations (docs/console.md).
void add_console_operations(ServiceModel& model) {
  Shapes& shapes = model.shapes();
  const Shape* arn = shapes.string({.min = 1, .max = 2'000});
  model.add({.name = "WatchEvents",
             .effect = Effect::kReads,
             .http = {.method = "GET", .path = "/_pawl/events"}},
            {{"executionArn", arn, Presence::kOptional, Location::kQuery},
             {"stateMachineArn", arn, Presence::kOptional, Location::kQuery},
             {"resource", shapes.enumeration({"mapRun", "pipeline", "stack"}), Presence::kOptional,
              Location::kQuery},
             {"name", arn, Presence::kOptional, Location::kQuery}});
  model.add({.name = "ReadHistory", .effect = Effect::kReads, .http = {.path = "/_pawl/history"}},
            {{"executionArn", arn, Presence::kRequired},
             {"maxResults", shapes.integer({.min = 1, .max = 10'000})},
             {"nextToken", shapes.string({.min = 1, .max = 1'024})},
             {"reverseOrder", shapes.boolean()},
             {"includeExecutionData", shapes.boolean()}});
  model.add(
      {.name = "ListRevisions", .effect = Effect::kReads, .http = {.path = "/_pawl/revisions"}},
      {{"stateMachineArn", arn, Presence::kRequired}});
  model.add({.name = "DescribeRevision",
             .effect = Effect::kReads,
             .http = {.path = "/_pawl/revisions/describe"}},
            {{"stateMachineArn", arn, Presence::kRequired},
             {"revisionId", shapes.string({.min = 1, .max = 64}), Presence::kRequired}});
  model.add({.name = "Count", .effect = Effect::kReads, .http = {.path = "/_pawl/count"}},
            {{"stateMachineArn", arn, Presence::kRequired},
             {"startedFrom", shapes.number(ShapeType::kDouble, {.min = 0, .max = {}})},
             {"nextToken", shapes.string({.min = 1, .max = 1'024})}});
}

}  // namespace

ServiceModel pawl_model() {
  ServiceModel model({.signing_name = "pawl", .protocol = Protocol::kRestJson});
  Shapes& shapes = model.shapes();
  const Shape* directory = shapes.string({.min = 1, .max = 4'096});
  model.add({.name = "Backup", .http = {.method = "POST", .path = "/_pawl/backup"}},
            {{"directory", directory, Presence::kRequired}});
  model.add({.name = "DescribeBackup",
             .effect = Effect::kReads,
             .http = {.method = "POST", .path = "/_pawl/backup/describe"}},
            {});
  model.add({.name = "PutStackSignal",
             .effect = Effect::kHoldsSecret,
             .http = {.method = "PUT", .path = "/_pawl/stack-signals/{Token}"}},
            {{"Token", shapes.string({.min = 64, .max = 64}), Presence::kRequired, Location::kPath},
             {"Signal", shapes.json(), Presence::kRequired, Location::kPayload}});
  add_execution_operations(model);
  add_pause_operations(model);
  add_halting_operations(model);
  add_bulk_operations(model);
  add_search_operations(model);
  add_console_operations(model);
  return model;
}

}  // namespace pawl::api
