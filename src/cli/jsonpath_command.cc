// `pawl jsonpath`: what a path selects in a document, in the dialect and the words of the engine.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/read_file.h"
#include "jsonpath/path.h"

namespace pawl::cli {

namespace {

Result<std::string, std::string> evaluate(const JsonPathOptions& options) {
  const auto path = jsonpath::Path::compile(options.path);
  if (!path.ok()) return Err{path.error().message};
  const auto document = json::Value::parse(TRY(read_file(options.document_file)));
  if (!document.ok()) {
    return Err{fmt::format("{}:{}:{}: {}", options.document_file, document.error().line,
                           document.error().column, document.error().message)};
  }
  json::Arena arena;
  const auto selected = path->evaluate(document->root(), arena);
  if (!selected.ok()) return Err{selected.error().message};
  return json::print(*selected);
}

}  // namespace

int run(const JsonPathOptions& options) {
  const auto text = evaluate(options);
  if (!text.ok()) {
    fmt::print(stderr, "pawl jsonpath: {}\n", text.error());
    return 1;
  }
  fmt::print("{}\n", *text);
  return 0;
}

}  // namespace pawl::cli
