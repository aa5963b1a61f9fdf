// Parameters of a template: their declarations, and the values that a stack gives them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "templates/template.h"

namespace pawl::templates {

struct ParameterValue {
  std::string given;  // as the stack shows it; of an SSM type the stored parameter's name
  std::string value;  // what Ref answers; of lists separated by commas
  friend bool operator==(const ParameterValue&, const ParameterValue&) = default;
};
using ParameterValues = std::map<std::string, ParameterValue, std::less<>>;

// The stored value of an SSM parameter; nothing when there is none.
using StoredParameter = std::function<std::optional<std::string>(const std::string& name)>;

// Defaults filled in, constraints checked.
Result<ParameterValues, TemplateError> bind_parameters(
    const Template& parsed, const std::map<std::string, std::string>& given,
    const StoredParameter& stored);

// What Ref answers: a text, or the elements of a list with the blanks around them gone.
json::Node parameter_node(json::Arena& arena, const Parameter& parameter, std::string_view value);

}  // namespace pawl::templates
