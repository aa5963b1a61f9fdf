#include "cli/read_file.h"

#include <fstream>
#include <iostream>
#include <iterator>

namespace pawl::cli {

Result<std::string, std::string> read_file(const std::string& path) {
  if (path == "-") return std::string((std::istreambuf_iterator<char>(std::cin)), {});
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  if (!in.is_open() || in.bad()) return Err{path + ": cannot be read"};
  return text;
}

}  // namespace pawl::cli
