#include "services/cloudformation/outputs.h"

#include <fmt/format.h>

#include <set>

namespace pawl::cloudformation {

namespace {

using State = templates::Evaluated::State;

// Nothing: not known yet.
Result<std::optional<std::string>, std::string> text_of(const templates::Scope& scope,
                                                        json::Node node) {
  json::Arena arena;
  const auto value = templates::evaluate(arena, scope, node);
  if (!value.ok()) return Err{value.error().message};
  if (value->state == State::kPartial) return std::optional<std::string>();
  const json::Node found = value->node;
  if (value->state == State::kNoValue || found.is_array() || found.is_object()) {
    return Err{std::string(
        "Template format error: The Value field of every Outputs member must evaluate to a "
        "String.")};
  }
  return std::optional(found.is_string() ? std::string(found.string()) : json::print(found));
}

}  // namespace

Result<std::vector<StackOutput>, std::string> evaluated_outputs(const templates::Scope& scope) {
  std::vector<StackOutput> outputs;
  std::set<std::string> exported;
  for (const templates::Output& output : scope.parsed.outputs) {
    if (!output.condition.empty() && !scope.conditions.at(output.condition)) continue;
    const auto value = TRY(text_of(scope, output.value));
    StackOutput published{output.name, value.value_or(""), output.description, {}};
    if (!output.export_name.is_null()) {
      published.export_name = TRY(text_of(scope, output.export_name)).value_or("");
      if (!published.export_name.empty() && !exported.insert(published.export_name).second) {
        return Err{fmt::format("Export with name {} is already exported by stack {}. ",
                               published.export_name, scope.surroundings.stack_name)};
      }
    }
    if (value) outputs.push_back(std::move(published));
  }
  return outputs;
}

}  // namespace pawl::cloudformation
