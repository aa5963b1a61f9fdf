// AWS Security Token Service, API version 2011-06-15: who am I. Tools ask it before anything else.
#include "api/model.h"

namespace pawl::api {

ServiceModel sts_model() {
  ServiceModel model({.signing_name = "sts",
                      .protocol = Protocol::kQuery,
                      .xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/"});
  model.add({.name = "GetCallerIdentity", .effect = Effect::kReads}, {});
  return model;
}

}  // namespace pawl::api
