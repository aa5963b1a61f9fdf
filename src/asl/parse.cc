// From text to machine: JSON, then the fields, then the graph. Each stage runs only when the one
// before found nothing wrong, as at the service.
#include "asl/parse.h"

#include "asl/diagnostics.h"
#include "asl/jackson_source.h"
#include "asl/transitions.h"
#include "asl/walk.h"
#include "base/limits.h"

namespace pawl::asl {
namespace {

Diagnostic syntax_error(std::string_view text, const json::ParseError& error) {
  const std::string location = jackson_location(text, error);
  return {Diagnostic::Severity::kError,
          std::string(code::kInvalidJson),
          error.message + "\n at " + location,
          location,
          error.line,
          error.column};
}

void parse_single_state(const Walk& walk, json::Node state, const Place& place) {
  walk.machine.top.start_at = kSingleStateName;
  parse_state(walk, state, place, walk.machine.top.pointer, kSingleStateName);
}

ParseOutcome parse_object(json::Value definition, const ParseOptions& options) {
  const json::Node root = definition.root();
  const Place machine_place;
  const Place states_place = machine_place.member("States");
  const Place single_place = states_place.state(kSingleStateName);
  const bool whole = options.text == ParseOptions::Text::kMachine;
  const Place& place = whole ? machine_place : single_place;

  auto machine = std::make_shared<Machine>();
  machine->definition = definition;
  machine->type = options.type;
  Diagnostics diagnostics(options.mode);
  std::size_t state_pointer_bytes = 0;
  const Walk walk{options, diagnostics, *machine, options.type, state_pointer_bytes};
  if (whole) {
    parse_machine(walk, root, place);
  } else {
    parse_single_state(walk, root, place);
  }
  if (!diagnostics.has_errors()) {
    check_names(diagnostics, root, place, options.text);
    check_variable_scopes(diagnostics, root, place, options.text);
    check_transitions(diagnostics, root, place, options.text);
  }

  ParseOutcome outcome;
  if (!diagnostics.has_errors()) outcome.machine = std::move(machine);
  outcome.diagnostics = std::move(diagnostics).finish(definition.text(), place);
  return outcome;
}

ParseOutcome refused(ParseOptions::Mode mode, std::string message) {
  Diagnostics diagnostics(mode);
  diagnostics.broken_definition(std::move(message));
  return {nullptr, std::move(diagnostics).finish("null", Place())};
}

}  // namespace

ParseOutcome parse(std::string_view text, const ParseOptions& options) {
  constexpr char kNoObject[] = "Definition must be a valid JSON object";
  if (text.size() > kAwsLimits.definition_bytes_max) {
    return refused(options.mode, "Definition exceeds the limit of " +
                                     std::to_string(kAwsLimits.definition_bytes_max) + " bytes");
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return refused(options.mode, kNoObject);
  }
  auto definition = json::Value::parse(std::string(text));
  if (!definition.ok()) return {nullptr, {syntax_error(text, definition.error())}};
  if (!definition->root().is_object()) return refused(options.mode, kNoObject);
  return parse_object(std::move(definition).value(), options);
}

}  // namespace pawl::asl
