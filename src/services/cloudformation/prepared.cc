#include "services/cloudformation/prepared.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/digest.h"
#include "runtime/execution_id.h"
#include "services/cloudformation/outputs.h"
#include "services/cloudformation/service.h"
#include "services/cloudformation/template_url.h"
#include "templates/document.h"
#include "templates/limits.h"
#include "templates/references.h"
#include "templates/transform.h"

namespace pawl::cloudformation {

namespace {

constexpr std::string_view kIamTypes[] = {"AWS::IAM::AccessKey",
                                          "AWS::IAM::Group",
                                          "AWS::IAM::InstanceProfile",
                                          "AWS::IAM::ManagedPolicy",
                                          "AWS::IAM::Policy",
                                          "AWS::IAM::Role",
                                          "AWS::IAM::User",
                                          "AWS::IAM::UserToGroupAddition"};
constexpr std::string_view kIamNames[] = {"GroupName", "InstanceProfileName", "ManagedPolicyName",
                                          "RoleName", "UserName"};

// The parameters of a call, over those of the stack.
std::map<std::string, std::string> given_parameters(const Fields& fields,
                                                    const StackContent* before) {
  std::map<std::string, std::string> given;
  const json::Node* list = fields.node("Parameters");
  if (list == nullptr) return given;
  for (const json::Node& each : *list) {
    const json::Node* key = each.find("ParameterKey");
    const json::Node* value = each.find("ParameterValue");
    const json::Node* previous = each.find("UsePreviousValue");
    if (key == nullptr || !key->is_string()) continue;
    const std::string name(key->string());
    if (previous != nullptr && previous->is_boolean() && previous->boolean()) {
      const auto known =
          before ? before->parameters.find(name) : templates::ParameterValues::const_iterator();
      if (before != nullptr && known != before->parameters.end()) given[name] = known->second.given;
    } else {
      given[name] = value && value->is_string() ? std::string(value->string()) : std::string();
    }
  }
  return given;
}

::pawl::Result<void, ServiceError> check_capabilities(const templates::Template& parsed,
                                                      const std::vector<std::string>& given,
                                                      bool needs_expansion) {
  const auto has = [&given](std::string_view capability) {
    return std::find(given.begin(), given.end(), capability) != given.end();
  };
  std::vector<std::string> missing = needed_capabilities(parsed);
  std::erase_if(missing, [&has](const std::string& capability) {
    return has(capability) || (capability == "CAPABILITY_IAM" && has("CAPABILITY_NAMED_IAM"));
  });
  if (needs_expansion && !has("CAPABILITY_AUTO_EXPAND")) {
    missing.emplace_back("CAPABILITY_AUTO_EXPAND");
  }
  if (missing.empty()) return {};
  std::string text;
  for (const std::string& capability : missing) text += (text.empty() ? "" : ", ") + capability;
  return Err{service_error("InsufficientCapabilitiesException",
                           fmt::format("Requires capabilities : [{}]", text))};
}

// What can be evaluated before there is any resource must be right before there is one.
::pawl::Result<void, ServiceError> check_values(const templates::Scope& scope) {
  json::Arena arena;
  for (const templates::Resource& resource : scope.parsed.resources) {
    if (!resource.condition.empty() && !scope.conditions.at(resource.condition)) continue;
    for (const json::Node node : {resource.properties, resource.creation_policy}) {
      const auto value = templates::evaluate(arena, scope, node);
      if (!value.ok()) return Err{from_template(value.error())};
    }
  }
  const auto outputs = evaluated_outputs(scope);
  if (!outputs.ok()) return Err{validation_error(outputs.error())};
  return {};
}

}  // namespace

void Prepared::store(Changes& changes) const {
  changes.push_back({std::string(kTemplateTable), content.template_hash, text});
  changes.push_back({std::string(kTemplateTable), content.processed_hash, processed_text});
}

std::string hash_of_template(std::string_view text) { return *hex_digest(text, "SHA-256"); }

std::vector<std::string> needed_capabilities(const templates::Template& parsed) {
  bool iam = false;
  bool named = false;
  for (const templates::Resource& resource : parsed.resources) {
    if (std::find(std::begin(kIamTypes), std::end(kIamTypes), resource.type) ==
        std::end(kIamTypes)) {
      continue;
    }
    iam = true;
    for (const std::string_view name : kIamNames) {
      named = named || resource.properties.find(name) != nullptr;
    }
  }
  if (named) return {"CAPABILITY_NAMED_IAM"};
  if (iam) return {"CAPABILITY_IAM"};
  return {};
}

Service::Checked<std::string> Service::template_text(const Call& call,
                                                     const StackContent* before) const {
  const Fields fields(call.input);
  const std::string body = fields.text("TemplateBody");
  const std::string url = fields.text("TemplateURL");
  if (!body.empty() && !url.empty()) {
    return Err{validation_error("Only one of TemplateBody or TemplateURL may be specified.")};
  }
  if (!body.empty()) return body;
  if (!url.empty()) {
    const auto place = parse_object_url(url);
    if (!place) {
      return Err{validation_error("TemplateURL must be a supported URL.")};
    }
    auto text = services_.read(call.principal, place->bucket, place->key, call.request_id);
    if (text.ok()) return std::move(text).value();
    return Err{validation_error("S3 error: " + text.error().message)};
  }
  if (before != nullptr && fields.flag("UsePreviousTemplate")) {
    return template_of(before->template_hash);
  }
  return Err{validation_error("Either Template URL or Template Body must be specified.")};
}

templates::StoredParameter Service::stored_parameters(const runtime::Principal& principal) const {
  return [this, principal](const std::string& name) -> std::optional<std::string> {
    std::string input;
    json::Writer(input)
        .begin_object()
        .key("Name")
        .string(name)
        .key("WithDecryption")
        .boolean(true)
        .end_object();
    const auto answer = services_.call(principal, "ssm", "GetParameter", input, "");
    const json::Node* parameter = answer.ok() ? answer->root().find("Parameter") : nullptr;
    const json::Node* value = parameter ? parameter->find("Value") : nullptr;
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string(value->string());
  };
}

Service::Checked<void> Service::check_types(const templates::Template& parsed) const {
  std::set<std::string> unknown;
  for (const templates::Resource& resource : parsed.resources) {
    if (types_.find(resource.type) == nullptr) unknown.insert(resource.type);
  }
  if (!unknown.empty()) {
    std::string names;
    for (const std::string& name : unknown) names += (names.empty() ? "" : ", ") + name;
    return Err{validation_error(
        fmt::format("Template format error: Unrecognized resource types: [{}]", names))};
  }
  std::string problem;
  const auto check = [&](const templates::Use& use) {
    if (use.attribute.empty() || use.attribute == "*" || !problem.empty()) return;
    const ResourceType* type = types_.find(parsed.resource(use.resource)->type);
    if (type->has_attribute(use.attribute)) return;
    problem =
        fmt::format("Template error: resource {} does not support attribute type {} in Fn::GetAtt",
                    use.resource, use.attribute);
  };
  for (const templates::Resource& resource : parsed.resources) {
    templates::for_each_use(parsed, resource.properties, check);
  }
  for (const templates::Output& output : parsed.outputs) {
    templates::for_each_use(parsed, output.value, check);
  }
  if (!problem.empty()) return Err{validation_error(problem)};
  return {};
}

Service::Checked<Prepared> Service::prepare(const Call& call, const StackRecord& stack,
                                            const StackContent* before, Expansion expansion) const {
  const Fields fields(call.input);
  const auto failed = [](templates::TemplateError error) { return Err{from_template(error)}; };
  Prepared prepared;
  prepared.text = TRY(template_text(call, before));
  auto document = templates::read_document(prepared.text);
  if (!document.ok()) return failed(std::move(document).error());
  const std::vector<std::string> transforms = templates::transforms_of(document->root());
  const std::map<std::string, std::string> given = given_parameters(fields, before);
  const templates::Surroundings surroundings = surroundings_of(stack);
  auto expanded = templates::apply_transforms(
      std::move(*document), {given, stored_parameters(call.principal), surroundings});
  if (!expanded.ok()) return failed(std::move(expanded).error());
  prepared.processed_text = transforms.empty() ? prepared.text : json::print(expanded->root());
  if (prepared.processed_text.size() > templates::kTemplateBytesMax) {
    return Err{validation_error(
        fmt::format("Template may not exceed {} bytes in size.", templates::kTemplateBytesMax))};
  }
  auto parsed = templates::parse_template(std::move(*expanded));
  if (!parsed.ok()) return failed(std::move(parsed).error());
  TRY(check_types(*parsed));
  StackContent& content = prepared.content;
  content.capabilities = TRY(fields.capabilities());
  const bool needs_expansion = expansion == Expansion::kNeedsCapability && !transforms.empty();
  TRY(check_capabilities(*parsed, content.capabilities, needs_expansion));
  auto parameters = templates::bind_parameters(*parsed, given, stored_parameters(call.principal));
  if (!parameters.ok()) return failed(std::move(parameters).error());
  content.parameters = std::move(*parameters);
  content.template_hash = hash_of_template(prepared.text);
  content.processed_hash = hash_of_template(prepared.processed_text);
  content.description = parsed->description;
  content.role_arn = fields.text("RoleARN");
  content.tags =
      fields.has("Tags") || before == nullptr ? TRY(fields.checked_tags()) : before->tags;
  content.notification_arns = fields.has("NotificationARNs") || before == nullptr
                                  ? fields.texts("NotificationARNs")
                                  : before->notification_arns;
  const auto rules = templates::check_rules(*parsed, content.parameters, surroundings);
  if (!rules.ok()) return failed(rules.error());
  auto conditions = templates::evaluate_conditions(*parsed, content.parameters, surroundings);
  if (!conditions.ok()) return failed(std::move(conditions).error());
  prepared.conditions = std::move(*conditions);
  const templates::Knowledge nothing{};
  TRY(check_values({*parsed, content.parameters, surroundings, prepared.conditions, nothing}));
  prepared.parsed = std::make_shared<const templates::Template>(std::move(*parsed));
  return prepared;
}

std::string Service::template_of(const std::string& hash) const {
  return parts_.catalog.get(kTemplateTable, hash).value_or("");
}

// Stored templates were checked when they came.
std::shared_ptr<const templates::Template> Service::parsed_template(const std::string& hash) const {
  const std::lock_guard lock(templates_mutex_);
  if (const auto found = parsed_.find(hash); found != parsed_.end()) return found->second;
  auto document = templates::read_document(template_of(hash));
  if (!document.ok()) return nullptr;
  auto parsed = templates::parse_template(std::move(*document));
  if (!parsed.ok()) return nullptr;
  constexpr std::size_t kKeptMax = 64;
  if (parsed_.size() >= kKeptMax) parsed_.clear();
  return parsed_.emplace(hash, std::make_shared<const templates::Template>(std::move(*parsed)))
      .first->second;
}

templates::Surroundings Service::surroundings_of(const StackRecord& stack) const {
  const std::string partition(runtime::partition_of(stack.region));
  return {.account = stack.account,
          .region = stack.region,
          .partition = partition,
          .url_suffix = partition == "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
          .stack_name = stack.name,
          .stack_id = stack.id,
          .notification_arns = stack.content.notification_arns};
}

}  // namespace pawl::cloudformation
