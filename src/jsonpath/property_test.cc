// Properties that hold for every path and document.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "jsonpath/path.h"
#include "jsonpath/query.h"

namespace pawl::jsonpath {
namespace {

rc::Gen<std::string> name() {
  return rc::gen::nonEmpty(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab c.$[@*?"))));
}

// A document in which any path of `name` and small indexes may or may not be found.
rc::Gen<std::string> document(int depth) {
  const auto scalar = rc::gen::element<std::string>("1", "\"x\"", "null", "true", "[]", "{}");
  if (depth == 0) return scalar;
  const auto array = rc::gen::map(rc::gen::container<std::vector<std::string>>(
                                      rc::gen::lazy([depth] { return document(depth - 1); })),
                                  [](const std::vector<std::string>& elements) {
                                    std::string text = "[";
                                    for (const auto& each : elements) {
                                      text += (text.size() > 1 ? "," : "") + each;
                                    }
                                    return text + "]";
                                  });
  const auto object =
      rc::gen::map(rc::gen::container<std::map<std::string, std::string>>(
                       name(), rc::gen::lazy([depth] { return document(depth - 1); })),
                   [](const std::map<std::string, std::string>& members) {
                     std::string text = "{";
                     for (const auto& [key, value] : members) {
                       text += (text.size() > 1 ? ",\"" : "\"") + key + "\":" + value;
                     }
                     return text + "}";
                   });
  return rc::gen::oneOf(scalar, array, object);
}

std::string reference_path() {
  std::string path = "$";
  const int steps = *rc::gen::inRange(0, 4);
  for (int i = 0; i < steps; ++i) {
    path += *rc::gen::oneOf(rc::gen::map(name(),
                                         [](const std::string& each) {
                                           return each.find('[') == std::string::npos
                                                      ? "['" + each + "']"
                                                      : std::string("['a']");
                                         }),
                            rc::gen::element<std::string>("[0]", "[1]", ".a"));
  }
  return path;
}

// What was put is what is read.
RC_GTEST_PROP(Path, ReadsWhatWasPut, ()) {
  const std::string text = *rc::gen::resize(4, document(3));
  json::Arena arena;
  const json::Node root = json::parse_into(arena, text).value();
  const Path path = Path::compile(reference_path()).value();
  RC_ASSERT(path.is_reference());
  const json::Node value = json::Node::string("put");
  const auto result = path.put(root, value, arena);
  if (!result.ok()) {
    RC_ASSERT(result.error().kind == PathError::Kind::kNotFound);
    return;
  }
  RC_ASSERT(json::print(path.evaluate(*result, arena).value()) == "\"put\"");
}

// The two providers differ only where an index is out of range.
RC_GTEST_PROP(Path, ProvidersAgreeOnWhatIsThere, ()) {
  const std::string text = *rc::gen::resize(4, document(3));
  json::Arena arena;
  const json::Node root = json::parse_into(arena, text).value();
  const Path path = Path::compile(reference_path()).value();
  const auto map = path.evaluate(root, arena, Provider::kMap);
  if (!map.ok()) return;
  RC_ASSERT(json::print(*map) == json::print(path.evaluate(root, arena, Provider::kNode).value()));
}

// Anything compiles or is refused, and what compiles evaluates or is refused.
RC_GTEST_PROP(Path, SurvivesAnyText, ()) {
  const std::string alphabet = "$@.[]()'?*:,- 01ab=!<>&|~/\\\"\xc3\xa9";
  const std::string path = "$" + *rc::gen::container<std::string>(rc::gen::elementOf(alphabet));
  const std::string text = *rc::gen::resize(4, document(2));
  json::Arena arena;
  const json::Node root = json::parse_into(arena, text).value();
  const auto compiled = Path::compile(path);
  if (compiled.ok()) {
    (void)compiled->evaluate(root, arena, Provider::kMap).ok();
    (void)compiled->evaluate(root, arena, Provider::kNode).ok();
  }
  (void)Query::compile(path).ok();
}

}  // namespace
}  // namespace pawl::jsonpath
