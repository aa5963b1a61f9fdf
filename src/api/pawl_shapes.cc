// Pawl's own operations, under /_pawl/ beside its pages: no bucket or function path begins so.
#include "api/model.h"

namespace pawl::api {

namespace {

void add_execution_operations(ServiceModel& model) {
  Shapes& shapes = model.shapes();
  const Shape* arn = shapes.string({.min = 1, .max = 256});
  model.add({.name = "Explain", .effect = Effect::kReads, .http = {.path = "/_pawl/explain"}},
            {{"executionArn", arn, Presence::kRequired}});
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
