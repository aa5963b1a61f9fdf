// Functions' packages at signed addresses: what GetFunction's Code.Location points to.
#include "api/model.h"

namespace pawl::api {

ServiceModel packages_model() {
  ServiceModel model({.signing_name = "packages", .protocol = Protocol::kRestXml});
  Shapes& shapes = model.shapes();
  constexpr auto kRequired = Presence::kRequired;
  constexpr auto kOptional = Presence::kOptional;
  const Shape* output = shapes.structure(
      "", {{"ContentType", shapes.string(), kOptional, Location::kHeader, "content-type"},
           {"Body", shapes.blob(), kOptional, Location::kPayload}});
  model.add({.name = "GetPackage",
             .effect = Effect::kHoldsSecret,
             .http = {.method = "GET", .path = "/_pawl/packages/{Package}"},
             .output = output},
            {{"Package", shapes.string({.min = 64, .max = 64}), kRequired, Location::kPath},
             {"Expires", shapes.number(ShapeType::kLong), kRequired, Location::kQuery, "Expires"},
             {"Signature", shapes.string(), kRequired, Location::kQuery, "Signature"}});
  return model;
}

}  // namespace pawl::api
