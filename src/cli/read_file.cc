#include "cli/read_file.h"

#include <iostream>
#include <iterator>

#include "base/read_file.h"

namespace pawl::cli {

Result<std::string, std::string> read_file(const std::string& path) {
  if (path == "-") return std::string((std::istreambuf_iterator<char>(std::cin)), {});
  auto text = pawl::read_file(path);
  if (!text.ok()) return Err{path + ": cannot be read: " + text.error().message()};
  return std::move(text).value();
}

}  // namespace pawl::cli
