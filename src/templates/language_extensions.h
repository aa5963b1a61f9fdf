// AWS::LanguageExtensions.
#pragma once

#include "templates/transform.h"

namespace pawl::templates {

// Every Fn::ForEach repeated for the elements of its collection, and policies of deletion that
// parameters choose as what they chose. Other functions of the extensions are evaluated with all
// others.
Result<json::Value, TemplateError> expand_language_extensions(const json::Value& document,
                                                              const TransformInput& input);

}  // namespace pawl::templates
