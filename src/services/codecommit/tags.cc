// Tags of repositories, by ARN.
#include "services/codecommit/service.h"

namespace pawl::codecommit {

namespace {

// arn:aws:codecommit:REGION:ACCOUNT:NAME
Result<std::string, ServiceError> key_of_arn(const runtime::Call& call) {
  const std::string arn =
      TRY(Fields(call.input.root())
              .required("resourceArn", "ResourceArnRequiredException", "resource ARN"));
  const std::string prefix =
      "arn:aws:codecommit:" + call.principal.region + ":" + call.principal.account + ":";
  if (!arn.starts_with(prefix)) {
    return Err{error("InvalidResourceArnException", "Resource ARN " + arn + " is not valid")};
  }
  return repository_key(call.principal, arn.substr(prefix.size()));
}

}  // namespace

void Service::tag(const Call& call, const Reply& reply) {
  constexpr std::size_t kTagsMax = 50;
  const auto key = key_of_arn(call);
  if (!key.ok()) return reply(Err{key.error()});
  const auto tags = read_tags(Fields(call.input.root()).node("tags"));
  if (tags.empty())
    return reply(Err{error("TagsMapRequiredException", "A map of tags is required")});
  change(
      *key,
      [tags](RepositoryRecord& record) -> std::optional<ServiceError> {
        for (const auto& [name, value] : tags) record.tags[name] = value;
        if (record.tags.size() <= kTagsMax) return std::nullopt;
        return error("TooManyTagsException", "A repository has at most 50 tags");
      },
      reply);
}

void Service::untag(const Call& call, const Reply& reply) {
  const auto key = key_of_arn(call);
  if (!key.ok()) return reply(Err{key.error()});
  const json::Node* names = Fields(call.input.root()).node("tagKeys");
  if (!names || !names->is_array() || names->size() == 0) {
    return reply(Err{error("TagKeysListRequiredException", "A list of tag keys is required")});
  }
  std::vector<std::string> gone;
  for (const json::Node& name : *names) {
    if (name.is_string()) gone.emplace_back(name.string());
  }
  change(
      *key,
      [gone](RepositoryRecord& record) {
        for (const std::string& name : gone) record.tags.erase(name);
        return std::optional<ServiceError>();
      },
      reply);
}

Service::Answer Service::list_tags(const Call& call) {
  const std::string key = TRY(key_of_arn(call));
  const auto stored = catalog_.get(kRepositoryTable, key);
  const auto record = stored ? RepositoryRecord::from_json(*stored) : std::nullopt;
  if (!record) return Err{no_such_repository(key.substr(key.rfind('/') + 1))};
  std::string text;
  json::Writer out(text);
  out.begin_object().key("tags").begin_object();
  for (const auto& [name, value] : record->tags) out.key(name).string(value);
  out.end_object().end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::codecommit
