// YAML as templates are written in it: one document of version 1.1 without aliases, whose short
// forms (`!Ref x`, `!GetAtt a.b`, `!Sub ...`) become the functions' long forms.
#pragma once

#include <string_view>

#include "json/arena.h"
#include "templates/error.h"

namespace pawl::templates {

// The nodes live in `arena`. Scalars without quotes are null, booleans or JSON numbers where they
// look like it; dates and everything else are strings.
Result<json::Node, TemplateError> parse_yaml(json::Arena& arena, std::string_view text);

}  // namespace pawl::templates
