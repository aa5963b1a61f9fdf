// Definition text -> Machine and every Diagnostic at once, in AWS's words
// (reference/step-functions.md A5). Parsing and validating are one walk, because AWS lists
// diagnostics in the order of the walk.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "asl/model.h"

namespace pawl::asl {

struct Diagnostic {
  enum class Severity { kError, kWarning } severity = Severity::kError;
  std::string code;  // "SCHEMA_VALIDATION_FAILED"
  std::string message;
  // JSON pointer-like place in AWS's notation ("/States/C/Choices[0]"), or Jackson's source note;
  // empty when AWS gives none.
  std::string location;
  std::size_t line = 0;  // 1-based place in the text, 0 when unknown
  std::size_t column = 0;
};

struct ParseOptions {
  MachineType type = MachineType::kStandard;
  // Stored definitions were checked when they were stored; they are never refused later (D18).
  enum class Mode { kStrict, kLenient } mode = Mode::kStrict;
  // A whole machine, or one state's definition as TestState takes it: its machine has that state
  // alone, named kSingleStateName, and its targets need not exist.
  enum class Text { kMachine, kState } text = Text::kMachine;
  // Whether a task's resource type ("sqs", "aws-sdk:s3") can be called here. A task on another one
  // gets a warning; without the function none does.
  std::function<bool(std::string_view resource_type)> has_service = nullptr;
};

// The service's name for a state that TestState gets without a machine.
inline constexpr std::string_view kSingleStateName = "StateName";

struct ParseOutcome {
  // Set when there is no error diagnostic (in lenient mode: whenever the text can be run at all).
  std::shared_ptr<const Machine> machine;
  std::vector<Diagnostic> diagnostics;

  bool ok() const { return machine != nullptr; }
};

ParseOutcome parse(std::string_view definition, const ParseOptions& options = {});

// The text of the InvalidDefinition exception:
// "Invalid State Machine Definition: 'CODE: message at location, ...'".
std::string invalid_definition_message(const std::vector<Diagnostic>& diagnostics);

// Variables that each state reads, sorted, by state name (DescribeStateMachine's
// variableReferences); states that read none are left out.
std::map<std::string, std::vector<std::string>> variable_references(const Machine& machine);

}  // namespace pawl::asl
