// A path on the first line, a document behind it: refused or answered, the same way twice; and what
// a reference path puts is what it reads.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "jsonpath/path.h"
#include "jsonpath/query.h"

namespace {

namespace json = pawl::json;
using pawl::jsonpath::Path;
using pawl::jsonpath::PathError;
using pawl::jsonpath::Provider;

std::string show(const pawl::Result<json::Node, PathError>& result) {
  return result.ok() ? json::print(*result)
                     : result.error().exception + ":" + result.error().message;
}

void check(const Path& path, json::Node root, Provider provider) {
  json::Arena first;
  json::Arena second;
  const auto result = path.evaluate(root, first, provider);
  ENSURE(show(result) == show(path.evaluate(root, second, provider)));
  if (result.ok()) {
    ENSURE(path.definite() || result->is_array(), path.text());
  } else {
    ENSURE(!result.error().message.empty(), path.text());
  }
}

void check_put(const Path& path, json::Node root) {
  json::Arena arena;
  const auto changed = path.put(root, json::Node::string("put"), arena);
  if (!changed.ok()) return;
  ENSURE(show(path.evaluate(*changed, arena)) == "\"put\"", path.text());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line_end = text.find('\n');
  const std::string_view path_text = text.substr(0, line_end);
  (void)pawl::jsonpath::Query::compile(path_text).ok();
  const auto path = Path::compile(path_text);
  if (!path.ok() || line_end == std::string_view::npos) return 0;

  json::Arena arena;
  const std::string document(text.substr(line_end + 1));
  const auto root = json::parse_into(arena, document);
  if (!root.ok()) return 0;
  check(*path, *root, Provider::kMap);
  check(*path, *root, Provider::kNode);
  check_put(*path, *root);
  return 0;
}
