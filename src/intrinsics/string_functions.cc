// States.Format, States.StringSplit.
#include <string_view>

#include "intrinsics/invocation.h"
#include "jsonpath/java.h"

namespace pawl::intrinsics {
namespace {

std::string java_text(json::Node node) {
  return jsonpath::java::text_of(node, jsonpath::java::Notation::kCollections);
}

// A template's text, its escapes still in it.
std::string template_of(const Invocation& call) {
  const Literal* literal = std::get_if<Literal>(&call.call.arguments.front());
  if (literal != nullptr && literal->kind == json::Kind::kString) return literal->raw;
  return java_text(call[0]);
}

std::size_t character_bytes(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace

Answer format(Invocation& call) {
  if (call.arguments.empty()) return call.invalid();
  const std::string text = template_of(call);
  std::string result;
  std::size_t used = 1;
  const auto unbalanced = [&call](const char* missing, const char* present) {
    return call.invalid(std::string("Invalid template in States.Format: matching '") + missing +
                        "' not found for '" + present + "'.");
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at);
    if (rest.starts_with("{}")) {
      if (used < call.arguments.size()) result += java_text(call[used]);
      ++used;
      ++at;
    } else if (rest.starts_with('{')) {
      return unbalanced("}", "{");
    } else if (rest.starts_with('}')) {
      return unbalanced("{", "}");
    } else {
      const bool escape = rest.size() > 1 && rest[0] == '\\' &&
                          std::string_view("'{}\\").find(rest[1]) != std::string_view::npos;
      if (escape) ++at;
      result += text[at];
    }
  }
  if (used != call.arguments.size()) {
    return call.invalid(
        "Invalid arguments in States.Format: number of arguments do not match the occurrences of "
        "{}.");
  }
  return call.arena.string(result);
}

// The delimiters are a set of characters, and empty pieces are dropped: java.util.StringTokenizer.
Answer string_split(Invocation& call) {
  if (!call.has(2) || !call[0].is_string() || !call[1].is_string()) return call.invalid();
  const std::string_view text = call[0].string();
  const std::string_view delimiters = call[1].string();
  std::vector<json::Node> pieces;
  std::size_t begin = 0;
  const auto finish = [&](std::size_t end) {
    if (end > begin) pieces.push_back(json::Node::string(text.substr(begin, end - begin)));
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, character_bytes(text[at]));
    if (delimiters.find(character) != std::string_view::npos) {
      finish(at);
      begin = at + character.size();
    }
    at += character.size();
  }
  finish(text.size());
  return call.arena.array(pieces);
}

}  // namespace pawl::intrinsics
