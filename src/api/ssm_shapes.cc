// AWS Systems Manager, API version 2014-11-06: the parameter store.
#include "api/model.h"

namespace pawl::api {

namespace {

constexpr auto kRequired = Presence::kRequired;

struct Shared {
  const Shape* name;
  const Shape* names;
  const Shape* text;
  const Shape* boolean;
  const Shape* token;
  const Shape* tags;
  const Shape* filters;
};

Shared shared_shapes(Shapes& shapes) {
  Shared shared{};
  shared.name = shapes.string({.min = 1, .max = 2048});
  shared.names = shapes.list(shared.name, {.min = 1, .max = 10});
  shared.text = shapes.string();
  shared.boolean = shapes.boolean();
  shared.token = shapes.string();
  const Shape* tag =
      shapes.structure("Tag", {{"Key", shapes.string({.min = 1, .max = 128}), kRequired},
                               {"Value", shapes.string({.max = 256}), kRequired}});
  shared.tags = shapes.list(tag, {.min = {}, .max = 1000});
  const Shape* filter = shapes.structure(
      "ParameterStringFilter",
      {{"Key", shapes.string({.min = 1, .max = 132}), kRequired},
       {"Option", shapes.string({.min = 1, .max = 10})},
       {"Values", shapes.list(shapes.string({.min = 1, .max = 1024}), {.min = 1, .max = 50})}});
  shared.filters = shapes.list(filter);
  return shared;
}

void add_writes(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  model.add({.name = "PutParameter"},
            {{"Name", s.name, kRequired},
             {"Description", shapes.string({.max = 1024})},
             {"Value", shapes.string({.privacy = Privacy::kSensitive}), kRequired},
             {"Type", shapes.enumeration({"String", "StringList", "SecureString"})},
             {"KeyId", shapes.string({.min = 1, .max = 256})},
             {"Overwrite", s.boolean},
             {"AllowedPattern", shapes.string({.max = 1024})},
             {"Tags", s.tags},
             {"Tier", shapes.enumeration({"Standard", "Advanced", "Intelligent-Tiering"})},
             {"Policies", shapes.string({.min = 1, .max = 4096})},
             {"DataType", shapes.string({.max = 128})}});
  model.add({.name = "DeleteParameter"}, {{"Name", s.name, kRequired}});
  model.add({.name = "DeleteParameters"}, {{"Names", s.names, kRequired}});
  model.add({.name = "LabelParameterVersion"},
            {{"Name", s.name, kRequired},
             {"ParameterVersion", shapes.number(ShapeType::kLong)},
             {"Labels", shapes.list(shapes.string({.min = 1, .max = 100}), {.min = 1, .max = 10}),
              kRequired}});
}

void add_reads(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* page = shapes.integer({.min = 1, .max = 50});
  model.add({.name = "GetParameter", .effect = Effect::kReads},
            {{"Name", s.name, kRequired}, {"WithDecryption", s.boolean}});
  model.add({.name = "GetParameters", .effect = Effect::kReads},
            {{"Names", s.names, kRequired}, {"WithDecryption", s.boolean}});
  model.add({.name = "GetParametersByPath", .effect = Effect::kReads},
            {{"Path", s.name, kRequired},
             {"Recursive", s.boolean},
             {"ParameterFilters", s.filters},
             {"WithDecryption", s.boolean},
             {"MaxResults", shapes.integer({.min = 1, .max = 10})},
             {"NextToken", s.token}});
  model.add({.name = "GetParameterHistory", .effect = Effect::kReads},
            {{"Name", s.name, kRequired},
             {"WithDecryption", s.boolean},
             {"MaxResults", page},
             {"NextToken", s.token}});
  const Shape* filter = shapes.structure(
      "ParametersFilter",
      {{"Key", shapes.enumeration({"Name", "Type", "KeyId"}), kRequired},
       {"Values", shapes.list(shapes.string({.min = 1, .max = 1024}), {.min = 1, .max = 50}),
        kRequired}});
  model.add({.name = "DescribeParameters", .effect = Effect::kReads},
            {{"Filters", shapes.list(filter)},
             {"ParameterFilters", s.filters},
             {"MaxResults", page},
             {"NextToken", s.token},
             {"Shared", s.boolean}});
}

void add_tagging(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* keys = shapes.list(shapes.string({.min = 1, .max = 128}));
  model.add({.name = "AddTagsToResource"}, {{"ResourceType", s.text, kRequired},
                                            {"ResourceId", s.text, kRequired},
                                            {"Tags", s.tags, kRequired}});
  model.add({.name = "RemoveTagsFromResource"}, {{"ResourceType", s.text, kRequired},
                                                 {"ResourceId", s.text, kRequired},
                                                 {"TagKeys", keys, kRequired}});
  model.add({.name = "ListTagsForResource", .effect = Effect::kReads},
            {{"ResourceType", s.text, kRequired}, {"ResourceId", s.text, kRequired}});
}

}  // namespace

ServiceModel ssm_model() {
  ServiceModel model(
      {.signing_name = "ssm", .protocol = Protocol::kJson11, .target_prefix = "AmazonSSM"});
  const Shared shared = shared_shapes(model.shapes());
  add_writes(model, shared);
  add_reads(model, shared);
  add_tagging(model, shared);
  return model;
}

}  // namespace pawl::api
