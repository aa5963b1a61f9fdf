// Variables in an action's configuration: #{namespace.name} (CodePipeline user guide, "Variables
// reference").
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::codepipeline {

struct Reference {
  std::string name_space;
  std::string name;
};

// What is no reference by its form is text.
std::vector<Reference> references_in(std::string_view text);

// nothing: there is no such variable.
using FindVariable = std::function<std::optional<std::string>(const Reference&)>;

// The text with the variables' values; they are not looked through again. The error is a variable
// that there is not.
Result<std::string, Reference> resolve(std::string_view text, const FindVariable& find);

}  // namespace pawl::codepipeline
