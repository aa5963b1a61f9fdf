// AWS::SSM::Parameter, by the parameter store.
#include "services/cloudformation/types/tags.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

constexpr std::string_view kService = "Ssm";

std::string name_input(const Request& request) {
  std::string input;
  Writer(input).begin_object().key("Name").string(request.physical_id).end_object();
  return input;
}

enum class Put { kNew, kReplacing };

Outcome put(const Request& request, Put kind) {
  std::string input = properties_with(request.properties, {"Name", "Tags"}, [&](Writer& out) {
    out.key("Name").string(request.physical_id);
    out.key("Overwrite").boolean(kind == Put::kReplacing);
    const Node* tags = request.properties.find("Tags");
    if (tags == nullptr || kind == Put::kReplacing) return;
    out.key("Tags").begin_array();
    for (const json::Member& tag : tags->members()) {
      out.begin_object().key("Key").string(tag.key.string());
      out.key("Value").node(tag.value).end_object();
    }
    out.end_array();
  });
  const auto answer = request.services.call(request, "ssm", "PutParameter", std::move(input));
  const bool adopted = !answer.ok() && request.attempt == Attempt::kRepeated &&
                       answer.error().code == "ParameterAlreadyExists";
  if (!answer.ok() && !adopted) return failure_of(request, kService, answer.error());
  std::string attributes;
  Writer(attributes)
      .begin_object()
      .key("Type")
      .string(request.text("Type"))
      .key("Value")
      .string(request.text("Value"))
      .end_object();
  return Made{request.physical_id, attributes};
}

constexpr TagCalls kTagCalls{"ssm",  kService,  "AddTagsToResource", "RemoveTagsFromResource",
                             "Tags", "TagKeys", TagShape::kPairs};

std::optional<Failure> set_tags(const Request& request) {
  return update_tags(request, kTagCalls, [&](Writer& out) {
    out.key("ResourceType").string("Parameter").key("ResourceId").string(request.physical_id);
  });
}

}  // namespace

void add_ssm_types(ResourceTypes& types) {
  types.add(
      {.name = "AWS::SSM::Parameter",
       .properties = {{"Name", Kind::kText, Replaces::kAlways},
                      {"Type", Kind::kText, Replaces::kNever, Need::kRequired},
                      {"Value", Kind::kText, Replaces::kNever, Need::kRequired},
                      {"Description", Kind::kText},
                      {"AllowedPattern", Kind::kText},
                      {"Tier", Kind::kText},
                      {"Policies", Kind::kText},
                      {"DataType", Kind::kText},
                      {"Tags", Kind::kTextMap}},
       .attributes = {"Type", "Value"},
       .name_property = "Name",
       .choose_id =
           [](const Request& request) {
             const std::string given = request.text("Name");
             return given.empty() ? "CFN-" + short_generated_name(request, 124) : given;
           },
       .exists =
           [](const Request& request) {
             return request.services.call(request, "ssm", "GetParameter", name_input(request)).ok();
           },
       .create = [](const Request& request) { return put(request, Put::kNew); },
       .update = [](const Request& request) -> Outcome {
         Outcome outcome = put(request, Put::kReplacing);
         if (std::holds_alternative<Failure>(outcome)) return outcome;
         if (auto failure = set_tags(request)) return *std::move(failure);
         return outcome;
       },
       .remove = [](const Request& request) -> Outcome {
         const auto answer =
             request.services.call(request, "ssm", "DeleteParameter", name_input(request));
         if (answer.ok() || answer.error().code == "ParameterNotFound") {
           return Made{request.physical_id};
         }
         return failure_of(request, kService, answer.error());
       }});
}

}  // namespace pawl::cloudformation
