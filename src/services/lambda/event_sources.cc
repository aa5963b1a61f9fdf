// Event source mappings: kept, shown and changed as AWS does. The queues and streams that they
// name are of services that are not here, so none is read: a mapping's state says so.
#include <fmt/format.h>

#include <algorithm>

#include "services/lambda/fields.h"
#include "services/lambda/service.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Value;

constexpr std::int64_t kPageMax = 100;

// What is kept as it was given.
constexpr const char* kKept[] = {"EventSourceArn",
                                 "StartingPosition",
                                 "StartingPositionTimestamp",
                                 "BatchSize",
                                 "MaximumBatchingWindowInSeconds",
                                 "ParallelizationFactor",
                                 "FilterCriteria",
                                 "DestinationConfig",
                                 "Topics",
                                 "Queues",
                                 "SourceAccessConfigurations",
                                 "SelfManagedEventSource",
                                 "MaximumRecordAgeInSeconds",
                                 "BisectBatchOnFunctionError",
                                 "MaximumRetryAttempts",
                                 "TumblingWindowInSeconds",
                                 "FunctionResponseTypes",
                                 "AmazonManagedKafkaEventSourceConfig",
                                 "SelfManagedKafkaEventSourceConfig",
                                 "ScalingConfig",
                                 "DocumentDBEventSourceConfig",
                                 "KMSKeyArn",
                                 "MetricsConfig",
                                 "LoggingConfig",
                                 "ProvisionedPollerConfig"};

// "arn:aws:sqs:us-east-1:000000000000:orders" -> "sqs"; empty for a source without an ARN.
std::string kind_of(std::string_view arn) {
  std::string_view rest = arn;
  for (int part = 0; part < 2 && !rest.empty(); ++part) {
    rest.remove_prefix(std::min(rest.find(':'), rest.size() - 1) + 1);
  }
  return std::string(rest.substr(0, rest.find(':')));
}

bool is_stream(std::string_view kind) { return kind == "kinesis" || kind == "dynamodb"; }

// What AWS fills in where nothing is given.
void write_defaults(json::Writer& out, std::string_view kind, Node given) {
  const auto add = [&](const char* name, std::string_view value) {
    if (member(given, name) == nullptr) out.key(name).raw(value);
  };
  add("BatchSize", kind == "sqs" ? "10" : "100");
  add("MaximumBatchingWindowInSeconds", "0");
  if (!is_stream(kind)) return;
  add("ParallelizationFactor", "1");
  add("MaximumRecordAgeInSeconds", "-1");
  add("BisectBatchOnFunctionError", "false");
  add("MaximumRetryAttempts", "-1");
  add("TumblingWindowInSeconds", "0");
}

struct Mapping {
  std::string uuid;
  std::string function_arn;
  WallMillis changed = 0;
};

// The record, which is also the answer. What `input` does not say is as in `before`.
std::string record_of(const runtime::Principal& principal, const Mapping& mapping, Node input,
                      Node before) {
  std::string kept;
  json::Writer members(kept);
  members.begin_object();
  for (const char* name : kKept) {
    const Node* value = member(input, name);
    if (value == nullptr) value = member(before, name);
    if (value != nullptr) members.key(name).node(*value);
  }
  members.end_object();
  const Value given = Value::trusted(std::move(kept));
  const std::string kind = kind_of(text_member(given.root(), "EventSourceArn").value_or(""));
  std::string text;
  json::Writer out(text);
  out.begin_object().key("UUID").string(mapping.uuid);
  out.key("EventSourceMappingArn")
      .string(fmt::format("arn:aws:lambda:{}:{}:event-source-mapping:{}", principal.region,
                          principal.account, mapping.uuid));
  out.key("FunctionArn").string(mapping.function_arn);
  out.key("LastModified").real(static_cast<double>(mapping.changed) / 1000);
  for (const json::Member& each : given.root().members())
    out.key(each.key.string()).node(each.value);
  write_defaults(out, kind, given.root());
  out.key("LastProcessingResult").string("No records processed");
  out.key("State").string("Disabled");
  const Node* wanted = member(input, "Enabled");
  const bool asked = wanted == nullptr || !wanted->is_boolean() || wanted->boolean();
  out.key("StateTransitionReason")
      .string(!asked ? "USER_INITIATED"
                     : fmt::format("There is no {} here: nothing is read from this source",
                                   kind.empty() ? "source of this kind" : kind));
  out.end_object();
  return text;
}

std::string prefix_of(const runtime::Principal& principal) {
  return principal.account + "/" + principal.region + "/";
}

ServiceError no_mapping() {
  return resource_not_found("The resource you requested does not exist.");
}

Result<std::string, ServiceError> key_in(const runtime::Call& call) {
  return prefix_of(call.principal) + TRY(required_text(call.input.root(), "UUID"));
}

Result<std::string, ServiceError> function_in(const Reader& reader, const runtime::Call& call) {
  const FunctionName name = TRY(
      parse_function_name(call.principal, TRY(required_text(call.input.root(), "FunctionName"))));
  if (!reader.function(name.key())) return Err{function_not_found(name.arn())};
  return name.qualified_arn();
}

