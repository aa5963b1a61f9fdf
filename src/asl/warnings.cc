// Guesses at what an author meant.
#include "asl/warnings.h"

#include "asl/template.h"

namespace pawl::asl {
namespace {

bool holds_evaluated(json::Node node) {
  if (node.is_string()) return looks_evaluated(node.string());
  for (const json::Node& element : node) {
    if (holds_evaluated(element)) return true;
  }
  for (const json::Member& member : node.members()) {
    if (is_dynamic_key(member.key.string()) || holds_evaluated(member.value)) return true;
  }
  return false;
}

}  // namespace

bool looks_evaluated(std::string_view text) {
  if (text == "$" || text == "$$") return true;
  for (const std::string_view start : {"$.", "$[", "$$.", "$$["}) {
    if (text.starts_with(start)) return true;
  }
  return text.starts_with("States.") && text.ends_with(")") &&
         text.find('(') != std::string_view::npos;
}

void warn_no_dollar(Diagnostics& diagnostics, const Place& place) {
  diagnostics.warning(place,
                      "No .$ on a field that appears to be a JSONPath or Intrinsic Function.",
                      code::kNoDollar);
}

void warn_if_no_path(Diagnostics& diagnostics, json::Node value, const Place& place) {
  if (!value.is_string() || !looks_evaluated(value.string())) return;
  diagnostics.warning(place,
                      "Field value looks like a path, but field name does not end with 'Path'.",
                      code::kNoPath);
}

void warn_if_result_looks_evaluated(Diagnostics& diagnostics, json::Node result,
                                    const Place& place) {
  if (!holds_evaluated(result)) return;
  diagnostics.warning(place, "Attempt to use a path in the result of a pass state.",
                      code::kStaticResult);
}

}  // namespace pawl::asl
