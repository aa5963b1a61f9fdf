// Aliases of state machines: names that route to one version or two (step-functions.md A4.11).
#include <algorithm>
#include <utility>

#include "services/states/fields.h"
#include "services/states/page_token.h"
#include "services/states/revisions.h"
#include "services/states/service.h"

namespace pawl::states {

namespace {

using runtime::Catalog;
using Changes = std::vector<Catalog::Change>;

ServiceError not_found() {
  return service_error("ResourceNotFound", "Request references a resource that does not exist.");
}

ServiceError invalid_routing(std::string message) {
  ServiceError error = validation_error(std::move(message));
  error.members.emplace_back("reason", "\"INVALID_ROUTING_CONFIGURATION\"");
  return error;
}

// "<problem>. Received: [a, b]".
template <class Items, class Show>
ServiceError invalid_routing(std::string_view problem, const Items& items, Show show) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ", ") + show(item);
  return invalid_routing(std::string(problem) + ". Received: [" + list + "]");
}

struct Routing {
  std::string machine_arn;
  std::vector<Route> routes;
};

// What can be said about a routing configuration without looking a version up.
::pawl::Result<Routing, ServiceError> read_routing(const json::Node& configuration) {
  std::vector<Arn> arns;
  Routing routing;
  for (const json::Node& node : configuration) {
    const json::Value item = json::Value::of(node);
    const Fields fields(item);
    Arn arn = TRY(required_arn(fields, "stateMachineVersionArn", "stateMachine"));
    routing.routes.push_back({arn.version().value_or(0), fields.integer("weight").value_or(0)});
    arns.push_back(std::move(arn));
  }
  const auto text = [](const Arn& arn) { return arn.text; };
  for (const Arn& arn : arns) {
    if (!arn.version() || !arn.label.empty()) {
      return Err{invalid_routing("Routing configuration must contain state machine version ARNs",
                                 arns, text)};
    }
  }
  if (arns.size() == 2 && arns[0].text == arns[1].text) {
    return Err{invalid_routing(
        "Routing configuration must contain distinct state machine version ARNs", arns, text)};
  }
  if (arns.size() == 2 && arns[0].unqualified() != arns[1].unqualified()) {
    return Err{invalid_routing(
        "Routing configuration must contain version ARNs of the same state machine", arns, text)};
  }
  std::int64_t sum = 0;
  for (const Route& route : routing.routes) sum += route.weight;
  if (sum != 100) {
    return Err{invalid_routing("Sum of routing configuration weights must equal 100",
                               routing.routes,
                               [](const Route& route) { return std::to_string(route.weight); })};
  }
  routing.machine_arn = arns.front().unqualified();
  return routing;
}

bool has_versions(const Catalog::View& view, const Routing& routing) {
  return std::all_of(routing.routes.begin(), routing.routes.end(), [&](const Route& route) {
    return view.find(kVersionTable, version_key(routing.machine_arn, route.version));
  });
}

std::optional<AliasRecord> find_alias(const Catalog::View& view, const std::string& key) {
  const std::string* record = view.find(kAliasTable, key);
  return record ? AliasRecord::from_json(json::Value::trusted(*record)) : std::nullopt;
}

Catalog::Change store_alias(const AliasRecord& alias) {
  return {std::string(kAliasTable), alias.arn(), std::string(alias.to_json().text())};
}

json::Value created(const AliasRecord& alias) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("stateMachineAliasArn").string(alias.arn()).key("creationDate");
  write_time(out, alias.creation_time);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

json::Value described(const AliasRecord& alias) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("stateMachineAliasArn").string(alias.arn());
  out.key("name").string(alias.name);
  if (alias.description) out.key("description").string(*alias.description);
  out.key("routingConfiguration").begin_array();
  for (const Route& route : alias.routes) {
    out.begin_object().key("stateMachineVersionArn");
    out.string(alias.machine_arn + ":" + std::to_string(route.version));
    out.key("weight").integer(route.weight).end_object();
  }
  out.end_array().key("creationDate");
  write_time(out, alias.creation_time);
  out.key("updateDate");
  write_time(out, alias.update_time);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// A repeated call that asks for the same is the same call (A4.11).
