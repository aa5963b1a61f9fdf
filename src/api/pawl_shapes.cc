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

}  // namespace

ServiceModel pawl_model() {
  ServiceModel model({.signing_name = "pawl", .protocol = Protocol::kRestJson});
  Shapes& shapes = model.shapes();
  const Shape* directory = shapes.string({.min = 1, .max = 4'096});
  model.add({.name = "Backup", .http = {.method = "POST", .path = "/_pawl/backup"}},
            {{"directory", directory, Presence::kRequired}});
  add_execution_operations(model);
  return model;
}

}  // namespace pawl::api
