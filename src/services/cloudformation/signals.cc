#include "services/cloudformation/signals.h"

#include <fmt/format.h>

#include <future>

#include "base/digest.h"
#include "services/cloudformation/service.h"

namespace pawl::cloudformation {

namespace {

constexpr std::string_view kPath = "/_pawl/stack-signals/";

}  // namespace

std::string signal_token(std::string_view operation, std::string_view logical_id) {
  return *hex_digest(std::string(operation) + "/" + std::string(logical_id), "SHA-256");
}

std::string signal_url(std::string_view endpoint, std::string_view token) {
  return std::string(endpoint) + std::string(kPath) + std::string(token);
}

std::vector<Signal> signals_of(const runtime::Catalog& catalog, std::string_view token) {
  std::vector<Signal> signals;
  for (const auto& [key, record] : with_prefix(catalog, kSignalTable, std::string(token) + "#")) {
    const json::Value body = json::Value::trusted(record);
    Signal signal;
    signal.unique_id = key.substr(token.size() + 1);
    signal.status = text_in(body, "Status");
    signal.reason = text_in(body, "Reason");
    // A wait condition's data is a text; of a custom resource's answer all of it counts.
    const json::Node* data = body.root().find("Data");
    signal.data = data && data->is_string() ? std::string(data->string()) : record;
    signals.push_back(std::move(signal));
  }
  return signals;
}

void put_record(runtime::Catalog& catalog, std::string_view table, const std::string& key,
                std::optional<std::string> record) {
  std::promise<void> durable;
  catalog.update([&](const View&) { return Changes{{std::string(table), key, std::move(record)}}; },
                 [&durable] { durable.set_value(); });
  durable.get_future().wait();
}

void forget_signals(runtime::Catalog& catalog, std::string_view token) {
  for (const auto& [key, record] : with_prefix(catalog, kSignalTable, std::string(token) + "#")) {
    put_record(catalog, kSignalTable, key, std::nullopt);
  }
}

Service::Result Service::take_signal(const Call& call) {
  constexpr std::size_t kSignalBytesMax = 4'096;
  constexpr std::size_t kTokenCharacters = 64;
  const Fields fields(call.input);
  const std::string token = fields.text("Token");
  const json::Node* body = fields.node("Signal");
  if (token.size() != kTokenCharacters || body == nullptr || !body->is_object()) {
    return Err{validation_error("A signal is an object with a Status")};
  }
  std::string text = json::print(*body);
  if (text.size() > kSignalBytesMax) {
    return Err{validation_error("Response object is too long.")};
  }
  const json::Node* unique_id = body->find("UniqueId");
  const std::string id =
      unique_id && unique_id->is_string() ? std::string(unique_id->string()) : "answer";
  put_record(parts_.catalog, kSignalTable, token + "#" + id, std::move(text));
  return empty_answer();
}

Service::Result Service::signal_resource(const Call& call) {
  const Fields fields(call.input);
  const StackRecord stack = TRY(stack_of(call, StackWords::kWithId));
  const std::string logical_id = TRY(fields.required("LogicalResourceId"));
  const std::string unique_id = TRY(fields.required("UniqueId"));
  const std::string status = TRY(fields.required("Status"));
  const auto resource = find_resource(stack.id, logical_id);
  if (!resource) {
    return Err{validation_error(
        fmt::format("Resource {} does not exist for stack {}", logical_id, stack.name))};
  }
  if (!resource->status.ends_with("_IN_PROGRESS")) {
    return Err{validation_error(fmt::format("Resource {} is in {} state and cannot be signaled",
                                            logical_id, resource->status))};
  }
  std::string record;
  json::Writer(record)
      .begin_object()
      .key("Status")
      .string(status)
      .key("Reason")
      .string(fmt::format("Received {} signal with UniqueId {}", status, unique_id))
      .end_object();
  edit(stack.id, [&](StackEdit& edit) {
    edit.change(kSignalTable, resource_key(stack.id, logical_id) + "#" + unique_id, record);
    ResourceRecord told = *resource;
    told.status_reason = fmt::format("Received {} signal with UniqueId {}", status, unique_id);
    edit.add_event(told);
  });
  return empty_answer();
}

}  // namespace pawl::cloudformation
