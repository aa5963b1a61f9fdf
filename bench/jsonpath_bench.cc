// jsonpath_bench FILE...: how long compiling and reading paths takes on the given documents, which
// must be orders: {"customer":{...},"items":[{"sku":...}...],"inventory":[...]}. One JSON line a
// row; nanoseconds are those of the best batch.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "best_time.h"
#include "json/value.h"
#include "json/writer.h"
#include "jsonpath/path.h"

namespace {

using pawl::bench::best_nanoseconds;
using pawl::json::Arena;
using pawl::json::Node;
using pawl::json::Value;
using pawl::jsonpath::Path;

constexpr const char* kPaths[] = {
    "$.customer.address.city",
    "$.items[0].sku",
    "$['customer']['email']",
    "$.items[*].sku",
    "$.items[1:].price",
    "$.items[?(@.price > 50)].sku",
    "$.items[?(@.category == 'books' && @.price > 50)]",
    "$..sku",
    "$.inventory[(@.length-1)]",
    "$.items[*]['sku','price']",
};

constexpr double kNanosecondsPerRow = 3e8;

std::size_t count_matches(const Path& path, Node root) {
  Arena arena;
  const auto result = path.evaluate(root, arena);
  return !result.ok() ? 0 : result->is_array() && !path.definite() ? result->size() : 1;
}

void report(const char* text, const std::string& size, Node root) {
  const Path path = Path::compile(text).value();
  const double read =
      best_nanoseconds([&] { return count_matches(path, root); }, kNanosecondsPerRow);
  const double compile =
      best_nanoseconds([&] { return Path::compile(text)->text().size(); }, kNanosecondsPerRow);
  std::string line;
  pawl::json::Writer writer(line);
  writer.begin_object().key("path").string(text).key("size").string(size);
  writer.key("read_ns").integer(static_cast<long>(read));
  writer.key("compile_ns").integer(static_cast<long>(compile));
  writer.key("matches").integer(static_cast<long>(count_matches(path, root))).end_object();
  std::puts(line.c_str());
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: jsonpath_bench FILE...\n", stderr);
    return 2;
  }
  for (int i = 1; i < argc; ++i) {
    const std::filesystem::path file = argv[i];
    std::ifstream in(file, std::ios::binary);
    const auto value = Value::parse({std::istreambuf_iterator<char>(in), {}});
    if (!value.ok()) {
      std::fprintf(stderr, "%s is no JSON document\n", argv[i]);
      return 1;
    }
    for (const char* path : kPaths) report(path, file.stem().string(), value->root());
  }
  return 0;
}