Result<AliasRecord, ServiceError> create(const Catalog::View& view, const AliasRecord& wanted,
                                         Changes& changes) {
  const auto existing = find_alias(view, wanted.arn());
  if (existing) {
    if (existing->routes == wanted.routes && existing->description == wanted.description) {
      return *existing;
    }
    return Err{service_error("ConflictException",
                             "Failed to create alias because an alias with the same name and a "
                             "different routing configuration already exists.")};
  }
  if (aliases_of(view, wanted.machine_arn).size() >= kAliasesMax) {
    return Err{service_error("ServiceQuotaExceededException",
                             "The maximum number of aliases of the state machine is reached")};
  }
  changes.push_back(store_alias(wanted));
  return wanted;
}

::pawl::Result<Arn, ServiceError> read_alias_arn(const Fields& fields) {
  Arn arn = TRY(required_arn(fields, "stateMachineAliasArn", "stateMachine"));
  if (arn.qualifier.empty() || arn.version() || !arn.label.empty()) {
    return Err{validation_error("The ARN must be one of a state machine alias: " + arn.text)};
  }
  return arn;
}

}  // namespace

void Service::create_alias(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto name = fields.required("name");
  if (!name.ok()) return reply(Err{std::move(name).error()});
  const json::Node* configuration = fields.node("routingConfiguration");
  if (!configuration) return reply(Err{fields.required("routingConfiguration").error()});
  auto routing = read_routing(*configuration);
  if (!routing.ok()) return reply(Err{std::move(routing).error()});
  AliasRecord wanted{.machine_arn = routing->machine_arn,
                     .name = std::string(*name),
                     .description = std::nullopt,
                     .routes = routing->routes,
                     .creation_time = clock_.wall_now(),
                     .update_time = clock_.wall_now()};
  if (const auto description = fields.text("description")) wanted.description = *description;
  auto outcome = std::make_shared<Result>(json::Value());
  const auto decide = [wanted = std::move(wanted), routing = *routing,
                       outcome](const Catalog::View& view) {
    Changes changes;
    const auto machine = stored_machine(view, routing.machine_arn);
    if (!machine.ok() && machine.error().code == "StateMachineDeleting") {
      *outcome = Err{machine.error()};
    } else if (!machine.ok() || !has_versions(view, routing)) {
      *outcome = Err{not_found()};
    } else if (auto alias = create(view, wanted, changes); alias.ok()) {
      *outcome = created(*alias);
    } else {
      *outcome = Err{std::move(alias).error()};
    }
    return changes;
  };
  catalog_.update(decide, [outcome, reply] { reply(*outcome); });
}

void Service::update_alias(const Call& call, const Reply& reply) {
  const Fields fields(call.input);
  auto arn = read_alias_arn(fields);
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  const json::Node* configuration = fields.node("routingConfiguration");
  if (!configuration && !fields.node("description")) {
    ServiceError error =
        validation_error("Either the description or the routing configuration must be specified");
    error.members.emplace_back("reason", "\"MISSING_REQUIRED_PARAMETER\"");
    return reply(Err{std::move(error)});
  }
  std::optional<Routing> routing;
  if (configuration) {
    auto read = read_routing(*configuration);
    if (!read.ok()) return reply(Err{std::move(read).error()});
    routing = std::move(read).value();
  }
  auto outcome = std::make_shared<Result>(json::Value());
  const auto decide = [this, arn = *arn, call, routing,
                       outcome](const Catalog::View& view) -> Changes {
    auto alias = find_alias(view, arn.text);
    if (!alias || (routing && !has_versions(view, *routing))) {
      *outcome = Err{not_found()};
      return {};
    }
    if (routing && routing->machine_arn != alias->machine_arn) {
      *outcome = Err{invalid_routing(
          "Routing configuration must contain version ARNs of the alias's state machine")};
      return {};
    }
    if (routing) alias->routes = routing->routes;
    if (const auto description = Fields(call.input).text("description")) {
      alias->description = std::string(*description);
    }
    alias->update_time = clock_.wall_now();
    std::string text;
    json::Writer out(text);
    out.begin_object().key("updateDate");
    write_time(out, alias->update_time);
    out.end_object();
    *outcome = json::Value::trusted(std::move(text));
    return {store_alias(*alias)};
  };
  catalog_.update(decide, [outcome, reply] { reply(*outcome); });
}

