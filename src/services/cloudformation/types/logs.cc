// AWS::Logs::LogGroup and LogStream.
#include <fmt/format.h>

#include <algorithm>

#include "services/cloudformation/types/tags.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

constexpr std::string_view kService = "CloudWatchLogs";
constexpr TagCalls kTagCalls{"logs", kService, "TagResource", "UntagResource", "tags", "tagKeys"};

Made made_group(const Request& request) {
  std::string attributes;
  Writer(attributes)
      .begin_object()
      .key("Arn")
      .string(fmt::format("arn:aws:logs:{}:{}:log-group:{}:*", request.stack.region,
                          request.stack.account, request.physical_id))
      .end_object();
  return {request.physical_id, attributes};
}

std::optional<Failure> set_retention(const Request& request) {
  const Node* days = request.properties.find("RetentionInDays");
  if (days == nullptr && request.previous.find("RetentionInDays") == nullptr) return std::nullopt;
  std::string input;
  Writer out(input);
  out.begin_object().key("logGroupName").string(request.physical_id);
  if (days != nullptr) out.key("retentionInDays").node(*days);
  out.end_object();
  const auto answer = request.services.call(
      request, "logs", days ? "PutRetentionPolicy" : "DeleteRetentionPolicy", std::move(input));
  if (answer.ok()) return std::nullopt;
  return failure_of(request, kService, answer.error());
}

std::string group_input(const Request& request) {
  std::string input;
  Writer out(input);
  out.begin_object().key("logGroupName").string(request.physical_id);
  if (const Node* tags = request.properties.find("Tags")) out.key("tags").raw(tag_map(*tags));
  if (!request.text("LogGroupClass").empty()) {
    out.key("logGroupClass").string(request.text("LogGroupClass"));
  }
  out.end_object();
  return input;
}

// Whether a list by prefix has the name itself.
bool is_listed(const Request& request, std::string_view operation, std::string input,
               std::string_view list, std::string_view member) {
  const auto answer = request.services.call(request, "logs", operation, std::move(input));
  const Node* found = answer.ok() ? answer->root().find(list) : nullptr;
  if (found == nullptr) return false;
  return std::any_of(found->begin(), found->end(), [&](const Node& each) {
    const Node* name = each.find(member);
    return name != nullptr && name->string() == request.physical_id;
  });
}

bool group_exists(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("logGroupNamePrefix").string(request.physical_id).end_object();
  return is_listed(request, "DescribeLogGroups", std::move(input), "logGroups", "logGroupName");
}

bool stream_exists(const Request& request) {
  std::string input;
  Writer(input)
      .begin_object()
      .key("logGroupName")
      .string(request.text("LogGroupName"))
      .key("logStreamNamePrefix")
      .string(request.physical_id)
      .end_object();
  return is_listed(request, "DescribeLogStreams", std::move(input), "logStreams", "logStreamName");
}

Outcome create_group(const Request& request) {
  const auto answer =
      request.services.call(request, "logs", "CreateLogGroup", group_input(request));
  const bool adopted = !answer.ok() && request.attempt == Attempt::kRepeated &&
                       answer.error().code == "ResourceAlreadyExistsException";
  if (!answer.ok() && !adopted) return failure_of(request, kService, answer.error());
  if (auto failure = set_retention(request)) return *failure;
  return made_group(request);
}

Outcome update_group(const Request& request) {
  if (auto failure = set_retention(request)) return *failure;
  if (auto failure = update_tags(request, kTagCalls, [&](Writer& out) {
        out.key("resourceArn")
            .string(fmt::format("arn:aws:logs:{}:{}:log-group:{}", request.stack.region,
                                request.stack.account, request.physical_id));
      })) {
    return *failure;
  }
  return made_group(request);
}

Outcome removed(const Request& request, std::string_view operation, std::string input) {
  const auto answer = request.services.call(request, "logs", operation, std::move(input));
  if (answer.ok() || answer.error().code == "ResourceNotFoundException") {
    return Made{request.physical_id};
  }
  return failure_of(request, kService, answer.error());
}

std::string stream_input(const Request& request) {
  std::string input;
  Writer(input)
      .begin_object()
      .key("logGroupName")
      .string(request.text("LogGroupName"))
      .key("logStreamName")
      .string(request.physical_id)
      .end_object();
  return input;
}

ResourceType group_type() {
  return {
      .name = "AWS::Logs::LogGroup",
      .properties = {{"LogGroupName", Kind::kText, Replaces::kAlways},
                     {"RetentionInDays", Kind::kInteger},
                     {"KmsKeyId", Kind::kText},
                     {"LogGroupClass", Kind::kText},
                     {"DataProtectionPolicy"},
                     {"Tags"}},
      .attributes = {"Arn"},
      .name_property = "LogGroupName",
      .choose_id =
          [](const Request& request) {
            const std::string given = request.text("LogGroupName");
            return given.empty() ? generated_name(request, 255) : given;
          },
      .exists = group_exists,
      .create = create_group,
      .update = update_group,
      .remove = [](const Request& request) -> Outcome {
        std::string input;
        Writer(input).begin_object().key("logGroupName").string(request.physical_id).end_object();
        return removed(request, "DeleteLogGroup", std::move(input));
      }};
}

ResourceType stream_type() {
  return {.name = "AWS::Logs::LogStream",
          .properties = {{"LogGroupName", Kind::kText, Replaces::kAlways, Need::kRequired},
                         {"LogStreamName", Kind::kText, Replaces::kAlways}},
          .attributes = {},
          .name_property = "LogStreamName",
          .choose_id =
              [](const Request& request) {
                const std::string given = request.text("LogStreamName");
                return given.empty() ? generated_name(request, 255) : given;
              },
          .exists = stream_exists,
          .create = [](const Request& request) -> Outcome {
            const auto answer =
                request.services.call(request, "logs", "CreateLogStream", stream_input(request));
            const bool adopted = !answer.ok() && request.attempt == Attempt::kRepeated &&
                                 answer.error().code == "ResourceAlreadyExistsException";
            if (!answer.ok() && !adopted) return failure_of(request, kService, answer.error());
            return Made{request.physical_id};
          },
          .update = [](const Request& request) -> Outcome { return Made{request.physical_id}; },
          .remove = [](const Request& request) -> Outcome {
            return removed(request, "DeleteLogStream", stream_input(request));
          }};
}

}  // namespace

void add_logs_types(ResourceTypes& types) {
  types.add(group_type());
  types.add(stream_type());
}

}  // namespace pawl::cloudformation
