// `pawl jsonpath`: what a path selects in a document, in the dialect and the words of the engine.
#include <fmt/core.h>

#include <fstream>
#include <iostream>

#include "cli/commands.h"
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
  std::ifstream document(options.document_file, std::ios::binary);
  if (!document) {
    fmt::print(stderr, "pawl jsonpath: {}: cannot be read\n", options.document_file);
    return 1;
  }
  return jsonpath::run_jsonpath_command(command, document, std::cout, std::cerr);
}

}  // namespace pawl::cli