// The record with another state: what a change answers before it has settled.
std::string in_state(const std::string& record, std::string_view state) {
  const Value value = Value::trusted(record);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const json::Member& each : value.root().members()) {
    out.key(each.key.string());
    each.key.string() == "State" ? out.string(state) : out.node(each.value);
  }
  out.end_object();
  return text;
}

bool is_wanted(Node mapping, Node input) {
  const auto source = text_member(input, "EventSourceArn");
  return !source || text_member(mapping, "EventSourceArn") == source;
}

}  // namespace

void Service::create_event_source(const Call& call, const Reply& reply) {
  transact(reply, [this, call](const View& view, Update& update) -> OperationResult {
    const Node input = call.input.root();
    const std::string function = TRY(function_in(Reader(view), call));
    const auto source = text_member(input, "EventSourceArn");
    if (!source && member(input, "SelfManagedEventSource") == nullptr) {
      return Err{invalid_parameter("Unrecognized event source.")};
    }
    if (source && is_stream(kind_of(*source)) && !text_member(input, "StartingPosition")) {
      return Err{invalid_parameter(
          "1 validation error detected: Value null at 'startingPosition' failed to satisfy "
          "constraint: Member must not be null.")};
    }
    for (const auto& [key, known] : view.table(kEventSourceTable)) {
      const Value other = Value::trusted(known);
      if (source && key.starts_with(prefix_of(call.principal)) &&
          text_member(other.root(), "EventSourceArn") == source &&
          text_member(other.root(), "FunctionArn") == function) {
        return Err{conflict(fmt::format(
            "The event source arn (\" {} \") and function (\" {} \") provided mapping already "
            "exists. Please update or delete the existing mapping with UUID {}",
            *source, parse_function_name(call.principal, function)->name,
            text_member(other.root(), "UUID").value_or("")))};
      }
    }
    const Mapping mapping{new_id(), function, clock_.wall_now()};
    const std::string record = record_of(call.principal, mapping, input, Node());
    update.changes.push_back(
        {std::string(kEventSourceTable), prefix_of(call.principal) + mapping.uuid, record});
    return Value::trusted(in_state(record, "Creating"));
  });
}

void Service::update_event_source(const Call& call, const Reply& reply) {
  transact(reply, [this, call](const View& view, Update& update) -> OperationResult {
    const std::string key = TRY(key_in(call));
    const std::string* before = view.find(kEventSourceTable, key);
    if (before == nullptr) return Err{no_mapping()};
    const Node input = call.input.root();
    const Value old = Value::trusted(*before);
    Mapping mapping{text_member(old.root(), "UUID").value_or(""),
                    text_member(old.root(), "FunctionArn").value_or(""), clock_.wall_now()};
    if (member(input, "FunctionName") != nullptr) {
      mapping.function_arn = TRY(function_in(Reader(view), call));
    }
    const std::string record = record_of(call.principal, mapping, input, old.root());
    update.changes.push_back({std::string(kEventSourceTable), key, record});
    return Value::trusted(in_state(record, "Updating"));
  });
}

void Service::delete_event_source(const Call& call, const Reply& reply) {
  transact(reply, [call](const View& view, Update& update) -> OperationResult {
    const std::string key = TRY(key_in(call));
    const std::string* record = view.find(kEventSourceTable, key);
    if (record == nullptr) return Err{no_mapping()};
    std::string answer = in_state(*record, "Deleting");
    update.changes.push_back({std::string(kEventSourceTable), key, std::nullopt});
    return Value::trusted(std::move(answer));
  });
}

runtime::OperationResult Service::get_event_source(const Call& call) {
  auto record = Reader(catalog_.catalog()).get(kEventSourceTable, TRY(key_in(call)));
  if (!record) return Err{no_mapping()};
  return Value::trusted(std::move(*record));
}

runtime::OperationResult Service::list_event_sources(const Call& call) {
  const Node input = call.input.root();
  std::string function;
  if (member(input, "FunctionName") != nullptr) {
    function = TRY(function_in(Reader(catalog_.catalog()), call));
  }
  const auto limit = static_cast<std::size_t>(
      std::clamp<std::int64_t>(integer_member(input, "MaxItems").value_or(kPageMax), 1, kPageMax));
  const std::string prefix = prefix_of(call.principal);
  std::string last = text_member(input, "Marker").value_or("");
  const std::string after = prefix + last;
  std::string text;
  json::Writer out(text);
  out.begin_object().key("EventSourceMappings").begin_array();
  std::size_t count = 0;
  bool more = false;
  catalog_.catalog().for_each(
      kEventSourceTable, [&](const std::string& key, const std::string& record) {
        if (more || !key.starts_with(prefix) || key <= after) return;
        const Value mapping = Value::trusted(record);
        const bool of_function =
            function.empty() || text_member(mapping.root(), "FunctionArn") == function;
        if (!of_function || !is_wanted(mapping.root(), input)) return;
        more = count == limit;
        if (more) return;
        out.raw(record);
        last = key.substr(prefix.size());
        ++count;
      });
  out.end_array();
  if (more) out.key("NextMarker").string(last);
  out.end_object();
  return Value::trusted(std::move(text));
}

}  // namespace pawl::lambda
