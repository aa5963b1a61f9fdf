// Activities (step-functions.md A4.25, A4.26).
#include <utility>

#include "services/states/configuration.h"
#include "services/states/fields.h"
#include "services/states/page_token.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

constexpr std::int64_t kPollMillis = 60'000;

ServiceError does_not_exist(std::string_view arn) {
  return service_error("ActivityDoesNotExist",
                       "Activity Does Not Exist: '" + std::string(arn) + "'");
}

void write_activity(json::Writer& out, const ActivityRecord& activity) {
  out.key("activityArn").string(activity.arn);
  out.key("creationDate");
  write_time(out, activity.creation_time);
}

}  // namespace

void Service::create_activity(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto name = fields.required("name");
  if (!name.ok()) return reply(Err{std::move(name).error()});
  if (auto checked = check_name(*name); !checked.ok()) {
    return reply(Err{std::move(checked).error()});
  }
  if (const json::Node* tags = fields.node("tags")) {
    if (auto checked = check_tags(*tags); !checked.ok()) return reply(Err{checked.error()});
  }
  auto encryption = read_encryption(fields, kDefaultEncryption);
  if (!encryption.ok()) return reply(Err{std::move(encryption).error()});
  auto activity = std::make_shared<ActivityRecord>(
      ActivityRecord{.arn = make_arn(call.principal, "activity", *name),
                     .name = std::string(*name),
                     .creation_time = clock_.wall_now(),
                     .encryption = std::move(encryption).value()});
  auto outcome = std::make_shared<Result>(json::Value());
  const auto decide = [activity, outcome, call](const runtime::Catalog::View& view) {
    std::vector<runtime::Catalog::Change> changes;
    const std::string* record = view.find(kActivityTable, activity->arn);
    const auto existing =
        record ? ActivityRecord::from_json(json::Value::trusted(*record)) : std::nullopt;
    if (existing && !(existing->encryption == activity->encryption)) {
      *outcome = Err{service_error("ActivityAlreadyExists",
                                   "Activity Already Exists: '" + activity->arn + "'")};
      return changes;
    }
    if (!existing) {
      const json::Node* tags = Fields(call.input).node("tags");
      std::string tag_record = tags ? merge_tags("[]", *tags) : std::string();
      if (count_tags(tag_record) > kTagsMax) {
        *outcome = Err{service_error("TooManyTags", "Too many tags")};
        return changes;
      }
      changes.push_back(
          {std::string(kActivityTable), activity->arn, std::string(activity->to_json().text())});
      if (tags) changes.push_back({std::string(kTagTable), activity->arn, std::move(tag_record)});
    }
    std::string text;
    json::Writer out(text);
    out.begin_object();
    write_activity(out, existing ? *existing : *activity);
    out.end_object();
    *outcome = json::Value::trusted(std::move(text));
    return changes;
  };
  catalog_.update(decide, [outcome, reply] { reply(*outcome); });
}

void Service::delete_activity(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = required_arn(fields, "activityArn", "activity");
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  catalog_.update(
      [arn = arn->text](const runtime::Catalog::View& view) {
        std::vector<runtime::Catalog::Change> changes;
        if (!view.find(kActivityTable, arn)) return changes;
        changes.push_back({std::string(kActivityTable), arn, std::nullopt});
        changes.push_back({std::string(kTagTable), arn, std::nullopt});
        return changes;
      },
      [reply] { reply(json::Value::trusted("{}")); });
}

Service::Result Service::describe_activity(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "activityArn", "activity"));
  const auto record = catalog_.get(kActivityTable, arn.text);
  const auto activity =
      record ? ActivityRecord::from_json(json::Value::trusted(*record)) : std::nullopt;
  if (!activity) return Err{does_not_exist(arn.text)};
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_activity(out, *activity);
  out.key("name").string(activity->name);
  out.key("encryptionConfiguration").raw(activity->encryption.text());
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Service::Result Service::list_activities(const Call& call) {
  const Fields fields(call.input);
  const std::string prefix = make_arn(call.principal, "activity", "");
  const std::string from = TRY(read_page_token(fields, prefix, engine_.clock().now()));
  const std::size_t limit = page_size(fields);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("activities").begin_array();
  std::size_t count = 0;
  std::string last;
  std::string next;
  for (const auto& [arn, record] :
       catalog_.list(kActivityTable, from.empty() ? prefix : from, limit + 1)) {
    if (!arn.starts_with(prefix)) break;
    if (count++ == limit) {
      next = make_page_token(last, prefix, engine_.clock().now());
      break;
    }
    last = arn;
    const auto activity = ActivityRecord::from_json(json::Value::trusted(record));
    if (!activity) continue;
    out.begin_object();
    write_activity(out, *activity);
    out.key("name").string(activity->name).end_object();
  }
  out.end_array();
  if (!next.empty()) out.key("nextToken").string(next);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// A poll whose worker goes is withdrawn, so that no task is handed to nobody.
runtime::Withdraw Service::get_activity_task(const Call& call, const Reply& reply) {
  const auto refuse = [&](ServiceError error) {
    reply(Err{std::move(error)});
    return runtime::Withdraw();
  };
  const Fields fields(call.input);
  auto arn = required_arn(fields, "activityArn", "activity");
  if (!arn.ok()) return refuse(std::move(arn).error());
  if (!directory_.has_activity(arn->text)) return refuse(does_not_exist(arn->text));
  std::optional<std::string> worker;
  if (const auto name = fields.text("workerName")) worker = std::string(*name);
  const auto answer = [reply](std::optional<runtime::Activities::Assignment> assignment) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    if (assignment) {
      out.key("taskToken").string(assignment->task_token);
      out.key("input").string(assignment->input.text());
    }
    out.end_object();
    reply(json::Value::trusted(std::move(text)));
  };
  runtime::Activities& activities = engine_.activities();
  const auto poll =
      activities.poll(arn->text, std::move(worker), clock_.boot_now() + kPollMillis, answer);
  if (!poll) {
    return refuse(
        service_error("ActivityWorkerLimitExceeded",
                      "The maximum number of workers concurrently polling for activity tasks "
                      "has been reached."));
  }
  return [&activities, activity = arn->text, poll = *poll] {
    activities.withdraw_poll(activity, poll);
  };
}

}  // namespace pawl::states
