// A function's answer as a JSON value, whatever it wrote.
#pragma once

#include <string>
#include <string_view>

#include "json/value.h"

namespace pawl::lambda {

// JSON is kept as it stands. A handler may answer with any bytes (Python's bytes, `provided`): what
// is no JSON stands as a JSON string.
json::Value value_of_answer(std::string text);

// Bytes that are no UTF-8 (RFC 3629) become U+FFFD, one each.
std::string valid_utf8(std::string_view bytes);

}  // namespace pawl::lambda
