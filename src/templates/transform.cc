#include "templates/transform.h"

#include <fmt/format.h>

#include "templates/template.h"

namespace pawl::templates {

Result<json::Value, TemplateError> apply_transforms(json::Value document) {
  for (const std::string& name : transforms_of(document.root())) {
    if (name == "AWS::LanguageExtensions") continue;
    return template_error(fmt::format("No transform named {} found.", name));
  }
  return document;
}

}  // namespace pawl::templates
