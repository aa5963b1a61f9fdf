// A function's resource policy: kept and shown; nothing is refused by it.
#include <fmt/format.h>

#include "services/lambda/fields.h"
#include "services/lambda/service.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

Result<FunctionName, ServiceError> name_in(const runtime::Call& call) {
  const Node input = call.input.root();
  return parse_function_name(call.principal, TRY(required_text(input, "FunctionName")),
                             text_member(input, "Qualifier").value_or(""));
}

std::string policy_key(const FunctionName& name) {
  return name.qualifier.empty() ? name.key() : alias_key(name.key(), name.qualifier);
}

ServiceError no_policy() {
  return resource_not_found("The resource you requested does not exist.");
}

void write_principal(json::Writer& out, std::string_view principal) {
  if (principal == "*") {
    out.string("*");
  } else if (principal.find(".amazonaws.com") != std::string_view::npos) {
    out.begin_object().key("Service").string(principal).end_object();
  } else {
    const bool account = is_version_number(principal);
    out.begin_object().key("AWS");
    out.string(account ? fmt::format("arn:aws:iam::{}:root", principal) : std::string(principal));
    out.end_object();
  }
}

void write_conditions(json::Writer& out, Node input) {
  const auto arn = text_member(input, "SourceArn");
  const std::pair<const char*, std::optional<std::string>> equals[] = {
      {"AWS:SourceAccount", text_member(input, "SourceAccount")},
      {"aws:PrincipalOrgID", text_member(input, "PrincipalOrgID")},
      {"lambda:EventSourceToken", text_member(input, "EventSourceToken")},
      {"lambda:FunctionUrlAuthType", text_member(input, "FunctionUrlAuthType")}};
  bool has_equals = false;
  for (const auto& [name, value] : equals) has_equals = has_equals || value.has_value();
  if (!arn && !has_equals) return;
  out.key("Condition").begin_object();
  if (has_equals) {
    out.key("StringEquals").begin_object();
    for (const auto& [name, value] : equals) {
      if (value) out.key(name).string(*value);
    }
    out.end_object();
  }
  if (arn) {
    out.key("ArnLike").begin_object().key("AWS:SourceArn").string(*arn).end_object();
  }
  out.end_object();
}

Result<std::string, ServiceError> statement_text(const FunctionName& name, Node input,
                                                 std::string_view sid) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Sid").string(sid).key("Effect").string("Allow").key("Principal");
  write_principal(out, TRY(required_text(input, "Principal")));
  out.key("Action").string(TRY(required_text(input, "Action")));
  out.key("Resource").string(name.qualified_arn());
  write_conditions(out, input);
  out.end_object();
  return text;
}

// A policy's record is an object: Sid -> statement.
std::string with_statement(const std::string* record, std::string_view sid,
                           const std::string* statement) {
  const Value old = Value::trusted(record == nullptr ? "{}" : *record);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const json::Member& each : old.root().members()) {
    if (each.key.string() != sid) out.key(each.key.string()).node(each.value);
  }
  if (statement != nullptr) out.key(sid).raw(*statement);
  out.end_object();
  return text;
}

bool has_statement(const std::string* record, std::string_view sid) {
  return record != nullptr && Value::trusted(*record).root().find(sid) != nullptr;
}

}  // namespace

void Service::add_permission(const Call& call, const Reply& reply) {
  const auto name = name_in(call);
  if (!name.ok()) return reply(Err{name.error()});
  transact(reply, [call, name = *name](const View& view, Update& update) -> OperationResult {
    const Node input = call.input.root();
    const std::string sid = TRY(required_text(input, "StatementId"));
    if (!Reader(view).function(name.key())) {
      return Err{function_not_found(name.qualified_arn())};
    }
    const std::string* record = view.find(kPolicyTable, policy_key(name));
    if (has_statement(record, sid)) {
      return Err{conflict(
          fmt::format("The statement id ({}) provided already exists. Please provide a new "
                      "statement id, or remove the existing statement.",
                      sid))};
    }
    const std::string statement = TRY(statement_text(name, input, sid));
    update.changes.push_back(
        {std::string(kPolicyTable), policy_key(name), with_statement(record, sid, &statement)});
    std::string text;
    json::Writer(text).begin_object().key("Statement").string(statement).end_object();
    return Value::trusted(std::move(text));
  });
}

void Service::remove_permission(const Call& call, const Reply& reply) {
  const auto name = name_in(call);
  if (!name.ok()) return reply(Err{name.error()});
  transact(reply, [call, name = *name](const View& view, Update& update) -> OperationResult {
    const std::string sid = TRY(required_text(call.input.root(), "StatementId"));
    const std::string* record = view.find(kPolicyTable, policy_key(name));
    if (!has_statement(record, sid)) {
      return Err{
          resource_not_found(fmt::format("Statement {} is not found in resource policy.", sid))};
    }
    std::string rest = with_statement(record, sid, nullptr);
    const bool empty = rest == "{}";
    update.changes.push_back({std::string(kPolicyTable), policy_key(name),
                              empty ? std::nullopt : std::optional(std::move(rest))});
    return Value::trusted("{}");
  });
}

runtime::OperationResult Service::get_policy(const Call& call) {
  const FunctionName name = TRY(name_in(call));
  const Reader reader(catalog_.catalog());
  const auto function = reader.function(name.key());
  const auto record = reader.get(kPolicyTable, policy_key(name));
  if (!function || !record) return Err{no_policy()};
  std::string policy;
  json::Writer out(policy);
  out.begin_object().key("Version").string("2012-10-17").key("Id").string("default");
  out.key("Statement").begin_array();
  const Value statements = Value::trusted(*record);
  for (const json::Member& each : statements.root().members()) out.node(each.value);
  out.end_array().end_object();
  std::string text;
  json::Writer(text)
      .begin_object()
      .key("Policy")
      .string(policy)
      .key("RevisionId")
      .string(function->latest.revision_id)
      .end_object();
  return Value::trusted(std::move(text));
}

}  // namespace pawl::lambda
