// Writes XML for the query protocol: elements and text, escaped.
#pragma once

#include <string>
#include <string_view>

#include "api/shape.h"
#include "json/value.h"

namespace pawl::api {

// Characters that XML 1.0 cannot hold become '?'.
void append_xml_text(std::string& out, std::string_view text);

// <name>value</name>; structures, lists and maps by `shape`, or, without one, by what the value is:
// arrays are lists of <member>.
void append_xml_element(std::string& out, std::string_view name, json::Node value,
                        const Shape* shape);

}  // namespace pawl::api
