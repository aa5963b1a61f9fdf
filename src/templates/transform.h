// The transforms that a template names, applied: what comes out holds CloudFormation's own types
// and functions only.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "json/value.h"
#include "templates/error.h"
#include "templates/evaluate.h"

namespace pawl::templates {

// What transforms know of the stack.
struct TransformInput {
  std::optional<std::map<std::string, std::string>> given;  // parameters; nothing: nobody gave any
  StoredParameter stored;
  Surroundings surroundings;
};

// AWS::LanguageExtensions comes first, wherever the template names it, then
// AWS::Serverless-2016-10-31. Any other transform is an error.
Result<json::Value, TemplateError> apply_transforms(json::Value document,
                                                    const TransformInput& input);

}  // namespace pawl::templates
