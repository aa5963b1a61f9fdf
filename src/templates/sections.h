// Reading the sections of a template; for template.cc alone.
#pragma once

#include "templates/template.h"

namespace pawl::templates {

Result<std::vector<Parameter>, TemplateError> read_parameters(json::Node section);
Result<std::vector<Resource>, TemplateError> read_resources(json::Node section);
Result<std::vector<Output>, TemplateError> read_outputs(json::Node section);
Result<void, TemplateError> check_mappings(json::Node section);

// Letters and digits only.
bool is_alphanumeric(std::string_view name);
// The scalar as text: "60" of 60, "true" of true. Nothing for lists and objects.
std::optional<std::string> scalar_text(json::Node node);

}  // namespace pawl::templates
