// Task states: the resource, its request, and the clocks.
#include "asl/integrations.h"
#include "asl/query_fields.h"
#include "asl/resource.h"
#include "asl/template.h"
#include "asl/walk.h"
#include "base/limits.h"

namespace pawl::asl {
namespace {

std::string not_recognized(const std::string& arn) {
  return "The resource provided " + arn +
         " is not recognized. The value is not a valid resource ARN, or the resource is not "
         "available in this region.";
}

// Express workflows run request/response only (C1.1).
void check_express(const Walk& walk, const TaskResource& resource, const Place& place) {
  if (walk.type != MachineType::kExpress) return;
  const std::string prefix = "Express state machine does not support ";
  if (resource.kind == TaskResource::Kind::kActivity) {
    walk.diagnostics.rule(place, prefix + "Activity ARN");
  } else if (resource.pattern == TaskPattern::kSync) {
    walk.diagnostics.rule(place, prefix + "'.sync' service integration");
  } else if (resource.pattern == TaskPattern::kWaitForTaskToken) {
    // The blank at the end is the service's.
    walk.diagnostics.rule(place, prefix + "'.waitForTaskToken' service integration ");
  }
}

void warn_if_not_available(const Walk& walk, const TaskResource& resource, const Place& place) {
  if (!walk.options.has_service || resource.kind != TaskResource::Kind::kService) return;
  if (walk.options.has_service(resource.resource_type)) return;
  walk.diagnostics.warning(place,
                           "The service '" + resource.resource_type +
                               "' is not available here: the task will fail with States.Runtime.",
                           code::kNoService);
}

TaskResource parse_task_resource(const Walk& walk, const Fields& fields) {
  fields.require({"Resource"});
  const std::optional<std::string> arn = fields.string("Resource");
  if (!arn) return {};
  const Place place = fields.place_of("Resource");
  if (!arn->starts_with("arn:")) {
    walk.diagnostics.broken(place, "Value is not a valid resource ARN");
    return {};
  }
  std::optional<TaskResource> resource = parse_resource(*arn);
  if (!resource) {
    walk.diagnostics.broken(place, not_recognized(*arn));
    return {};
  }
  if (!is_recognized(*resource)) {
    walk.diagnostics.rule(place, not_recognized(*arn));
  } else {
    check_express(walk, *resource, place);
    warn_if_not_available(walk, *resource, place);
  }
  return *std::move(resource);
}

// A service integration needs its request, and the request its required fields (C1.2).
void check_request(const Walk& walk, const Fields& fields, const TaskResource& resource) {
  if (resource.arn.empty() || resource.kind != TaskResource::Kind::kService) return;
  const std::string_view name =
      fields.language() == QueryLanguage::kJsonPath ? "Parameters" : "Arguments";
  const json::Node* request = fields.find(name);
  if (request == nullptr) {
    walk.diagnostics.rule(
        fields.place_of("Resource"),
        std::string(name) + " field is required for resource ARN: " + resource.arn);
    return;
  }
  const Integration* integration = find_integration(resource.resource_type, resource.action);
  if (integration == nullptr || !request->is_object()) return;
  for (const std::string_view field : integration->required) {
    if (request->find(field) != nullptr) continue;
    if (fields.language() == QueryLanguage::kJsonPath &&
        request->find(std::string(field) + ".$") != nullptr) {
      continue;
    }
    walk.diagnostics.rule(fields.place_of(name),
                          "The field '" + std::string(field) + "' is required but was missing");
  }
}

// Credentials: only RoleArn counts; what else stands there is ignored.
std::optional<Template> parse_role(const Walk& walk, const Fields& fields,
                                   const TaskResource& resource) {
  const json::Node* credentials = fields.object("Credentials");
  if (credentials == nullptr) return std::nullopt;
  const Place place = fields.place_of("Credentials");
  if (resource.kind == TaskResource::Kind::kActivity) {
    walk.diagnostics.rule(place, "The field 'Credentials' is not supported for activities");
  }
  const bool json_path = fields.language() == QueryLanguage::kJsonPath;
  const json::Node* dynamic = json_path ? credentials->find("RoleArn.$") : nullptr;
  const json::Node* role = dynamic != nullptr ? dynamic : credentials->find("RoleArn");
  if (role == nullptr) {
    walk.diagnostics.broken(place, "The field 'RoleArn' is required but was missing");
    return std::nullopt;
  }
  if (!role->is_string()) {
    report_wrong_type(walk.diagnostics, place.member(dynamic != nullptr ? "RoleArn.$" : "RoleArn"),
                      "[STRING]");
    return std::nullopt;
  }
  if (dynamic == nullptr) {
    return compile_template(walk.diagnostics, fields.language(), *role, place.member("RoleArn"));
  }
  auto expression = compile_expression(role->string());
  if (!expression) {
    walk.diagnostics.broken(place,
                            "The value for the field 'RoleArn.$' must be a valid JSONPath or a "
                            "valid intrinsic function call");
    return std::nullopt;
  }
  return Template{TemplateExpression{"RoleArn.$", *std::move(expression)}};
}

std::optional<std::int64_t> literal(const std::optional<NumberField>& field) {
  const auto* value = field ? std::get_if<std::int64_t>(&field->form) : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

// A heartbeat that is not more frequent than the timeout would never be missed.
void check_heartbeat(const Walk& walk, const Fields& fields, const TaskState& task) {
  const auto timeout = literal(task.timeout_seconds);
  const auto heartbeat = literal(task.heartbeat_seconds);
  if (!timeout || !heartbeat || *heartbeat < *timeout) return;
  // Values out of range have been told of.
  if (*timeout < 1 || *heartbeat > kAwsLimits.wait_seconds_max) return;
  walk.diagnostics.rule(fields.place_of("HeartbeatSeconds"),
                        "HeartbeatSeconds must be smaller than TimeoutSeconds");
}

}  // namespace

TaskState parse_task(const Walk& walk, const Fields& fields) {
  TaskState task;
  task.resource = parse_task_resource(walk, fields);
  check_request(walk, fields, task.resource);
  task.parameters = template_field(
      fields, fields.language() == QueryLanguage::kJsonPath ? "Parameters" : "Arguments");
  task.credentials_role_arn = parse_role(walk, fields, task.resource);

  const IntegerRange seconds{1, kAwsLimits.wait_seconds_max};
  fields.at_most_one_of({"TimeoutSeconds", "TimeoutSecondsPath"});
  task.timeout_seconds = integer_field(fields, "TimeoutSeconds", "TimeoutSecondsPath", seconds);
  fields.at_most_one_of({"HeartbeatSeconds", "HeartbeatSecondsPath"});
  task.heartbeat_seconds =
      integer_field(fields, "HeartbeatSeconds", "HeartbeatSecondsPath", seconds);
  check_heartbeat(walk, fields, task);
  return task;
}

}  // namespace pawl::asl
