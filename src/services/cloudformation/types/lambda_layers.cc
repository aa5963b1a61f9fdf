// AWS::Lambda::LayerVersion and EventInvokeConfig.
#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

namespace {

using json::Writer;
using Kind = PropertyKind;

// A resource that is gone already is removed.
Outcome removed(const Request& request, std::string_view operation, std::string input) {
  const auto answer = request.services.call(request, "lambda", operation, std::move(input));
  if (answer.ok() || answer.error().code == "ResourceNotFoundException") {
    return Made{request.physical_id};
  }
  return failure_of(request, "Lambda", answer.error());
}

Outcome create_layer(const Request& request) {
  const std::string given = request.text("LayerName");
  std::string input = properties_with(request.properties, {"LayerName"}, [&](Writer& out) {
    out.key("LayerName").string(given.empty() ? generated_name(request, 64) : given);
  });
  const auto answer =
      request.services.call(request, "lambda", "PublishLayerVersion", std::move(input));
  if (!answer.ok()) return failure_of(request, "Lambda", answer.error());
  const std::string arn = text_in(*answer, "LayerVersionArn");
  std::string attributes;
  Writer(attributes).begin_object().key("LayerVersionArn").string(arn).end_object();
  return Made{arn, attributes};
}

// The ARN of a version ends with its number.
Outcome remove_layer(const Request& request) {
  const std::size_t colon = request.physical_id.rfind(':');
  if (colon == std::string::npos) return Made{request.physical_id};
  std::string input;
  Writer out(input);
  out.begin_object().key("LayerName").string(request.physical_id.substr(0, colon));
  out.key("VersionNumber").raw(request.physical_id.substr(colon + 1)).end_object();
  return removed(request, "DeleteLayerVersion", std::move(input));
}

ResourceType layer_type() {
  constexpr auto kAlways = Replaces::kAlways;
  return {.name = "AWS::Lambda::LayerVersion",
          .properties = {{"LayerName", Kind::kText, kAlways},
                         {"Content", Kind::kAny, kAlways, Need::kRequired},
                         {"Description", Kind::kText, kAlways},
                         {"LicenseInfo", Kind::kText, kAlways},
                         {"CompatibleRuntimes", Kind::kTexts, kAlways},
                         {"CompatibleArchitectures", Kind::kTexts, kAlways}},
          .attributes = {"LayerVersionArn"},
          .choose_id = [](const Request&) { return std::string(); },
          .create = create_layer,
          .update = [](const Request& request) -> Outcome {
            return Made{request.physical_id, request.attributes};
          },
          .remove = remove_layer};
}

Outcome put_event_configuration(const Request& request) {
  const auto answer =
      request.services.call(request, "lambda", "PutFunctionEventInvokeConfig",
                            properties_with(request.properties, {}, [](Writer&) {}));
  if (!answer.ok()) return failure_of(request, "Lambda", answer.error());
  return Made{request.physical_id};
}

ResourceType event_configuration_type() {
  constexpr auto kAlways = Replaces::kAlways;
  return {.name = "AWS::Lambda::EventInvokeConfig",
          .properties = {{"FunctionName", Kind::kText, kAlways, Need::kRequired},
                         {"Qualifier", Kind::kText, kAlways, Need::kRequired},
                         {"MaximumRetryAttempts", Kind::kInteger},
                         {"MaximumEventAgeInSeconds", Kind::kInteger},
                         {"DestinationConfig"}},
          .attributes = {},
          .choose_id = [](const Request& request) { return generated_name(request, 64); },
          .create = put_event_configuration,
          .update = put_event_configuration,
          .remove = [](const Request& request) -> Outcome {
            std::string input;
            Writer out(input);
            out.begin_object().key("FunctionName").string(request.text("FunctionName"));
            out.key("Qualifier").string(request.text("Qualifier")).end_object();
            return removed(request, "DeleteFunctionEventInvokeConfig", std::move(input));
          }};
}

}  // namespace

void add_lambda_layer_types(ResourceTypes& types) {
  types.add(layer_type());
  types.add(event_configuration_type());
}

}  // namespace pawl::cloudformation
