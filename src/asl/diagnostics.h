// What the walk finds wrong, in the order it finds it.
//
// A finding is either a *rule* (the service refuses such a definition, but the machine could run)
// or *broken* (there is nothing to run). In lenient mode rules and warnings are dropped: a stored
// definition is never refused because we got stricter (decision D18).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asl/parse.h"
#include "asl/place.h"

namespace pawl::asl {

namespace code {
inline constexpr std::string_view kSchema = "SCHEMA_VALIDATION_FAILED";
inline constexpr std::string_view kInvalidJson = "INVALID_JSON_DESCRIPTION";
inline constexpr std::string_view kMissingTarget = "MISSING_TRANSITION_TARGET";
inline constexpr std::string_view kMissingEnd = "MISSING_END_STATE";
inline constexpr std::string_view kDuplicateState = "DUPLICATE_STATE_NAME";
inline constexpr std::string_view kInvalidState = "INVALID_STATE_NAME";
inline constexpr std::string_view kDuplicateLabel = "DUPLICATE_LABEL_NAME";
inline constexpr std::string_view kInvalidLabel = "INVALID_LABEL_NAME";
inline constexpr std::string_view kInvalidVariable = "INVALID_VARIABLE_NAME";
inline constexpr std::string_view kReservedVariable = "RESERVED_VARIABLE_NAME";
inline constexpr std::string_view kInvalidJsonata = "INVALID_JSONATA_EXPRESSION";
inline constexpr std::string_view kUnsupportedJsonata = "UNSUPPORTED_JSONATA_EXPRESSION";
inline constexpr std::string_view kTooDeep = "TOO_DEEPLY_NESTED";
inline constexpr std::string_view kNoDollar = "NO_DOLLAR";
inline constexpr std::string_view kNoPath = "NO_PATH";
inline constexpr std::string_view kStaticResult = "PASS_RESULT_IS_STATIC";
// Our own: a task on a service that is not here (decision D9).
inline constexpr std::string_view kNoService = "SERVICE_NOT_AVAILABLE";
}  // namespace code

class Diagnostics {
 public:
  explicit Diagnostics(ParseOptions::Mode mode) : mode_(mode) {}

  // Most findings are SCHEMA_VALIDATION_FAILED; others give their code.
  void broken(const Place& place, std::string message, std::string_view code = code::kSchema) {
    add({Diagnostic::Severity::kError, code, &place, place}, std::move(message));
  }
  void rule(const Place& place, std::string message, std::string_view code = code::kSchema) {
    if (strict()) broken(place, std::move(message), code);
  }
  // A rule that AWS reports at `named`, an object, because of the field at `field`, where our line
  // and column point.
  void rule_of_field(const Place& named, const Place& field, std::string message) {
    if (strict())
      add({Diagnostic::Severity::kError, code::kSchema, &named, field}, std::move(message));
  }
  // About the definition as a whole: AWS gives no location.
  void broken_definition(std::string message, std::string_view code = code::kSchema) {
    add({Diagnostic::Severity::kError, code, nullptr, Place()}, std::move(message));
  }
  void rule_of_definition(std::string message, std::string_view code) {
    if (strict()) broken_definition(std::move(message), code);
  }
  void warning(const Place& place, std::string message, std::string_view code) {
    if (strict()) add({Diagnostic::Severity::kWarning, code, &place, place}, std::move(message));
  }

  bool has_errors() const { return has_errors_; }

  // The findings, with line and column looked up in `text`, which stands at `place`.
  std::vector<Diagnostic> finish(std::string_view text, const Place& place) &&;

 private:
  bool strict() const { return mode_ == ParseOptions::Mode::kStrict; }

  struct Finding {
    Diagnostic::Severity severity;
    std::string_view code;
    const Place* named;  // what AWS calls the location; nullptr: none
    const Place& position;
  };
  void add(const Finding& finding, std::string message);

  ParseOptions::Mode mode_;
  bool has_errors_ = false;
  std::size_t bytes_ = 0;
  std::vector<Diagnostic> findings_;
  std::vector<std::string> pointers_;  // of findings_, where they are in the text
};

}  // namespace pawl::asl
