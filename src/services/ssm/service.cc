#include "services/ssm/service.h"

#include <memory>
#include <utility>

namespace pawl::ssm {

void Service::add_to(runtime::Operations& operations) {
  const auto replied = [&](const char* name, void (Service::*run)(const Call&, const Reply&)) {
    operations.add("ssm", name, [this, run](const Call& call, const Reply& reply) {
      (this->*run)(call, reply);
    });
  };
  const auto answered = [&](const char* name, Answer (Service::*run)(const Call&)) {
    operations.add("ssm", name, [this, run](const Call& call, const Reply& reply) {
      reply((this->*run)(call));
    });
  };
  replied("PutParameter", &Service::put_parameter);
  replied("DeleteParameter", &Service::delete_parameter);
  replied("DeleteParameters", &Service::delete_parameters);
  replied("LabelParameterVersion", &Service::label_version);
  answered("GetParameter", &Service::get_parameter);
  answered("GetParameters", &Service::get_parameters);
  answered("GetParametersByPath", &Service::get_by_path);
  answered("GetParameterHistory", &Service::get_history);
  answered("DescribeParameters", &Service::describe_parameters);
  replied("AddTagsToResource", &Service::add_tags);
  replied("RemoveTagsFromResource", &Service::remove_tags);
  answered("ListTagsForResource", &Service::list_tags);
}

std::optional<Parameter> Service::stored(const Call& call, const std::string& name) const {
  const auto record = catalog_.get(kParameterTable, parameter_key(call.principal, name));
  if (!record) return std::nullopt;
  return Parameter::from_json(*record);
}

Result<Service::Found, ServiceError> Service::find(const Call& call,
                                                   const std::string& name) const {
  std::string wanted = name;
  const std::string prefix = parameter_arn(call.principal.region, call.principal.account, "/");
  if (wanted.starts_with(prefix)) {
    // An ARN does not tell whether the name begins with a slash.
    const std::string rest = wanted.substr(prefix.size());
    wanted = stored(call, "/" + rest.substr(0, rest.find(':'))) ? "/" + rest : rest;
  }
  const std::size_t colon = wanted.find(':');
  auto parameter = stored(call, wanted.substr(0, colon));
  if (!parameter) return Err{error("ParameterNotFound")};
  if (colon == std::string::npos) {
    Version newest = parameter->newest();
    return Found{*std::move(parameter), std::move(newest), {}};
  }
  const std::string selector = wanted.substr(colon + 1);
  const Version* version = parameter->find(selector);
  if (version == nullptr) {
    return Err{error("ParameterVersionNotFound", "Systems Manager could not find version " +
                                                     selector + " of " + parameter->name +
                                                     ". Verify the version and try again.")};
  }
  Version chosen = *version;
  return Found{*std::move(parameter), std::move(chosen), ":" + selector};
}

std::vector<Parameter> Service::all_of(const Call& call) const {
  const std::string prefix = parameter_key(call.principal, "");
  std::vector<Parameter> parameters;
  catalog_.for_each(kParameterTable, [&](const std::string& key, const std::string& record) {
    if (key.starts_with(prefix)) parameters.push_back(Parameter::from_json(record));
  });
  return parameters;
}

void Service::change(const Call& call, const std::string& name, Change change, const Reply& reply) {
  const std::string key = parameter_key(call.principal, name);
  const auto answer = std::make_shared<Answer>(json::Value::trusted("{}"));
  catalog_.update(
      [this, key, change = std::move(change), answer](const runtime::Catalog::View& view) {
        std::vector<runtime::Catalog::Change> changes;
        const std::string* record = view.find(kParameterTable, key);
        std::optional<Parameter> parameter;
        if (record != nullptr) parameter = Parameter::from_json(*record);
        *answer = change(parameter);
        if (!answer->ok() || (!parameter && record == nullptr)) return changes;
        if (parameter) seal(key_, *parameter);
        auto text = parameter ? std::optional(parameter->to_json()) : std::nullopt;
        changes.push_back({std::string(kParameterTable), key, std::move(text)});
        return changes;
      },
      [answer, reply] { reply(*answer); });
}

}  // namespace pawl::ssm
