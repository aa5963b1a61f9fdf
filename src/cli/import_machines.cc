// State machines and activities: definitions, settings, tags, versions and aliases.
#include <fmt/core.h>

#include <algorithm>

#include "cli/import.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

using json::Node;
using json::Writer;
using Action = ImportedItem::Action;

constexpr std::string_view kStates = "states";

// "arn:...:stateMachine:name:5" -> "5".
std::string last_part(const std::string& arn) { return arn.substr(arn.rfind(':') + 1); }

bool same_member(Node left, Node right, std::string_view name) {
  const Node* one = left.find(name);
  const Node* other = right.find(name);
  if (one == nullptr || other == nullptr) return one == other;
  return json::equal(*one, *other);
}

constexpr const char* kStateMembers[] = {"definition", "roleArn", "loggingConfiguration",
                                         "tracingConfiguration"};

// What an update could change of a machine.
std::string state_of(const json::Value& machine) {
  std::string text;
  Writer out(text);
  out.begin_object();
  for (const char* name : kStateMembers) {
    if (const Node* value = machine.root().find(name)) out.key(name).node(*value);
  }
  out.end_object();
  return text;
}

bool same_state(const json::Value& left, const json::Value& right) {
  return std::all_of(std::begin(kStateMembers), std::end(kStateMembers), [&](const char* name) {
    return same_member(left.root(), right.root(), name);
  });
}

}  // namespace

Result<void, std::string> Import::import_activities() {
  const auto activities =
      TRY(list(from_, kStates, "ListActivities", "activities", "{}", "nextToken", "nextToken"));
  std::set<std::string> known;
  for (const json::Value& each :
       TRY(list(to_, kStates, "ListActivities", "activities", "{}", "nextToken", "nextToken"))) {
    known.insert(text_in(each.root(), "name"));
  }
  for (const json::Value& activity : activities) {
    const std::string name = text_in(activity.root(), "name");
    if (!wanted(name)) continue;
    ImportedItem item{.kind = "activity", .name = name, .notes = {}};
    if (!known.contains(name)) {
      const auto made =
          write(item, Action::kCreated, kStates, "CreateActivity", object_of({{"name", name}}));
      if (!made.ok()) {
        item.action = Action::kFailed;
        item.notes.push_back(made.error().text());
      }
    }
    items_.push_back(std::move(item));
  }
  return {};
}

Result<void, std::string> Import::import_machines() {
  const auto machines = TRY(
      list(from_, kStates, "ListStateMachines", "stateMachines", "{}", "nextToken", "nextToken"));
  for (const json::Value& machine : machines) {
    const std::string name = text_in(machine.root(), "name");
    if (!wanted(name)) continue;
    ImportedItem item{.kind = "stateMachine", .name = name, .notes = {}};
    const auto brought = bring_machine(item, text_in(machine.root(), "stateMachineArn"));
    if (!brought.ok()) {
      item.action = Action::kFailed;
      item.notes.push_back(brought.error());
    }
    items_.push_back(std::move(item));
  }
  return {};
}

Result<void, std::string> Import::bring_machine(ImportedItem& item, const std::string& arn) {
  const auto versions = TRY(bring_machine_versions(item, arn));
  const auto described =
      from_.call(kStates, "DescribeStateMachine", object_of({{"stateMachineArn", arn}}));
  if (!described.ok()) return Err{described.error().text()};
  TRY(bring_machine_state(item, *described));
  TRY(bring_machine_aliases(item, arn, versions));
  return bring_tags(item, arn);
}

