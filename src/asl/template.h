// Compiling payload templates (spec, "Payload Template") and their JSONata counterpart.
#pragma once

#include <optional>
#include <string_view>

#include "asl/fields.h"
#include "asl/model.h"

namespace pawl::asl {

// What JSONata finds in `$states` besides `input` and `context`; the rest is refused (B3).
enum class StatesExtra { kNone, kResult, kErrorOutput };

// The field as a template in the object's query language; nothing when it is absent.
std::optional<Template> template_field(const Fields& fields, std::string_view name,
                                       StatesExtra extra = StatesExtra::kNone);
// Assign: an object whose keys are variable names.
std::optional<Template> assign_field(const Fields& fields, StatesExtra extra = StatesExtra::kNone);

// Compiles any value. What is wrong with it is reported at the place of the object that holds it,
// as the service does, or for JSONata at the place of the string itself.
Template compile_template(Diagnostics& diagnostics, QueryLanguage language, json::Node node,
                          const Place& place, StatesExtra extra = StatesExtra::kNone);

// A string that begins `{%` is JSONata and must end `%}`; other strings are literals, so that
// nothing is returned. Reports a string that does not end, and what is wrong with the expression.
std::optional<TemplateJsonata> compile_jsonata(Diagnostics& diagnostics, std::string_view text,
                                               const Place& place,
                                               StatesExtra extra = StatesExtra::kNone);

// A key of a JSONPath template whose value is evaluated.
bool is_dynamic_key(std::string_view key);
// The key as it appears in the output.
std::string_view output_key(std::string_view key);

}  // namespace pawl::asl
