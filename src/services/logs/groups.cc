// Log groups and their retention.
#include <algorithm>
#include <utility>

#include "base/ascii.h"
#include "base/broken_rules.h"
#include "json/writer.h"
#include "services/logs/service.h"

namespace pawl::logs {

namespace {

constexpr std::size_t kPageMax = 50;

bool has_name_letters(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char byte) {
    return is_letter_or_digit(byte) ||
           std::string_view("_-/.#").find(byte) != std::string_view::npos;
  });
}

constexpr TextRules kGroupName{.length_min = 1,
                               .length_max = 512,
                               .pattern = "[\\.\\-_/#A-Za-z0-9]+",
                               .fits = has_name_letters};

// `logGroupName`, or a name or an ARN under the other members that may name a group.
Result<runtime::LogGroupName, ServiceError> group_name(const runtime::Call& call) {
  const Fields fields(call.input);
  runtime::LogGroupName name{call.principal.account, call.principal.region, {}};
  for (const char* member : {"logGroupName", "logGroupIdentifier", "resourceArn"}) {
    const auto given = fields.text(member);
    if (!given) continue;
    std::string_view text = *given;
    if (text.starts_with("arn:")) {
      const std::size_t group = text.find(":log-group:");
      if (group == std::string_view::npos) return Err{invalid_parameter("Invalid log group ARN")};
      text.remove_prefix(group + std::string_view(":log-group:").size());
      text = text.substr(0, text.find(':'));
    }
    name.name = text;
    return name;
  }
  return Err{fields.required("logGroupName").error()};
}

}  // namespace

Result<Service::Group, ServiceError> Service::find_group(const Call& call) const {
  Group group{.name = TRY(group_name(call)), .stored = {}};
  group.stored = logs_.find_group(group.name);
  group.of_function = functions_.has(group.name);
  if (!group.stored && !group.of_function) return Err{no_such_group()};
  return group;
}

void Service::with_stored(const Call& call, const Reply& reply,
                          const std::function<void(const runtime::LogGroup&)>& go_on) {
  auto group = find_group(call);
  if (!group.ok()) return reply(Err{std::move(group).error()});
  if (group->stored) return go_on(*group->stored);
  logs_.create_group(group->name, [this, name = group->name, reply, go_on](bool) {
    const auto stored = logs_.find_group(name);
    if (!stored) return reply(Err{no_such_group()});
    go_on(*stored);
  });
}

void Service::create_group(const Call& call, const Reply& reply) {
  auto name = group_name(call);
  if (!name.ok()) return reply(Err{std::move(name).error()});
  if (auto broken = broken_rules("logGroupName", name->name, kGroupName)) {
    return reply(Err{invalid_parameter(std::move(*broken))});
  }
  logs_.create_group(*name, [this, call, reply](bool created) {
    if (!created) {
      return reply(Err{ServiceError{.code = "ResourceAlreadyExistsException",
                                    .message = "The specified log group already exists",
                                    .members = {}}});
    }
    if (!Fields(call.input).node("tags")) return reply(empty_answer());
    tag(call, reply);
  });
}

void Service::delete_group(const Call& call, const Reply& reply) {
  auto name = group_name(call);
  if (!name.ok()) return reply(Err{std::move(name).error()});
  logs_.delete_group(*name, [reply](bool deleted) {
    reply(deleted ? Answer(empty_answer()) : Answer(Err{no_such_group()}));
  });
}

// Stored groups and functions' own, in the order of their names.
Service::Answer Service::describe_groups(const Call& call) {
  const Fields fields(call.input);
  const std::string prefix(fields.text("logGroupNamePrefix").value_or(""));
  const std::string pattern(fields.text("logGroupNamePattern").value_or(""));
  const std::string after(fields.text("nextToken").value_or(""));
  const std::size_t limit = std::min(fields.limit(kPageMax), kPageMax);
  const runtime::Principal& who = call.principal;
  std::map<std::string, Group> found;
  const auto fits = [&](const std::string& name) {
    return name.starts_with(prefix) && name.find(pattern) != std::string::npos && name > after;
  };
  runtime::LogGroupName from{who.account, who.region, std::max(after, prefix)};
  // The first name may be the prefix itself.
  if (!prefix.empty() && after < prefix) from.name.pop_back();
  for (auto page = logs_.list_groups(from, 1'000); !page.empty() && found.size() <= limit;
       page = logs_.list_groups(page.back().name, 1'000)) {
    for (const runtime::LogGroup& group : page) {
      if (fits(group.name.name)) found[group.name.name] = {group.name, group};
    }
  }
  for (const std::string& name : functions_.list(who.account, who.region)) {
    if (fits(name)) {
      found.try_emplace(name, Group{{who.account, who.region, name}, std::nullopt, true});
    }
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("logGroups").begin_array();
  std::size_t count = 0;
  std::string last;
  for (const auto& [name, group] : found) {
    if (count++ == limit) break;
    last = name;
    const std::string arn = group.name.arn();
    out.begin_object().key("logGroupName").string(name);
    out.key("creationTime").integer(group.stored ? group.stored->creation_time : 0);
    if (group.stored && group.stored->retention_days > 0) {
      out.key("retentionInDays").integer(group.stored->retention_days);
    }
    out.key("metricFilterCount").integer(0).key("arn").string(arn + ":*");
    out.key("storedBytes").integer(0).key("logGroupClass").string("STANDARD");
    out.key("logGroupArn").string(arn).end_object();
  }
  out.end_array();
  if (count > limit) out.key("nextToken").string(last);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

void Service::put_retention(const Call& call, const Reply& reply) {
  static constexpr std::int64_t kDays[] = {1,    3,    5,    7,    14,   30,  60,  90,
                                           120,  150,  180,  365,  400,  545, 731, 1096,
                                           1827, 2192, 2557, 2922, 3288, 3653};
  const std::int64_t days = Fields(call.input).integer("retentionInDays").value_or(0);
  if (std::find(std::begin(kDays), std::end(kDays), days) == std::end(kDays)) {
    return reply(Err{invalid_parameter(
        "1 validation error detected: Value '" + std::to_string(days) +
        "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: "
        "[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, "
        "2922, 3288, 3653]")});
  }
  change_retention(call, days, reply);
}

void Service::delete_retention(const Call& call, const Reply& reply) {
  change_retention(call, 0, reply);
}

void Service::change_retention(const Call& call, std::int64_t days, const Reply& reply) {
  with_stored(call, reply, [this, days, reply](const runtime::LogGroup& group) {
    logs_.set_retention(group.name, days, [reply](bool changed) {
      reply(changed ? Answer(empty_answer()) : Answer(Err{no_such_group()}));
    });
  });
}

}  // namespace pawl::logs
