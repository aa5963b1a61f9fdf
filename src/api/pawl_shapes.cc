// Pawl's own operations, under /_pawl/ beside its pages: no bucket or function path begins so.
#include "api/model.h"

namespace pawl::api {

ServiceModel pawl_model() {
  ServiceModel model({.signing_name = "pawl", .protocol = Protocol::kRestJson});
  Shapes& shapes = model.shapes();
  const Shape* directory = shapes.string({.min = 1, .max = 4'096});
  model.add({.name = "Backup", .http = {.method = "POST", .path = "/_pawl/backup"}},
            {{"directory", directory, Presence::kRequired}});
  return model;
}

}  // namespace pawl::api
