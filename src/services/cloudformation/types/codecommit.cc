// AWS::CodeCommit::Repository.
#include <fmt/format.h>

#include "services/cloudformation/types/tags.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

constexpr std::string_view kService = "AWSCodeCommit";

std::string named(const std::string& name) {
  std::string input;
  Writer(input).begin_object().key("repositoryName").string(name).end_object();
  return input;
}

// The id and the attributes, as DescribeRepository's metadata have them.
Outcome described(const Request& request, const std::string& name) {
  const auto answer = request.services.call(request, "codecommit", "GetRepository", named(name));
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  const Node* metadata = answer->root().find("repositoryMetadata");
  const auto text = [&](std::string_view member) -> std::string_view {
    const Node* found = metadata ? metadata->find(member) : nullptr;
    return found && found->is_string() ? found->string() : std::string_view();
  };
  std::string attributes;
  Writer(attributes)
      .begin_object()
      .key("Arn")
      .string(text("Arn"))
      .key("CloneUrlHttp")
      .string(text("cloneUrlHttp"))
      .key("Name")
      .string(text("repositoryName"))
      .end_object();
  return Made{std::string(text("repositoryId")), attributes};
}

Outcome create_repository(const Request& request) {
  const std::string name = request.text("RepositoryName");
  std::string input;
  Writer out(input);
  out.begin_object().key("repositoryName").string(name);
  out.key("repositoryDescription").string(request.text("RepositoryDescription"));
  if (const Node* tags = request.properties.find("Tags")) out.key("tags").raw(tag_map(*tags));
  out.end_object();
  const auto answer = request.services.call(request, "codecommit", "CreateRepository", input);
  const bool adopted = !answer.ok() && request.attempt == Attempt::kRepeated &&
                       answer.error().code == "RepositoryNameExistsException";
  if (!answer.ok() && !adopted) return failure_of(request, kService, answer.error());
  return described(request, name);
}

std::string previous_name(const Request& request) {
  const Node* name = request.previous.find("RepositoryName");
  return name && name->is_string() ? std::string(name->string()) : std::string();
}

Outcome update_repository(const Request& request) {
  const std::string name = request.text("RepositoryName");
  const std::string before = previous_name(request);
  if (before != name) {
    std::string input;
    Writer(input)
        .begin_object()
        .key("oldName")
        .string(before)
        .key("newName")
        .string(name)
        .end_object();
    const auto answer = request.services.call(request, "codecommit", "UpdateRepositoryName", input);
    // A repeated attempt finds it renamed.
    const bool renamed = !answer.ok() && request.attempt == Attempt::kRepeated &&
                         answer.error().code == "RepositoryDoesNotExistException";
    if (!answer.ok() && !renamed) return failure_of(request, kService, answer.error());
  }
  std::string input;
  Writer(input)
      .begin_object()
      .key("repositoryName")
      .string(name)
      .key("repositoryDescription")
      .string(request.text("RepositoryDescription"))
      .end_object();
  const auto answer =
      request.services.call(request, "codecommit", "UpdateRepositoryDescription", input);
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  constexpr TagCalls kTagCalls{"codecommit",    kService, "TagResource",
                               "UntagResource", "tags",   "tagKeys"};
  if (auto failure = update_tags(request, kTagCalls, [&](Writer& out) {
        out.key("resourceArn")
            .string(fmt::format("arn:aws:codecommit:{}:{}:{}", request.stack.region,
                                request.stack.account, name));
      })) {
    return *failure;
  }
  return described(request, name);
}

Outcome remove_repository(const Request& request) {
  const std::string name = request.text("RepositoryName");
  const auto answer = request.services.call(request, "codecommit", "DeleteRepository", named(name));
  if (!answer.ok()) return failure_of(request, kService, answer.error());
  return Made{request.physical_id};
}

}  // namespace

void add_codecommit_types(ResourceTypes& types) {
  types.add({.name = "AWS::CodeCommit::Repository",
             .properties = {{"RepositoryName", Kind::kText, Replaces::kNever, Need::kRequired},
                            {"RepositoryDescription", Kind::kText},
                            {"KmsKeyId", Kind::kText},
                            {"Tags"}},
             .attributes = {"Arn", "CloneUrlHttp", "Name"},
             .name_property = "RepositoryName",
             .choose_id = [](const Request&) { return std::string(); },
             .exists =
                 [](const Request& request) {
                   return request.services
                       .call(request, "codecommit", "GetRepository",
                             named(request.text("RepositoryName")))
                       .ok();
                 },
             .create = create_repository,
             .update = update_repository,
             .remove = remove_repository});
}

}  // namespace pawl::cloudformation
