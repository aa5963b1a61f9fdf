// Values as the service's Java code prints them into its messages: `[a, b]`, `{k=v}`,
// `Shape(member=value, absent=null)`.
#pragma once

#include <string>

#include "api/shape.h"
#include "json/value.h"

namespace pawl::api {

void print_java_to(json::Node node, const Shape& shape, std::string& out);

// The number of UTF-16 units, which Java calls a string's length.
std::size_t java_length(std::string_view utf8);

}  // namespace pawl::api
