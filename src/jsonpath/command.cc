#include "jsonpath/command.h"

#include <istream>
#include <iterator>
#include <ostream>

#include "json/writer.h"

namespace pawl::jsonpath {
namespace {

std::string_view name_of(PathError::Kind kind) {
  switch (kind) {
    case PathError::Kind::kNotFound:
      return "PathNotFound";
    case PathError::Kind::kInvalidPath:
      return "InvalidPath";
    case PathError::Kind::kOther:
      break;
  }
  return "Other";
}

void write_error(json::Writer& writer, const PathError& error) {
  writer.key("error").string(name_of(error.kind));
  if (error.kind == PathError::Kind::kOther) writer.key("class").string(error.exception);
  writer.key("message").string(error.message);
}

// Jayway wraps Jackson's complaint, which quotes the beginning of the document.
PathError bad_document(const json::ParseError& error, std::string_view document) {
  constexpr std::size_t kQuotedMax = 500;
  std::string quoted = "\"" + std::string(document.substr(0, kQuotedMax)) + "\"";
  if (document.size() > kQuotedMax) {
    quoted += "[truncated " + std::to_string(document.size() - kQuotedMax) + " chars]";
  }
  return {PathError::Kind::kOther,
          "com.fasterxml.jackson.core.JsonParseException: " + error.message +
              "\n at [Source: (String)" + quoted + "; line: " + std::to_string(error.line) +
              ", column: " + std::to_string(error.column) + "]",
          "InvalidJsonException"};
}

Result<json::Node, PathError> evaluate(const Path& path, std::string_view document,
                                       json::Arena& arena, Provider provider) {
  const auto root = json::parse_into(arena, document);
  if (!root.ok()) return Err{bad_document(root.error(), document)};
  return path.evaluate(*root, arena, provider);
}

int run_single(const std::string& text, Provider provider, std::istream& in, std::ostream& out,
               std::ostream& errors) {
  const Result<Path, PathError> path = Path::compile(text);
  if (!path.ok()) {
    errors << name_of(path.error().kind) << ": " << path.error().message << '\n';
    return 1;
  }
  const std::string document((std::istreambuf_iterator<char>(in)), {});
  json::Arena arena;
  const Result<json::Node, PathError> result = evaluate(*path, document, arena, provider);
  if (!result.ok()) {
    errors << name_of(result.error().kind) << ": " << result.error().message << '\n';
    return 1;
  }
  out << json::print(*result) << '\n';
  return 0;
}

}  // namespace

std::optional<std::string> answer_line(std::string_view line, Provider provider) {
  json::Arena arena;
  const auto request = json::parse_into(arena, line);
  if (!request.ok()) return std::nullopt;
  const json::Node* text = request->find("path");
  const json::Node* document = request->find("json");
  if (text == nullptr || !text->is_string() || document == nullptr || !document->is_string()) {
    return std::nullopt;
  }

  std::string answer;
  json::Writer writer(answer);
  writer.begin_object();
  const Result<Path, PathError> path = Path::compile(text->string());
  if (path.ok()) {
    writer.key("definite").boolean(path->definite());
    const auto result = evaluate(*path, document->string(), arena, provider);
    if (result.ok()) {
      writer.key("result").node(*result);
    } else {
      write_error(writer, result.error());
    }
  } else {
    write_error(writer, path.error());
  }
  writer.end_object();
  return answer;
}

int run_jsonpath_command(const CommandOptions& options, std::istream& in, std::ostream& out,
                         std::ostream& errors) {
  if (options.path) return run_single(*options.path, options.provider, in, out, errors);
  int exit_code = 0;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.empty()) continue;
    if (const auto answer = answer_line(line, options.provider)) {
      out << *answer << '\n';
    } else {
      errors << "line " << number << " is no request {\"path\": TEXT, \"json\": TEXT}\n";
      exit_code = 1;
    }
  }
  return exit_code;
}

}  // namespace pawl::jsonpath
