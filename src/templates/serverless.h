// AWS::Serverless-2016-10-31: functions and state machines, with the roles that they need, out of
// their short forms.
#pragma once

#include "json/value.h"
#include "templates/error.h"

namespace pawl::templates {

Result<json::Value, TemplateError> expand_serverless(const json::Value& document);

}  // namespace pawl::templates
