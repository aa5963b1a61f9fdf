// Walks the top level of an object's text; deeper levels are only counted.
#include "api/json_slice.h"

namespace pawl::api {

namespace {

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() &&
         (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
    ++at;
  }
  return at;
}

// `at` is the opening quote; answers the place behind the closing one.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

// The end of the value that begins at `at`, blanks behind a number or word included.
std::size_t skip_value(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char byte = text[at];
    if (byte == '"') {
      at = skip_string(text, at);
      if (depth == 0) return at;
      continue;
    }
    if (byte == '{' || byte == '[') ++depth;
    if (byte == '}' || byte == ']') {
      if (depth == 0) return at;  // the end of the object around a number or word
      if (--depth == 0) return at + 1;
    }
    if (byte == ',' && depth == 0) return at;
    ++at;
  }
  return at;
}

std::string_view without_blanks_behind(std::string_view text) {
  while (!text.empty() && skip_blanks(text, text.size() - 1) == text.size()) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

std::optional<std::string_view> member_text(std::string_view object, std::string_view name) {
  std::optional<std::string_view> found;
  std::size_t at = skip_blanks(object, 0) + 1;
  for (;;) {
    at = skip_blanks(object, at);
    if (at >= object.size() || object[at] != '"') return found;
    const std::size_t key_end = skip_string(object, at);
    const bool wanted = object.substr(at + 1, key_end - at - 2) == name;
    at = skip_blanks(object, skip_blanks(object, key_end) + 1);
    const std::size_t value_end = skip_value(object, at);
    if (wanted) found = without_blanks_behind(object.substr(at, value_end - at));
    at = skip_blanks(object, value_end) + 1;  // the comma, or the end
  }
}

}  // namespace pawl::api
