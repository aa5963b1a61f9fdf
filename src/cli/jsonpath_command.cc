// `pawl jsonpath`: what a path selects in a document, in the dialect and the words of the engine.
#include <fmt/core.h>

#include <iostream>
#include <sstream>

#include "cli/commands.h"
#include "cli/read_file.h"
#include "jsonpath/command.h"

namespace pawl::cli {

int run(const JsonPathOptions& options) {
  jsonpath::CommandOptions command;
  command.path = options.path;
  if (options.provider == JsonPathOptions::Provider::kNode) {
    command.provider = jsonpath::Provider::kNode;
  }
  if (options.document_file == "-") {
    return jsonpath::run_jsonpath_command(command, std::cin, std::cout, std::cerr);
  }
  auto text = read_file(options.document_file);
  if (!text.ok()) {
    fmt::print(stderr, "pawl jsonpath: {}\n", text.error());
    return 1;
  }
  std::istringstream document(std::move(text).value());
  return jsonpath::run_jsonpath_command(command, document, std::cout, std::cerr);
}

}  // namespace pawl::cli
