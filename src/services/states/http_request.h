// `arn:aws:states:::http:invoke`: what a task's parameters ask of an HTTP endpoint, and what its
// answer is for the state (step-functions.md C4). Who sends it is runtime::Operations' "http",
// "Invoke": {"Method", "Url", "Headers": [["Name", "value"], ...], "Body", "ConnectionArn"} becomes
// {"Status", "StatusText", "Headers": [["name", "value"], ...], "Body"}.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"
#include "machine/fault.h"

namespace pawl::states {

// A Fault is of the parameters: States.Runtime, which nothing catches.
Result<json::Value, machine::Fault> http_request(const json::Value& parameters,
                                                 std::string_view region);

// {"Headers", "ResponseBody", "StatusCode", "StatusText"}; a status that is no success is
// States.Http.StatusCode.NNN with the body as its cause.
Result<json::Value, machine::Fault> http_result(const json::Value& answer);

}  // namespace pawl::states