// Makes the machine here what it is (or was, in a version) there.
Result<void, std::string> Import::bring_machine_state(ImportedItem& item,
                                                      const json::Value& source) {
  const json::Value there = json::Value::trusted(here(std::string(source.text())));
  std::string arn = text_in(there.root(), "stateMachineArn");
  // A version's ARN has its number behind the machine's name.
  while (std::count(arn.begin(), arn.end(), ':') > 6) arn.erase(arn.rfind(':'));
  if (const Node* key = there.root().find("encryptionConfiguration")) {
    if (text_in(*key, "type") == "CUSTOMER_MANAGED_KMS_KEY") {
      item.notes.emplace_back("encrypted by a key of its own there");
    }
  }
  const auto found =
      to_.call(kStates, "DescribeStateMachine", object_of({{"stateMachineArn", arn}}));
  if (!found.ok() && found.error().code != "StateMachineDoesNotExist") {
    return Err{found.error().text()};
  }
  if (found.ok() && same_state(*found, there)) return {};
  if (found.ok() && text_in(found->root(), "type") != text_in(there.root(), "type")) {
    return Err{fmt::format("it is {} here and {} there", text_in(found->root(), "type"),
                           text_in(there.root(), "type"))};
  }
  if (const Node* logging = there.root().find("loggingConfiguration")) {
    make_log_groups(item, *logging);
  }
  std::string input;
  Writer out(input);
  out.begin_object();
  const json::Value state = json::Value::trusted(state_of(there));
  for (const json::Member& member : state.root().members()) {
    out.key(member.key.string()).node(member.value);
  }
  if (found.ok()) {
    out.key("stateMachineArn").string(arn);
  } else {
    out.key("name").string(item.name).key("type").string(text_in(there.root(), "type"));
  }
  out.end_object();
  const auto made = write(item, found.ok() ? Action::kUpdated : Action::kCreated, kStates,
                          found.ok() ? "UpdateStateMachine" : "CreateStateMachine", input);
  if (!made.ok()) return Err{made.error().text()};
  return {};
}

// Each version there as a version here with the same content; published in their order.
Result<Import::Names, std::string> Import::bring_machine_versions(ImportedItem& item,
                                                                  const std::string& arn) {
  Names names;
  const std::string of_machine = object_of({{"stateMachineArn", arn}});
  const std::string of_target = object_of({{"stateMachineArn", here(arn)}});
  auto there = TRY(list(from_, kStates, "ListStateMachineVersions", "stateMachineVersions",
                        of_machine, "nextToken", "nextToken"));
  std::reverse(there.begin(), there.end());  // the newest is listed first
  std::vector<json::Value> known;
  if (const auto listed = list(to_, kStates, "ListStateMachineVersions", "stateMachineVersions",
                               of_target, "nextToken", "nextToken");
      listed.ok()) {
    for (const json::Value& each : *listed) {
      auto version = to_.call(
          kStates, "DescribeStateMachine",
          object_of({{"stateMachineArn", text_in(each.root(), "stateMachineVersionArn")}}));
      if (version.ok()) known.push_back(std::move(version).value());
    }
    std::reverse(known.begin(), known.end());
  }
  for (const json::Value& each : there) {
    const std::string version_arn = text_in(each.root(), "stateMachineVersionArn");
    const auto described =
        from_.call(kStates, "DescribeStateMachine", object_of({{"stateMachineArn", version_arn}}));
    if (!described.ok()) return Err{described.error().text()};
    const json::Value wanted_state = json::Value::trusted(here(std::string(described->text())));
    const auto same = std::find_if(known.begin(), known.end(), [&](const json::Value& candidate) {
      return same_state(candidate, wanted_state);
    });
    if (same != known.end()) {
      names[version_arn] = text_in(same->root(), "stateMachineArn");
      known.erase(same);
      continue;
    }
    TRY(bring_machine_state(item, *described));
    std::string input = object_of({{"stateMachineArn", here(arn)}});
    if (const std::string description = text_in(described->root(), "description");
        !description.empty()) {
      input = object_of({{"stateMachineArn", here(arn)}, {"description", description}});
    }
    const auto published =
        write(item, Action::kUpdated, kStates, "PublishStateMachineVersion", input);
    if (!published.ok()) return Err{published.error().text()};
    names[version_arn] = text_in(published->root(), "stateMachineVersionArn");
    if (writes() && last_part(names[version_arn]) != last_part(version_arn)) {
      item.notes.push_back(fmt::format("version {} there is version {} here",
                                       last_part(version_arn), last_part(names[version_arn])));
    }
  }
  return names;
}

