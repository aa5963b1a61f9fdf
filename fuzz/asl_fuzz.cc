// Definitions from hostile clients: any bytes give a machine or an error, and what is found wrong
// has a place in the text. The first byte chooses the options.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "asl/parse.h"
#include "base/ensure.h"

namespace {

using pawl::asl::Diagnostic;
using pawl::asl::ParseOptions;
using pawl::asl::ParseOutcome;

void check(std::string_view text, const ParseOptions& options) {
  const ParseOutcome outcome = pawl::asl::parse(text, options);
  bool has_errors = false;
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    ENSURE(!diagnostic.code.empty() && !diagnostic.message.empty());
    ENSURE(diagnostic.line > 0 && diagnostic.column > 0, diagnostic.message);
    has_errors = has_errors || diagnostic.severity == Diagnostic::Severity::kError;
  }
  ENSURE(outcome.ok() != has_errors, pawl::asl::invalid_definition_message(outcome.diagnostics));
  if (!outcome.ok()) return;
  static_cast<void>(pawl::asl::variable_references(*outcome.machine));
  if (options.mode == ParseOptions::Mode::kLenient) return;
  ParseOptions lenient = options;
  lenient.mode = ParseOptions::Mode::kLenient;
  ENSURE(pawl::asl::parse(text, lenient).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // Definitions begin with a brace, whose bits choose a whole Standard machine, strictly.
  const unsigned choice = size == 0 ? 0 : data[0] ^ static_cast<unsigned>('{');
  ParseOptions options;
  if ((choice & 1) != 0) options.mode = ParseOptions::Mode::kLenient;
  if ((choice & 2) != 0) options.text = ParseOptions::Text::kState;
  if ((choice & 4) != 0) options.type = pawl::asl::MachineType::kExpress;
  check(choice < 8 && choice != 0 ? bytes.substr(1) : bytes, options);
  return 0;
}
