// The first check of an input: every member has its modelled type (AWS's SerializationException).
#pragma once

#include <string>

#include "api/shape.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::api {

// Answers the input as services want it: members that are null are left out, numbers of integer
// members are whole and fit. Unknown members stay. The usual input is already so, and is passed on
// as it is. The error is the message.
Result<json::Value, std::string> conform(json::Value input, const Shape& structure);

}  // namespace pawl::api
