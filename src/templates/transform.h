// The transforms that a template names, applied: what comes out holds CloudFormation's own types
// and functions only.
#pragma once

#include "json/value.h"
#include "templates/error.h"

namespace pawl::templates {

// AWS::Serverless-2016-10-31 is expanded; AWS::LanguageExtensions has its functions evaluated with
// all others. Any other transform is an error.
Result<json::Value, TemplateError> apply_transforms(json::Value document);

}  // namespace pawl::templates
