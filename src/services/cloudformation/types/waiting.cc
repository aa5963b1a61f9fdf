// AWS::CloudFormation::WaitConditionHandle and WaitCondition: whoever is waited for PUTs to the
// handle's address, on this server (signals.cc).
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/digest.h"
#include "json/number.h"
#include "services/cloudformation/service.h"
#include "services/cloudformation/signals.h"
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Node;
using json::Writer;
using Kind = PropertyKind;

constexpr std::int64_t kTimeoutSecondsDefault = 43'200;

Made made_condition(const Request& request, const std::vector<Signal>& signals) {
  std::string data;
  Writer out(data);
  out.begin_object();
  for (const Signal& signal : signals) out.key(signal.unique_id).string(signal.data);
  out.end_object();
  std::string attributes;
  Writer(attributes).begin_object().key("Data").string(data).end_object();
  return {request.physical_id, attributes};
}

// "PT1H30M15S" in seconds.
std::optional<std::int64_t> duration_seconds(std::string_view text) {
  if (!text.starts_with("PT")) return std::nullopt;
  text.remove_prefix(2);
  std::int64_t seconds = 0;
  while (!text.empty()) {
    const std::size_t unit = text.find_first_of("HMS");
    if (unit == std::string_view::npos) return std::nullopt;
    const auto number = json::to_int64(text.substr(0, unit));
    if (!number || *number < 0 || *number > 1'000'000) return std::nullopt;
    seconds += *number * (text[unit] == 'H' ? 3'600 : text[unit] == 'M' ? 60 : 1);
    text.remove_prefix(unit + 1);
  }
  return seconds;
}

// A CreationPolicy waits for SignalResource instead of the handle.
Outcome wait_for_policy(Service& service, const Request& request) {
  constexpr std::int64_t kTimeoutSeconds = 300;
  const Node* signal = request.creation_policy.find("ResourceSignal");
  const auto text = [signal](std::string_view name) {
    const Node* found = signal == nullptr ? nullptr : signal->find(name);
    if (found == nullptr) return std::string();
    return found->is_string() ? std::string(found->string()) : json::print(*found);
  };
  const std::string key = resource_key(request.stack.id, request.logical_id);
  const std::vector<Signal> signals = signals_of(service.catalog(), key);
  const auto count = json::to_int64(text("Count")).value_or(1);
  const auto failed = std::find_if(signals.begin(), signals.end(),
                                   [](const Signal& each) { return each.status == "FAILURE"; });
  if (failed != signals.end()) {
    forget_signals(service.catalog(), key);
    return Failure{failed->reason};
  }
  if (static_cast<std::int64_t>(signals.size()) >= count) {
    forget_signals(service.catalog(), key);
    return made_condition(request, {});
  }
  if (request.now - request.since >
      duration_seconds(text("Timeout")).value_or(kTimeoutSeconds) * 1000) {
    forget_signals(service.catalog(), key);
    return Failure{
        fmt::format("Failed to receive {} resource signal(s) within the specified "
                    "duration",
                    count)};
  }
  return Pending{request.physical_id, 1};
}

Outcome wait_for(Service& service, const Request& request) {
  if (!request.creation_policy.is_null()) return wait_for_policy(service, request);
  const std::string handle = request.text("Handle");
  const std::string token = handle.substr(handle.rfind('/') + 1);
  const auto count = json::to_int64(request.text("Count")).value_or(1);
  const auto timeout = json::to_int64(request.text("Timeout")).value_or(kTimeoutSecondsDefault);
  const std::vector<Signal> signals = signals_of(service.catalog(), token);
  for (const Signal& signal : signals) {
    if (signal.status != "FAILURE") continue;
    return Failure{fmt::format("WaitCondition received failed message: '{}' for uniqueId: {}",
                               signal.reason, signal.unique_id)};
  }
  if (static_cast<std::int64_t>(signals.size()) >= count) return made_condition(request, signals);
  if (request.now - request.since > timeout * 1000) {
    return Failure{fmt::format("WaitCondition timed out. Received {} conditions when expecting {}",
                               signals.size(), count)};
  }
  return Pending{request.physical_id, 1};
}

ResourceType handle_type(Service& service) {
  const auto same = [](const Request& request) -> Outcome { return Made{request.physical_id}; };
  return {.name = "AWS::CloudFormation::WaitConditionHandle",
          .properties = {},
          .attributes = {},
          .choose_id =
              [&service](const Request& request) {
                return signal_url(service.endpoint(),
                                  signal_token(request.token, request.logical_id));
              },
          .create = same,
          .update = same,
          .remove = [&service](const Request& request) -> Outcome {
            forget_signals(service.catalog(),
                           request.physical_id.substr(request.physical_id.rfind('/') + 1));
            return Made{request.physical_id};
          }};
}

ResourceType condition_type(Service& service) {
  return {.name = "AWS::CloudFormation::WaitCondition",
          .properties = {{"Handle", Kind::kText},
                         {"Timeout", Kind::kInteger},
                         {"Count", Kind::kInteger}},
          .attributes = {"Data"},
          .choose_id =
              [](const Request& request) {
                return fmt::format("{}/{}/{}", request.stack.id, request.logical_id,
                                   request.token.substr(0, 8));
              },
          .create = [&service](const Request& request) { return wait_for(service, request); },
          .update = [](const Request&) -> Outcome {
            return Failure{
                "Update to resource type AWS::CloudFormation::WaitCondition is not "
                "supported."};
          },
          .remove = [](const Request& request) -> Outcome { return Made{request.physical_id}; }};
}

}  // namespace

void add_waiting_types(ResourceTypes& types, Service& service) {
  types.add(handle_type(service));
  types.add(condition_type(service));
}

}  // namespace pawl::cloudformation
