#include "services/states/revisions.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "json/number.h"
#include "json/writer.h"
#include "services/states/fields.h"

namespace pawl::states {

namespace {

using runtime::Catalog;

template <class Record>
std::vector<Record> records_of(const Catalog::View& view, std::string_view table,
                               std::string_view machine_arn) {
  const std::string prefix = published_prefix(machine_arn);
  const Catalog::Table& records = view.table(table);
  std::vector<Record> found;
  for (auto entry = records.lower_bound(prefix);
       entry != records.end() && entry->first.starts_with(prefix); ++entry) {
    auto record = Record::from_json(json::Value::trusted(entry->second));
    if (record) found.push_back(std::move(*record));
  }
  return found;
}

std::vector<Route> read_routes(const json::Node* list) {
  std::vector<Route> routes;
  if (list == nullptr) return routes;
  for (const json::Node& entry : *list) {
    routes.push_back({json::to_int64(entry.at(0).number_text()).value_or(0),
                      json::to_int64(entry.at(1).number_text()).value_or(0)});
  }
  return routes;
}

}  // namespace

std::string published_prefix(std::string_view machine_arn) {
  return std::string(machine_arn).append(":");
}

std::string version_key(std::string_view machine_arn, std::int64_t number) {
  constexpr long long kAbove = 9'999'999'999;
  char text[24];
  std::snprintf(text, sizeof text, "%010lld", kAbove - static_cast<long long>(number));
  return published_prefix(machine_arn).append(text);
}

std::string alias_key(std::string_view machine_arn, std::string_view name) {
  return published_prefix(machine_arn).append(name);
}

std::string VersionRecord::arn() const { return machine.arn + ":" + std::to_string(number); }

json::Value VersionRecord::to_json() const {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("number").integer(number).key("description").string(description);
  out.key("creationTime").integer(creation_time);
  out.key("machine").raw(machine.to_json().text()).end_object();
  return json::Value::trusted(std::move(text));
}

std::optional<VersionRecord> VersionRecord::from_json(const json::Value& record) {
  const Fields fields(record);
  const json::Node* machine_node = fields.node("machine");
  if (machine_node == nullptr) return std::nullopt;
  auto machine = MachineRecord::from_json(json::Value::of(*machine_node));
  if (!machine) return std::nullopt;
  return VersionRecord{.number = fields.integer("number").value_or(0),
                       .description = std::string(fields.text_or("description", "")),
                       .creation_time = fields.integer("creationTime").value_or(0),
                       .machine = std::move(*machine)};
}

std::string AliasRecord::arn() const { return alias_key(machine_arn, name); }

json::Value AliasRecord::to_json() const {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("machine").string(machine_arn).key("name").string(name);
  if (description) out.key("description").string(*description);
  out.key("routes").begin_array();
  for (const Route& route : routes) {
    out.begin_array().integer(route.version).integer(route.weight).end_array();
  }
  out.end_array().key("creationTime").integer(creation_time);
  out.key("updateTime").integer(update_time).end_object();
  return json::Value::trusted(std::move(text));
}

std::optional<AliasRecord> AliasRecord::from_json(const json::Value& record) {
  const Fields fields(record);
  if (!fields.text("machine") || !fields.text("name")) return std::nullopt;
  AliasRecord alias;
  alias.machine_arn = *fields.text("machine");
  alias.name = *fields.text("name");
  if (const auto description = fields.text("description")) alias.description = *description;
  alias.routes = read_routes(fields.node("routes"));
  alias.creation_time = fields.integer("creationTime").value_or(0);
  alias.update_time = fields.integer("updateTime").value_or(0);
  return alias;
}

std::vector<VersionRecord> versions_of(const Catalog::View& view, std::string_view machine_arn) {
  return records_of<VersionRecord>(view, kVersionTable, machine_arn);
}

std::vector<AliasRecord> aliases_of(const Catalog::View& view, std::string_view machine_arn) {
  return records_of<AliasRecord>(view, kAliasTable, machine_arn);
}

std::int64_t draw_version(const AliasRecord& alias, std::uint64_t random) {
  auto left = static_cast<std::int64_t>(random % 100);
  for (const Route& route : alias.routes) {
    if (left < route.weight) return route.version;
    left -= route.weight;
  }
  return 0;  // weights add up to 100, so there is always a route
}

Result<VersionRecord, ServiceError> publish_revision(const Catalog::View& view,
                                                     MachineRecord& machine,
                                                     std::string_view description, WallMillis now,
                                                     std::vector<Catalog::Change>& changes) {
  const std::vector<VersionRecord> versions = versions_of(view, machine.arn);
  for (const VersionRecord& version : versions) {
    if (version.machine.revision_id == machine.revision_id) return version;
  }
  if (versions.size() >= kVersionsMax) {
    return Err{service_error("ServiceQuotaExceededException",
                             "The maximum number of versions of the state machine is reached")};
  }
  ++machine.last_version;
  VersionRecord version{.number = machine.last_version,
                        .description = std::string(description),
                        .creation_time = now,
                        .machine = machine};
  changes.push_back({std::string(kVersionTable), version_key(machine.arn, version.number),
                     std::string(version.to_json().text())});
  return version;
}

}  // namespace pawl::states
