// Evaluation of a template's functions: before a stack is made, as far as its parameters say, and
// of a resource's properties when everything that they use is there.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "json/value.h"
#include "templates/parameters.h"
#include "templates/template.h"

namespace pawl::templates {

// What the pseudo parameters answer.
struct Surroundings {
  std::string account;
  std::string region;
  std::string partition = "aws";
  std::string url_suffix = "amazonaws.com";
  std::string stack_name;
  std::string stack_id;
  std::vector<std::string> notification_arns;
};

// What is known of resources and of other stacks. Each answers nothing for what is not known yet:
// the function then stays in the result.
struct Knowledge {
  // An empty attribute: the physical id, which Ref answers. Not there for ever is an error.
  std::function<Result<std::optional<json::Value>, TemplateError>(const std::string& resource,
                                                                  const std::string& attribute)>
      resource;
  std::function<Result<std::optional<std::string>, TemplateError>(const std::string& name)>
      exported;
  // The value of `{{resolve:service:rest}}`.
  std::function<Result<std::optional<std::string>, TemplateError>(const std::string& service,
                                                                  const std::string& rest)>
      dynamic;
};

using ConditionValues = std::map<std::string, bool, std::less<>>;

// Everything that evaluation looks at; all of it outlives the scope.
struct Scope {
  const Template& parsed;
  const ParameterValues& parameters;
  const Surroundings& surroundings;
  const ConditionValues& conditions;
  const Knowledge& knowledge;
};

struct Evaluated {
  enum class State {
    kKnown,
    kPartial,  // functions that wait for resources are still in it
    kNoValue,  // AWS::NoValue: what it stands in goes away
  };
  State state = State::kKnown;
  json::Node node;
};

Result<Evaluated, TemplateError> evaluate(json::Arena& arena, const Scope& scope, json::Node node);

// All conditions of the template.
Result<ConditionValues, TemplateError> evaluate_conditions(const Template& parsed,
                                                           const ParameterValues& parameters,
                                                           const Surroundings& surroundings);

// Whether the template's rules let the parameters pass; the error is the first assertion that does
// not hold.
Result<void, TemplateError> check_rules(const Template& parsed, const ParameterValues& parameters,
                                        const Surroundings& surroundings);

// Fn::Cidr's subnets: `count` of 2^`bits` addresses each. The error is the message's reason.
Result<std::vector<std::string>, std::string> subnets_of(std::string_view block, std::int64_t count,
                                                         std::int64_t bits);

}  // namespace pawl::templates
