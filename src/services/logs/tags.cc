// Tags of log groups.
#include <map>
#include <utility>

#include "json/writer.h"
#include "services/logs/service.h"

namespace pawl::logs {

namespace {

constexpr std::string_view kTagTable = "logTags";
using Tags = std::map<std::string, std::string>;

Tags parse_tags(const std::string& record) {
  Tags tags;
  const auto parsed = json::Value::parse(record);
  if (!parsed.ok()) return tags;
  for (const json::Member& tag : parsed->root().members()) {
    if (tag.value.is_string()) tags[std::string(tag.key.string())] = tag.value.string();
  }
  return tags;
}

std::string print(const Tags& tags) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [key, value] : tags) out.key(key).string(value);
  out.end_object();
  return text;
}

}  // namespace

void Service::change_tags(const Call& call, const Reply& reply,
                          const std::function<void(Tags&)>& change) {
  constexpr std::size_t kTagsMax = 50;
  const auto group = find_group(call);
  if (!group.ok()) return reply(Err{group.error()});
  const std::string arn = group->name.arn();
  auto answer = std::make_shared<Answer>(empty_answer());
  catalog_.update(
      [arn, change, answer](const runtime::Catalog::View& view) {
        const std::string* record = view.find(kTagTable, arn);
        Tags tags = parse_tags(record ? *record : "{}");
        change(tags);
        std::vector<runtime::Catalog::Change> changes;
        if (tags.size() > kTagsMax) {
          *answer = Err{ServiceError{.code = "TooManyTagsException",
                                     .message = "A resource can have no more than 50 tags.",
                                     .members = {}}};
          return changes;
        }
        changes.push_back({std::string(kTagTable), arn, print(tags)});
        return changes;
      },
      [answer, reply] { reply(*answer); });
}

void Service::tag(const Call& call, const Reply& reply) {
  change_tags(call, reply, [call](Tags& tags) {
    const json::Node* given = Fields(call.input).node("tags");
    if (!given) return;
    for (const json::Member& tag : given->members()) {
      if (tag.value.is_string()) tags[std::string(tag.key.string())] = tag.value.string();
    }
  });
}

void Service::untag(const Call& call, const Reply& reply) {
  change_tags(call, reply, [call](Tags& tags) {
    // TagResource's twin names them tagKeys, the older operation tags.
    for (const char* member : {"tagKeys", "tags"}) {
      const json::Node* keys = Fields(call.input).node(member);
      if (!keys) continue;
      for (const json::Node& key : *keys) {
        if (key.is_string()) tags.erase(std::string(key.string()));
      }
    }
  });
}

Service::Answer Service::list_tags(const Call& call) {
  const Group group = TRY(find_group(call));
  const auto record = catalog_.get(kTagTable, group.name.arn());
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("tags")
      .raw(print(parse_tags(record.value_or("{}"))))
      .end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::logs
