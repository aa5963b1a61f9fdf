// Writes XML for the query and rest-xml protocols: elements and text, escaped.
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

// What stands inside such an element: the members of the body.
void append_xml_members(std::string& out, json::Node value, const Shape& shape);

}  // namespace pawl::api
