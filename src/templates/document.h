// A template's text, JSON or YAML, as one value.
#pragma once

#include <string_view>

#include "json/value.h"
#include "templates/error.h"

namespace pawl::templates {

// An object without nulls, not nested too deeply; what stands in it is not looked at.
Result<json::Value, TemplateError> read_document(std::string_view text);

}  // namespace pawl::templates
