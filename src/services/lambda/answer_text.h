// A function's answer as a JSON value, whatever it wrote.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace pawl::lambda {

// JSON is kept as it stands. A handler may answer with any bytes (Python's bytes, `provided`): what
// is no JSON stands as a JSON string.
json::Value value_of_answer(std::string text);

}  // namespace pawl::lambda
