// Tags of parameters; of what else Systems Manager tags there is nothing here.
#include "services/ssm/service.h"

namespace pawl::ssm {

namespace {

using json::Node;

constexpr std::size_t kTagsMax = 50;

std::optional<ServiceError> type_problem(Node input) {
  const std::string type = text_of(input, "ResourceType");
  if (type == "Parameter") return std::nullopt;
  return error("InvalidResourceType", "Resources of type " + type + " are not supported here.");
}

ServiceError no_resource(const std::string& id) {
  return error("InvalidResourceId", "The resource ID \"" + id +
                                        "\" is not valid. Verify the ID and "
                                        "try again.");
}

}  // namespace

void Service::add_tags(const Call& call, const Reply& reply) {
  const Node input = call.input.root();
  if (auto problem = type_problem(input)) return reply(Err{*std::move(problem)});
  const std::string id = text_of(input, "ResourceId");
  change(
      call, id,
      [call, id](std::optional<Parameter>& parameter) -> Answer {
        if (!parameter) return Err{no_resource(id)};
        for (const Node& tag : *call.input.root().find("Tags")) {
          parameter->tags[text_of(tag, "Key")] = text_of(tag, "Value");
        }
        if (parameter->tags.size() > kTagsMax) {
          return Err{error("TooManyTagsError", "A parameter has at most 50 tags.")};
        }
        return json::Value::trusted("{}");
      },
      reply);
}

void Service::remove_tags(const Call& call, const Reply& reply) {
  const Node input = call.input.root();
  if (auto problem = type_problem(input)) return reply(Err{*std::move(problem)});
  const std::string id = text_of(input, "ResourceId");
  change(
      call, id,
      [call, id](std::optional<Parameter>& parameter) -> Answer {
        if (!parameter) return Err{no_resource(id)};
        for (const std::string& key : texts_of(call.input.root(), "TagKeys")) {
          parameter->tags.erase(key);
        }
        return json::Value::trusted("{}");
      },
      reply);
}

Service::Answer Service::list_tags(const Call& call) {
  const Node input = call.input.root();
  if (auto problem = type_problem(input)) return Err{*std::move(problem)};
  const std::string id = text_of(input, "ResourceId");
  const auto parameter = stored(call, id);
  if (!parameter) return Err{no_resource(id)};
  std::string text;
  json::Writer out(text);
  out.begin_object().key("TagList").begin_array();
  for (const auto& [key, value] : parameter->tags) {
    out.begin_object().key("Key").string(key).key("Value").string(value).end_object();
  }
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::ssm
