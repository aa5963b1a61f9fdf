// Amazon CloudWatch Logs, API version 2014-03-28: the operations on groups, streams, events and
// tags.
#include "api/model.h"

namespace pawl::api {

namespace {

constexpr auto kRequired = Presence::kRequired;

struct Shared {
  const Shape* group;
  const Shape* identifier;
  const Shape* stream;
  const Shape* token;
  const Shape* time;
  const Shape* boolean;
  const Shape* tags;
  const Shape* tag_keys;
  const Shape* arn;
};

Shared shared_shapes(Shapes& shapes) {
  Shared shared{};
  shared.group = shapes.string({.min = 1, .max = 512, .pattern = R"([\.\-_/#A-Za-z0-9]+)"});
  shared.identifier = shapes.string({.min = 1, .max = 2048});
  shared.stream = shapes.string({.min = 1, .max = 512, .pattern = "[^:*]*"});
  shared.token = shapes.string({.min = 1});
  shared.time = shapes.number(ShapeType::kLong, {.min = 0, .max = {}});
  shared.boolean = shapes.boolean();
  shared.tags = shapes.map(shapes.string({.min = 1, .max = 128}), shapes.string({.max = 256}));
  shared.tag_keys = shapes.list(shapes.string({.min = 1, .max = 128}));
  shared.arn = shapes.string({.min = 1, .max = 1011});
  return shared;
}

void add_groups(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* page = shapes.integer({.min = 1, .max = 50});
  model.add({.name = "CreateLogGroup"}, {{"logGroupName", s.group, kRequired},
                                         {"kmsKeyId", shapes.string({.max = 256})},
                                         {"tags", s.tags},
                                         {"logGroupClass", shapes.string()}});
  model.add({.name = "DeleteLogGroup"}, {{"logGroupName", s.group, kRequired}});
  model.add({.name = "DescribeLogGroups", .effect = Effect::kReads},
            {{"accountIdentifiers", shapes.list(shapes.string())},
             {"logGroupNamePrefix", s.group},
             {"logGroupNamePattern", shapes.string({.max = 512})},
             {"nextToken", s.token},
             {"limit", page},
             {"includeLinkedAccounts", s.boolean},
             {"logGroupClass", shapes.string()}});
  model.add({.name = "PutRetentionPolicy"}, {{"logGroupName", s.group, kRequired},
                                             {"retentionInDays", shapes.integer(), kRequired}});
  model.add({.name = "DeleteRetentionPolicy"}, {{"logGroupName", s.group, kRequired}});
}

void add_streams(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  model.add({.name = "CreateLogStream"},
            {{"logGroupName", s.group, kRequired}, {"logStreamName", s.stream, kRequired}});
  model.add({.name = "DeleteLogStream"},
            {{"logGroupName", s.group, kRequired}, {"logStreamName", s.stream, kRequired}});
  model.add({.name = "DescribeLogStreams", .effect = Effect::kReads},
            {{"logGroupName", s.group},
             {"logGroupIdentifier", s.identifier},
             {"logStreamNamePrefix", s.stream},
             {"orderBy", shapes.enumeration({"LogStreamName", "LastEventTime"})},
             {"descending", s.boolean},
             {"nextToken", s.token},
             {"limit", shapes.integer({.min = 1, .max = 50})}});
}

void add_events(ServiceModel& model, const Shared& s) {
  Shapes& shapes = model.shapes();
  const Shape* event = shapes.structure(
      "InputLogEvent",
      {{"timestamp", s.time, kRequired}, {"message", shapes.string({.min = 1}), kRequired}});
  const Shape* page = shapes.integer({.min = 1, .max = 10'000});
  model.add({.name = "PutLogEvents"},
            {{"logGroupName", s.group, kRequired},
             {"logStreamName", s.stream, kRequired},
             {"logEvents", shapes.list(event, {.min = 1, .max = 10'000}), kRequired},
             {"sequenceToken", s.token}});
  model.add({.name = "GetLogEvents", .effect = Effect::kReads},
            {{"logGroupName", s.group},
             {"logGroupIdentifier", s.identifier},
             {"logStreamName", s.stream, kRequired},
             {"startTime", s.time},
             {"endTime", s.time},
             {"nextToken", s.token},
             {"limit", page},
             {"startFromHead", s.boolean},
             {"unmask", s.boolean}});
  model.add({.name = "FilterLogEvents", .effect = Effect::kReads},
            {{"logGroupName", s.group},
             {"logGroupIdentifier", s.identifier},
             {"logStreamNames", shapes.list(s.stream, {.min = 1, .max = 100})},
             {"logStreamNamePrefix", s.stream},
             {"startTime", s.time},
             {"endTime", s.time},
             {"filterPattern", shapes.string({.max = 1024})},
             {"nextToken", s.token},
             {"limit", page},
             {"interleaved", s.boolean},
             {"unmask", s.boolean}});
}

void add_tags(ServiceModel& model, const Shared& s) {
  model.add({.name = "TagResource"},
            {{"resourceArn", s.arn, kRequired}, {"tags", s.tags, kRequired}});
  model.add({.name = "UntagResource"},
            {{"resourceArn", s.arn, kRequired}, {"tagKeys", s.tag_keys, kRequired}});
  model.add({.name = "ListTagsForResource", .effect = Effect::kReads},
            {{"resourceArn", s.arn, kRequired}});
  model.add({.name = "TagLogGroup"},
            {{"logGroupName", s.group, kRequired}, {"tags", s.tags, kRequired}});
  model.add({.name = "UntagLogGroup"},
            {{"logGroupName", s.group, kRequired}, {"tags", s.tag_keys, kRequired}});
  model.add({.name = "ListTagsLogGroup", .effect = Effect::kReads},
            {{"logGroupName", s.group, kRequired}});
}

}  // namespace

ServiceModel logs_model() {
  ServiceModel model(
      {.signing_name = "logs", .protocol = Protocol::kJson11, .target_prefix = "Logs_20140328"});
  const Shared shared = shared_shapes(model.shapes());
  add_groups(model, shared);
  add_streams(model, shared);
  add_events(model, shared);
  add_tags(model, shared);
  return model;
}

}  // namespace pawl::api
