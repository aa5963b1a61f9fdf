#include "templates/transform.h"

#include <fmt/format.h>

#include "templates/language_extensions.h"
#include "templates/serverless.h"
#include "templates/template.h"

namespace pawl::templates {

Result<json::Value, TemplateError> apply_transforms(json::Value document,
                                                    const TransformInput& input) {
  bool extended = false;
  bool serverless = false;
  for (const std::string& name : transforms_of(document.root())) {
    if (name == "AWS::LanguageExtensions") {
      extended = true;
    } else if (name == "AWS::Serverless-2016-10-31") {
      serverless = true;
    } else {
      return template_error(fmt::format("No transform named {} found.", name));
    }
  }
  if (extended) document = TRY(expand_language_extensions(document, input));
  if (serverless) return expand_serverless(document);
  return document;
}

}  // namespace pawl::templates
