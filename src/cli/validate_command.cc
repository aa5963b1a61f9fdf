// `pawl validate`: every diagnostic that CreateStateMachine would give, with its place in the file.
#include <fmt/core.h>

#include <algorithm>

#include "asl/parse.h"
#include "cli/commands.h"
#include "cli/read_file.h"
#include "json/writer.h"

namespace pawl::cli {

namespace {

using asl::Diagnostic;

const char* severity_word(Diagnostic::Severity severity) {
  return severity == Diagnostic::Severity::kError ? "error" : "warning";
}

// "file:line:column: error: CODE: message at location", as compilers and editors have it.
void print_text(const std::string& file, const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& found : diagnostics) {
    std::string place = file;
    if (found.line > 0) place += fmt::format(":{}:{}", found.line, found.column);
    fmt::print("{}: {}: {}: {}{}\n", place, severity_word(found.severity), found.code,
               found.message, found.location.empty() ? "" : " at " + found.location);
  }
}

void print_json(const std::string& file, const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& found : diagnostics) {
    std::string line;
    json::Writer writer(line);
    writer.begin_object().key("file").string(file);
    writer.key("line").integer(static_cast<std::int64_t>(found.line));
    writer.key("column").integer(static_cast<std::int64_t>(found.column));
    writer.key("severity").string(severity_word(found.severity));
    writer.key("code").string(found.code).key("message").string(found.message);
    if (!found.location.empty()) writer.key("location").string(found.location);
    writer.end_object();
    fmt::print("{}\n", line);
  }
}

}  // namespace

// 1: a definition is wrong; 2: a file cannot be read.
int run(const ValidateOptions& options) {
  int status = 0;
  for (const std::string& file : options.definition_files) {
    const auto text = read_file(file);
    if (!text.ok()) {
      fmt::print(stderr, "pawl validate: {}\n", text.error());
      status = 2;
      continue;
    }
    asl::ParseOptions parse_options;
    if (options.express) parse_options.type = asl::MachineType::kExpress;
    const asl::ParseOutcome outcome = asl::parse(*text, parse_options);
    if (!outcome.ok()) status = std::max(status, 1);
    if (options.output == Output::kJson) {
      print_json(file, outcome.diagnostics);
    } else {
      print_text(file, outcome.diagnostics);
    }
  }
  return status;
}

}  // namespace pawl::cli
