// What becomes of a function's asynchronous invocations: how often and how long they are tried, and
// which function hears of their end.
#include <fmt/format.h>

#include "services/lambda/fields.h"
#include "services/lambda/service.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

constexpr const char* kNumbers[] = {"MaximumRetryAttempts", "MaximumEventAgeInSeconds"};

Result<FunctionName, ServiceError> name_in(const runtime::Call& call) {
  const Node input = call.input.root();
  return parse_function_name(call.principal, TRY(required_text(input, "FunctionName")),
                             text_member(input, "Qualifier").value_or(""));
}

std::string configuration_key(const FunctionName& name) {
  const bool latest = name.qualifier.empty() || name.qualifier == kLatest;
  return latest ? name.key() : alias_key(name.key(), name.qualifier);
}

std::string shown_arn(const FunctionName& name) {
  return name.arn() + ":" + (name.qualifier.empty() ? std::string(kLatest) : name.qualifier);
}

ServiceError no_configuration(const FunctionName& name) {
  return resource_not_found(
      fmt::format("The function {} doesn't have an EventInvokeConfig", shown_arn(name)));
}

std::string destination_of(Node configuration, const char* condition) {
  const Node* destinations = member(configuration, "DestinationConfig");
  const Node* one = destinations ? member(*destinations, condition) : nullptr;
  return one == nullptr ? std::string() : text_member(*one, "Destination").value_or("");
}

// Destinations of other services than functions are not there yet, and said so when they are asked
// for.
Result<void, ServiceError> check_destinations(const Reader& reader, const runtime::Call& call) {
  for (const char* condition : {"OnSuccess", "OnFailure"}) {
    const std::string destination = destination_of(call.input.root(), condition);
    if (destination.empty()) continue;
    const auto name = parse_function_name(call.principal, destination);
    if (destination.find(":lambda:") == std::string::npos || !name.ok()) {
      return Err{invalid_parameter(
          fmt::format("The provided destination config DestinationConfig({}={}) is invalid. Pawl's "
                      "destinations are functions.",
                      condition, destination))};
    }
    if (!reader.function(name->key())) {
      return Err{invalid_parameter(fmt::format(
          "The destination ARN {} is invalid: there is no such function.", destination))};
    }
  }
  return {};
}

// The record, which is also the answer. Members that `input` does not have are those of `before`.
std::string record_of(const FunctionName& name, Node input, Node before, WallMillis now) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("LastModified").real(static_cast<double>(now) / 1000);
  out.key("FunctionArn").string(shown_arn(name));
  for (const char* number : kNumbers) {
    const auto given = integer_member(input, number);
    const auto value = given ? given : integer_member(before, number);
    if (value) out.key(number).integer(*value);
  }
  const Node* given = member(input, "DestinationConfig");
  const Node& source = given ? input : before;
  out.key("DestinationConfig").begin_object();
  for (const char* condition : {"OnSuccess", "OnFailure"}) {
    const std::string destination = destination_of(source, condition);
    out.key(condition).begin_object();
    if (!destination.empty()) out.key("Destination").string(destination);
    out.end_object();
  }
  out.end_object().end_object();
  return text;
}

Result<void, ServiceError> check_something(Node input) {
  if (member(input, "DestinationConfig") != nullptr) return {};
  for (const char* number : kNumbers) {
    if (integer_member(input, number)) return {};
  }
  return Err{
      invalid_parameter("You must specify at least one of error handling or destination setting.")};
}

}  // namespace

void Service::put_event_configuration(const Call& call, const Reply& reply) {
  transact(reply, [this, call](const View& view, Update& update) -> OperationResult {
    const FunctionName name = TRY(name_in(call));
    const Reader reader(view);
    if (!reader.function(name.key())) return Err{function_not_found(name.qualified_arn())};
    TRY(check_something(call.input.root()));
    TRY(check_destinations(reader, call));
    std::string record = record_of(name, call.input.root(), Node(), clock_.wall_now());
    update.changes.push_back(
        {std::string(kEventConfigurationTable), configuration_key(name), record});
    return Value::trusted(std::move(record));
  });
}

void Service::update_event_configuration(const Call& call, const Reply& reply) {
  transact(reply, [this, call](const View& view, Update& update) -> OperationResult {
    const FunctionName name = TRY(name_in(call));
    const std::string* before = view.find(kEventConfigurationTable, configuration_key(name));
    if (before == nullptr) return Err{no_configuration(name)};
    TRY(check_something(call.input.root()));
    TRY(check_destinations(Reader(view), call));
    const Value old = Value::trusted(*before);
    std::string record = record_of(name, call.input.root(), old.root(), clock_.wall_now());
    update.changes.push_back(
        {std::string(kEventConfigurationTable), configuration_key(name), record});
    return Value::trusted(std::move(record));
  });
}

void Service::delete_event_configuration(const Call& call, const Reply& reply) {
  transact(reply, [call](const View& view, Update& update) -> OperationResult {
    const FunctionName name = TRY(name_in(call));
    if (view.find(kEventConfigurationTable, configuration_key(name)) == nullptr) {
      return Err{no_configuration(name)};
    }
    update.changes.push_back(
        {std::string(kEventConfigurationTable), configuration_key(name), std::nullopt});
    return Value::trusted("{}");
  });
}

runtime::OperationResult Service::get_event_configuration(const Call& call) {
  const FunctionName name = TRY(name_in(call));
  auto record = Reader(catalog_.catalog()).get(kEventConfigurationTable, configuration_key(name));
  if (!record) return Err{no_configuration(name)};
  return Value::trusted(std::move(*record));
}

runtime::OperationResult Service::list_event_configurations(const Call& call) {
  const FunctionName name = TRY(name_in(call));
  const Reader reader(catalog_.catalog());
  if (!reader.function(name.key())) return Err{function_not_found(name.arn())};
  std::string text;
  json::Writer out(text);
  out.begin_object().key("FunctionEventInvokeConfigs").begin_array();
  const std::string prefix = name.key() + ":";
  catalog_.catalog().for_each(kEventConfigurationTable,
                              [&](const std::string& key, const std::string& record) {
                                if (key == name.key() || key.starts_with(prefix)) out.raw(record);
                              });
  out.end_array().end_object();
  return Value::trusted(std::move(text));
}

EventQueue::Policy Service::policy_of(const Event& event) const {
  EventQueue::Policy policy;
  const auto record =
      Reader(catalog_.catalog()).get(kEventConfigurationTable, configuration_key(event.function));
  if (!record) return policy;
  const Value value = Value::trusted(*record);
  const Node root = value.root();
  if (const auto retries = integer_member(root, kNumbers[0])) {
    policy.retries_max = static_cast<int>(*retries);
  }
  if (const auto seconds = integer_member(root, kNumbers[1])) policy.age_ms_max = *seconds * 1000;
  policy.on_success = destination_of(root, "OnSuccess");
  policy.on_failure = destination_of(root, "OnFailure");
  return policy;
}

}  // namespace pawl::lambda