void Service::delete_alias(const Call& call, const Reply& reply) {
  auto arn = read_alias_arn(Fields(call.input));
  if (!arn.ok()) return reply(Err{std::move(arn).error()});
  catalog_.update(
      [arn = arn->text](const Catalog::View& view) {
        Changes changes;
        if (view.find(kAliasTable, arn)) {
          changes.push_back({std::string(kAliasTable), arn, std::nullopt});
        }
        return changes;
      },
      [reply] { reply(json::Value::trusted("{}")); });
}

Service::Result Service::describe_alias(const Call& call) {
  const Arn arn = TRY(read_alias_arn(Fields(call.input)));
  const auto stored = catalog_.get(kAliasTable, arn.text);
  const auto alias = stored ? AliasRecord::from_json(json::Value::trusted(*stored)) : std::nullopt;
  if (!alias) return Err{not_found()};
  return described(*alias);
}

// In order of creation. A version's ARN asks for the aliases that route to it.
Service::Result Service::list_aliases(const Call& call) {
  const Fields fields(call.input);
  const Arn arn = TRY(required_arn(fields, "stateMachineArn", "stateMachine"));
  if (!arn.label.empty()) return Err{labelled_arn_refused()};
  const std::string machine_arn = arn.version() ? arn.unqualified() : arn.text;
  TRY(find_machine(machine_arn));
  if (arn.version() && !find_version(machine_arn, *arn.version())) return Err{not_found()};
  const std::string parameters = "aliases|" + arn.text;
  const std::string from = TRY(read_page_token(fields, parameters, engine_.clock().now()));
  const std::size_t limit = page_size(fields);

  const std::string prefix = published_prefix(machine_arn);
  std::vector<std::pair<std::string, AliasRecord>> aliases;  // by what they are sorted by
  for (const auto& [key, record] : catalog_.list(kAliasTable, prefix, kAliasesMax)) {
    auto alias = AliasRecord::from_json(json::Value::trusted(record));
    if (!key.starts_with(prefix) || !alias) break;
    const auto routes_to_it = [&arn](const Route& route) { return route.version == arn.version(); };
    if (arn.version() && std::none_of(alias->routes.begin(), alias->routes.end(), routes_to_it)) {
      continue;
    }
    char time[24];
    std::snprintf(time, sizeof time, "%020lld", static_cast<long long>(alias->creation_time));
    aliases.emplace_back(time + alias->name, std::move(*alias));
  }
  std::sort(aliases.begin(), aliases.end(),
            [](const auto& left, const auto& right) { return left.first < right.first; });
  std::string text;
  json::Writer out(text);
  out.begin_object().key("stateMachineAliases").begin_array();
  std::size_t count = 0;
  std::string last;
  std::string next;
  for (const auto& [place, alias] : aliases) {
    if (place <= from) continue;
    if (count++ == limit) {
      next = make_page_token(last, parameters, engine_.clock().now());
      break;
    }
    last = place;
    out.begin_object().key("stateMachineAliasArn").string(alias.arn()).key("creationDate");
    write_time(out, alias.creation_time);
    out.end_object();
  }
  out.end_array();
  if (!next.empty()) out.key("nextToken").string(next);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::states
