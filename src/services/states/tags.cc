// Tags of state machines and activities (step-functions.md A4.30).
#include <strings.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "services/states/fields.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

using Tag = std::pair<std::string, std::string>;

// What has none, as an execution, is a resource that is not found.
constexpr std::string_view kTaggable = "stateMachine|activity|execution|express|mapRun";

std::vector<Tag> read_tags(const json::Node& tags) {
  std::vector<Tag> list;
  for (const json::Node& tag : tags) {
    const json::Node* key = tag.find("key");
    const json::Node* value = tag.find("value");
    if (!key || !key->is_string()) continue;
    list.emplace_back(key->string(), value && value->is_string() ? value->string() : "");
  }
  return list;
}

std::vector<Tag> read_record(std::string_view record) {
  if (record.empty()) return {};
  return read_tags(json::Value::trusted(std::string(record)).root());
}

std::string write_tags(const std::vector<Tag>& tags) {
  std::string text;
  json::Writer out(text);
  out.begin_array();
  for (const auto& [key, value] : tags) {
    out.begin_object().key("key").string(key).key("value").string(value).end_object();
  }
  out.end_array();
  return text;
}

ServiceError resource_not_found(std::string_view arn) {
  ServiceError error =
      service_error("ResourceNotFound", "Resource not found: '" + std::string(arn) + "'");
  std::string name;
  json::Writer(name).string(arn);
  error.members.emplace_back("resourceName", std::move(name));
  return error;
}

bool has_resource(const runtime::Catalog::View& view, std::string_view arn) {
  return view.find(kMachineTable, arn) || view.find(kActivityTable, arn);
}

std::string_view record_of(const runtime::Catalog::View& view, std::string_view arn) {
  const std::string* record = view.find(kTagTable, arn);
  return record ? std::string_view(*record) : std::string_view();
}

}  // namespace

std::string merge_tags(std::string_view existing, const json::Node& tags) {
  std::vector<Tag> merged = read_record(existing);
  for (Tag& tag : read_tags(tags)) {
    const auto known = std::find_if(merged.begin(), merged.end(),
                                    [&](const Tag& other) { return other.first == tag.first; });
    if (known == merged.end()) {
      merged.push_back(std::move(tag));
    } else {
      known->second = std::move(tag.second);
    }
  }
  return write_tags(merged);
}

Result<void, ServiceError> check_tags(const json::Node& tags) {
  for (const Tag& tag : read_tags(tags)) {
    if (tag.first.size() < 4 || strncasecmp(tag.first.c_str(), "aws:", 4) != 0) continue;
    return Err{validation_error("aws: prefixed tag key names are not allowed for external use.")};
  }
  return {};
}

std::size_t count_tags(std::string_view record) { return read_record(record).size(); }

void Service::tag_resource(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "resourceArn", kTaggable);
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  if (const json::Node* tags = fields.node("tags")) {
    if (auto checked = check_tags(*tags); !checked.ok()) return reply(Err{checked.error()});
  }
  auto outcome = std::make_shared<Result>(json::Value::trusted("{}"));
  const auto decide = [arn = arn->text, outcome, call](const runtime::Catalog::View& view) {
    std::vector<runtime::Catalog::Change> changes;
    if (!has_resource(view, arn)) {
      *outcome = Err{resource_not_found(arn)};
      return changes;
    }
    const json::Node* tags = Fields(call.input).node("tags");
    if (!tags) return changes;
    std::string record = merge_tags(record_of(view, arn), *tags);
    if (count_tags(record) > kTagsMax) {
      ServiceError error = service_error(
          "TooManyTags", "You have exceeded the maximum number of tags allowed on this resource");
      *outcome = Err{std::move(error)};
      return changes;
    }
    changes.push_back({std::string(kTagTable), arn, std::move(record)});
    return changes;
  };
  catalog_.update(decide, [outcome, reply] { reply(*outcome); });
}

void Service::untag_resource(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "resourceArn", kTaggable);
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  auto outcome = std::make_shared<Result>(json::Value::trusted("{}"));
  const auto decide = [arn = arn->text, outcome, call](const runtime::Catalog::View& view) {
    std::vector<runtime::Catalog::Change> changes;
    if (!has_resource(view, arn)) {
      *outcome = Err{resource_not_found(arn)};
      return changes;
    }
    std::vector<Tag> tags = read_record(record_of(view, arn));
    if (const json::Node* keys = Fields(call.input).node("tagKeys")) {
      for (const json::Node& key : *keys) {
        std::erase_if(tags,
                      [&](const Tag& tag) { return key.is_string() && tag.first == key.string(); });
      }
    }
    changes.push_back({std::string(kTagTable), arn, write_tags(tags)});
    return changes;
  };
  catalog_.update(decide, [outcome, reply] { reply(*outcome); });
}

Service::Result Service::list_tags(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "resourceArn", kTaggable));
  if (!catalog_.get(kMachineTable, arn.text) && !catalog_.get(kActivityTable, arn.text)) {
    return Err{resource_not_found(arn.text)};
  }
  return json::Value::trusted("{\"tags\":" + catalog_.get(kTagTable, arn.text).value_or("[]") +
                              "}");
}

}  // namespace pawl::states
