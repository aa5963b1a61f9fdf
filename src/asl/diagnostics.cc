// Collecting diagnostics, and the one sentence that CreateStateMachine makes of them.
#include "asl/diagnostics.h"

#include "asl/position_index.h"
#include "base/limits.h"

namespace pawl::asl {

void Diagnostics::add(const Finding& finding, std::string message) {
  has_errors_ = has_errors_ || finding.severity == Diagnostic::Severity::kError;
  if (findings_.size() >= kAwsLimits.diagnostics_max) return;
  if (bytes_ >= kAwsLimits.diagnostics_bytes_max) return;
  std::string location = finding.named == nullptr ? std::string() : finding.named->location();
  pointers_.push_back(finding.position.pointer());
  bytes_ += message.size() + location.size() + pointers_.back().size();
  findings_.push_back(
      {finding.severity, std::string(finding.code), std::move(message), std::move(location), 0, 0});
}

std::vector<Diagnostic> Diagnostics::finish(std::string_view text, const Place& place) && {
  if (findings_.empty()) return {};
  const std::string root = place.pointer();
  for (std::string& pointer : pointers_) pointer.erase(0, root.size());
  const PositionIndex index(text, pointers_);
  for (std::size_t i = 0; i < findings_.size(); ++i) {
    const Position position = index.find(pointers_[i]);
    findings_[i].line = position.line;
    findings_[i].column = position.column;
  }
  return std::move(findings_);
}

std::string invalid_definition_message(const std::vector<Diagnostic>& diagnostics) {
  std::string list;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != Diagnostic::Severity::kError) continue;
    if (!list.empty()) list += ", ";
    list += diagnostic.code + ": " + diagnostic.message + " at ";
    // The service prints its missing location as Java does.
    list += diagnostic.location.empty() ? "null" : diagnostic.location;
  }
  return "Invalid State Machine Definition: '" + list + "'";
}

}  // namespace pawl::asl
