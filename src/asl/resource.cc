// Resource ARNs (reference/step-functions.md C1):
//   arn:<partition>:lambda:<region>:<account>:function:<name>[:<qualifier>]
//   arn:<partition>:states:<region>:<account>:activity:<name>
//   arn:<partition>:states:::<service>:<action>[.sync|.sync:2|.waitForTaskToken]
//   arn:<partition>:states:::aws-sdk:<service>:<action>[.waitForTaskToken]
// An integration's region and account are those of its machine; AWS's own samples spell them out
// (aws-samples/step-functions-workflows-collection, script-generator), so both may be there.
#include "asl/resource.h"

#include <algorithm>
#include <array>

#include "asl/integrations.h"
#include "base/ascii.h"

namespace pawl::asl {
namespace {

constexpr std::string_view kSdk = "aws-sdk";

// The first five parts, and the rest, of "arn:partition:service:region:account:rest".
struct Arn {
  std::string_view service, region, account, rest;
};

std::optional<Arn> split(std::string_view text) {
  std::array<std::string_view, 5> parts;
  for (std::string_view& part : parts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (parts[0] != "arn" || parts[1].empty()) return std::nullopt;
  return Arn{parts[2], parts[3], parts[4], text};
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::optional<TaskResource> service_action(TaskResource resource, std::string_view rest) {
  const std::size_t prefix = rest.starts_with("aws-sdk:") ? kSdk.size() + 1 : 0;
  const std::size_t colon = rest.find(':', prefix);
  if (colon == std::string_view::npos) return std::nullopt;
  resource.resource_type = rest.substr(0, colon);
  std::string_view action = rest.substr(colon + 1);
  resource.resource_name = action;
  if (take_suffix(action, ".sync:2")) {
    resource.pattern = TaskPattern::kSync;
    resource.sync_version = 2;
  } else if (take_suffix(action, ".sync")) {
    resource.pattern = TaskPattern::kSync;
  } else if (take_suffix(action, ".waitForTaskToken")) {
    resource.pattern = TaskPattern::kWaitForTaskToken;
  }
  if (action.empty() || colon == prefix) return std::nullopt;
  resource.action = action;
  return resource;
}

bool is_sdk_service(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](char byte) { return is_lower_case(byte) || is_digit(byte); });
}

// camelCase: `getObject`, `listObjectsV2`.
bool is_sdk_action(std::string_view name) {
  return is_lower_case(name.front()) && std::all_of(name.begin(), name.end(), is_letter_or_digit);
}

}  // namespace

std::optional<TaskResource> parse_resource(std::string_view text) {
  const std::optional<Arn> arn = split(text);
  if (!arn) return std::nullopt;
  TaskResource resource;
  resource.arn = text;
  constexpr std::string_view kFunction = "function:";
  constexpr std::string_view kActivity = "activity:";
  if (arn->service == "lambda" && arn->rest.starts_with(kFunction) &&
      arn->rest.size() > kFunction.size()) {
    resource.kind = TaskResource::Kind::kLambdaFunction;
    return resource;
  }
  if (arn->service != "states") return std::nullopt;
  if (arn->rest.starts_with(kActivity) && arn->rest.size() > kActivity.size() &&
      !arn->region.empty() && !arn->account.empty()) {
    resource.kind = TaskResource::Kind::kActivity;
    return resource;
  }
  if (arn->region.empty() != arn->account.empty()) return std::nullopt;
  return service_action(std::move(resource), arn->rest);
}

bool is_recognized(const TaskResource& resource) {
  if (resource.kind != TaskResource::Kind::kService) return true;
  const std::string_view type = resource.resource_type;
  if (type.starts_with(kSdk)) {
    return resource.pattern != TaskPattern::kSync && type.size() > kSdk.size() + 1 &&
           is_sdk_service(type.substr(kSdk.size() + 1)) && is_sdk_action(resource.action);
  }
  const Integration* integration = find_integration(type, resource.action);
  return integration != nullptr && integration->offers(resource);
}

}  // namespace pawl::asl
