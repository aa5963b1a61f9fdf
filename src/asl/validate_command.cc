// Reads, parses and prints; what is wrong is parse's business.
#include "asl/validate_command.h"

#include <algorithm>
#include <fstream>
#include <istream>
#include <iterator>
#include <optional>
#include <ostream>

#include "asl/parse.h"
#include "base/limits.h"
#include "json/writer.h"

namespace pawl::asl {
namespace {

constexpr int kExitOk = 0;
constexpr int kExitRefused = 1;
constexpr int kExitUsage = 2;

// The whole text, or one byte more than a definition may have.
std::optional<std::string> read(std::istream& in) {
  std::string text(kAwsLimits.definition_bytes_max + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::optional<std::string> read_request(const ValidateRequest& request, std::istream& in) {
  if (request.file == "-") return read(in);
  std::ifstream file(request.file, std::ios::binary);
  return file ? read(file) : std::nullopt;
}

bool is_error(const Diagnostic& diagnostic) {
  return diagnostic.severity == Diagnostic::Severity::kError;
}

// A message or location on one line.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\r', ' ');
  return text;
}

void print_line(const std::string& file, const Diagnostic& diagnostic, std::ostream& out) {
  out << file << ':' << diagnostic.line << ':' << diagnostic.column << ": "
      << (is_error(diagnostic) ? "error " : "warning ") << diagnostic.code << ' '
      << one_line(diagnostic.message);
  if (!diagnostic.location.empty()) out << " (" << one_line(diagnostic.location) << ')';
  out << '\n';
}

void print_json(const ParseOutcome& outcome, std::ostream& out) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().key("result").string(outcome.ok() ? "OK" : "FAIL");
  writer.key("diagnostics").begin_array();
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    writer.begin_object();
    writer.key("severity").string(is_error(diagnostic) ? "ERROR" : "WARNING");
    writer.key("code").string(diagnostic.code);
    writer.key("message").string(diagnostic.message);
    if (!diagnostic.location.empty()) writer.key("location").string(diagnostic.location);
    writer.key("line").integer(static_cast<std::int64_t>(diagnostic.line));
    writer.key("column").integer(static_cast<std::int64_t>(diagnostic.column));
    writer.end_object();
  }
  writer.end_array().end_object();
  out << text << '\n';
}

}  // namespace

int run_validate_command(const ValidateRequest& request, std::istream& in, std::ostream& out,
                         std::ostream& err) {
  const std::optional<std::string> text = read_request(request, in);
  if (!text) {
    err << "pawl validate: cannot read " << request.file << '\n';
    return kExitUsage;
  }
  ParseOptions options;
  options.type = request.type;
  const ParseOutcome outcome = parse(*text, options);
  if (request.format == ValidateRequest::Format::kJson) {
    print_json(outcome, out);
  } else {
    for (const Diagnostic& diagnostic : outcome.diagnostics) {
      print_line(request.file, diagnostic, out);
    }
  }
  return outcome.ok() ? kExitOk : kExitRefused;
}

}  // namespace pawl::asl