Result<void, std::string> Import::bring_machine_aliases(ImportedItem& item, const std::string& arn,
                                                        const Names& versions) {
  const auto aliases = TRY(list(from_, kStates, "ListStateMachineAliases", "stateMachineAliases",
                                object_of({{"stateMachineArn", arn}}), "nextToken", "nextToken"));
  for (const json::Value& each : aliases) {
    const std::string alias_arn = text_in(each.root(), "stateMachineAliasArn");
    const std::string of_alias = object_of({{"stateMachineAliasArn", alias_arn}});
    const auto there = from_.call(kStates, "DescribeStateMachineAlias", of_alias);
    if (!there.ok()) return Err{there.error().text()};
    std::string routing;
    Writer routing_out(routing);
    routing_out.begin_array();
    for (const Node& route : *there->root().find("routingConfiguration")) {
      const auto version = versions.find(text_in(route, "stateMachineVersionArn"));
      if (version == versions.end()) return Err{"an alias shows a version that is not listed"};
      routing_out.begin_object().key("stateMachineVersionArn").string(version->second);
      routing_out.key("weight").node(*route.find("weight")).end_object();
    }
    routing_out.end_array();
    const auto found = to_.call(kStates, "DescribeStateMachineAlias",
                                object_of({{"stateMachineAliasArn", here(alias_arn)}}));
    const json::Value wanted_routing = json::Value::trusted(routing);
    if (found.ok() &&
        json::equal(*found->root().find("routingConfiguration"), wanted_routing.root()) &&
        same_member(found->root(), there->root(), "description")) {
      continue;
    }
    std::string input;
    Writer out(input);
    out.begin_object();
    if (found.ok()) {
      out.key("stateMachineAliasArn").string(here(alias_arn));
    } else {
      out.key("name").string(last_part(alias_arn));
    }
    const std::string description = text_in(there->root(), "description");
    if (!description.empty()) out.key("description").string(description);
    out.key("routingConfiguration").raw(routing).end_object();
    const auto made =
        write(item, Action::kUpdated, kStates,
              found.ok() ? "UpdateStateMachineAlias" : "CreateStateMachineAlias", input);
    if (!made.ok()) return Err{made.error().text()};
  }
  return {};
}

Result<void, std::string> Import::bring_tags(ImportedItem& item, const std::string& arn) {
  const auto there = from_.call(kStates, "ListTagsForResource", object_of({{"resourceArn", arn}}));
  const Node* tags = there.ok() ? there->root().find("tags") : nullptr;
  if (tags == nullptr || tags->size() == 0) return {};
  const auto own =
      to_.call(kStates, "ListTagsForResource", object_of({{"resourceArn", here(arn)}}));
  if (own.ok() && json::equal(*tags, *own->root().find("tags"))) return {};
  std::string input;
  Writer out(input);
  out.begin_object().key("resourceArn").string(here(arn)).key("tags").node(*tags).end_object();
  const auto made = write(item, Action::kUpdated, kStates, "TagResource", input);
  if (!made.ok()) return Err{made.error().text()};
  return {};
}

// Log groups that the machine writes to are made; what they hold is not brought.
void Import::make_log_groups(ImportedItem& item, Node logging) {
  const Node* destinations = logging.find("destinations");
  if (destinations == nullptr) return;
  for (const Node& each : *destinations) {
    const Node* group = each.find("cloudWatchLogsLogGroup");
    std::string arn = group == nullptr ? "" : text_in(*group, "logGroupArn");
    const std::size_t name = arn.find(":log-group:");
    if (name == std::string::npos) continue;
    arn = arn.substr(name + 11);
    arn = arn.substr(0, arn.find(':'));
    if (!writes()) continue;
    const auto made = to_.call("logs", "CreateLogGroup", object_of({{"logGroupName", arn}}));
    if (!made.ok() && made.error().code != "ResourceAlreadyExistsException") {
      item.notes.push_back(fmt::format("its log group {}: {}", arn, made.error().text()));
    }
  }
}

}  // namespace pawl::cli
