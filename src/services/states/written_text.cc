#include "services/states/written_text.h"

#include <string>
#include <vector>

namespace pawl::states {

namespace {

struct OpenBracket {
  std::size_t at;
  std::size_t compact;  // bytes before it that are no blanks
};

bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

}  // namespace

std::optional<std::string_view> find_written(std::string_view document, const json::Value& value) {
  const std::string wanted = json::print(value.root());
  if (!wanted.starts_with('[')) return std::nullopt;
  // The document without the blanks between its tokens, grown as it is read.
  std::string compact;
  std::vector<OpenBracket> open;
  bool in_string = false;
  for (std::size_t at = 0; at < document.size(); ++at) {
    const char byte = document[at];
    if (!in_string && is_blank(byte)) continue;
    if (!in_string && byte == '[') open.push_back({at, compact.size()});
    compact.push_back(byte);
    if (byte == '"') in_string = !in_string;
    if (in_string && byte == '\\' && at + 1 < document.size()) compact.push_back(document[++at]);
    if (in_string || byte != ']' || open.empty()) continue;
    const OpenBracket bracket = open.back();
    open.pop_back();
    const std::string_view slice = std::string_view(compact).substr(bracket.compact);
    if (slice == wanted) return document.substr(bracket.at, at + 1 - bracket.at);
  }
  return std::nullopt;
}

}  // namespace pawl::states
