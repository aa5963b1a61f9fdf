#include "jsonpath/query.h"

#include <algorithm>
#include <utility>

#include "base/ascii.h"

namespace pawl::jsonpath {
namespace {

bool begins_name(char character) {
  return is_letter(character) || character == '_' || static_cast<unsigned char>(character) >= 0x80;
}

bool continues_name(char character) { return begins_name(character) || is_digit(character); }

// The length of the variable's name that `text` begins with; 0: none.
std::size_t name_length(std::string_view text) {
  if (text.empty() || !begins_name(text.front())) return 0;
  const auto end = std::find_if_not(text.begin(), text.end(), continues_name);
  return static_cast<std::size_t>(end - text.begin());
}

}  // namespace

Result<Query, PathError> Query::compile(std::string_view text) {
  Source source = Source::kInput;
  std::string_view variable;
  std::string path(text);
  if (text.starts_with("$$")) {
    source = Source::kContext;
    path = text.substr(1);
  } else if (!text.starts_with('$')) {
    return Err{PathError{
        PathError::Kind::kInvalidPath, "A path must begin with '$': " + std::string(text), {}}};
  } else if (const std::size_t length = name_length(text.substr(1)); length > 0) {
    source = Source::kVariable;
    variable = text.substr(1, length);
    path = "$" + std::string(text.substr(1 + length));
  }
  return Query{std::string(text), source, std::string(variable), TRY(Path::compile(path))};
}

Result<json::Node, PathError> evaluate(const Query& query, const Scope& scope, json::Arena& arena,
                                       Provider provider) {
  json::Node root;
  switch (query.source) {
    case Query::Source::kInput:
      root = scope.input;
      break;
    case Query::Source::kContext:
      root = scope.context;
      break;
    case Query::Source::kVariable: {
      const json::Node* found = scope.variables.find(query.variable);
      if (found == nullptr) {
        return Err{PathError{
            PathError::Kind::kNotFound, "No results for path: $['" + query.variable + "']", {}}};
      }
      root = *found;
      break;
    }
  }
  if (query.path.is_root()) return root;
  return query.path.evaluate(root, arena, provider);
}

}  // namespace pawl::jsonpath
