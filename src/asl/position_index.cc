// The wanted places form a tree by their pointers' tokens; one pass over the text goes only into
// the values that are in it.
#include "asl/position_index.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "json/value.h"

namespace pawl::asl {

struct PositionIndex::Wanted {
  std::map<std::string, Wanted, std::less<>> children;  // by member name or element number
  std::optional<std::size_t> offset;                    // in the text, once it is found
  Position position;
};

namespace {

using Wanted = PositionIndex::Wanted;

constexpr std::string_view kBlanks = " \t\r\n";

// Calls visit(token) for the tokens of a JSON pointer (RFC 6901) until it answers false.
template <class Visit>
void for_each_token(std::string_view pointer, Visit visit) {
  while (!pointer.empty()) {
    pointer.remove_prefix(1);  // the slash
    const std::string_view escaped = pointer.substr(0, pointer.find('/'));
    pointer.remove_prefix(escaped.size());
    std::string token;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
      const bool escape = escaped[i] == '~' && i + 1 < escaped.size();
      token += escape ? (escaped[++i] == '1' ? '/' : '~') : escaped[i];
    }
    if (!visit(token)) return;
  }
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  void run(Wanted& root) && {
    skip_blanks();
    value(&root, at_);
  }

 private:
  // The value at `at_`, whose place (its key, or itself) is at `place`; nobody wants it or anything
  // in it when `wanted` is null.
  void value(Wanted* wanted, std::size_t place) {
    if (wanted == nullptr) return skip_value();
    wanted->offset = place;
    if (peek() == '{') {
      container('}', [&](std::size_t) { member(*wanted); });
    } else if (peek() == '[') {
      container(']', [&](std::size_t index) { value(child(*wanted, std::to_string(index)), at_); });
    } else {
      skip_value();
    }
  }

  template <class Item>
  void container(char end, Item item) {
    ++at_;
    for (std::size_t index = 0; at_ < text_.size(); ++index) {
      skip_blanks();
      if (peek() == end) break;
      item(index);
      skip_blanks();
      if (peek() == ',') ++at_;
    }
    ++at_;
  }

  // Of duplicate keys the last one's place stays, as its value does.
  void member(Wanted& object) {
    const std::size_t place = at_;
    skip_string();
    const std::string key = decoded(text_.substr(place, at_ - place));
    at_ = std::min(text_.find_first_not_of(" \t\r\n:", at_), text_.size());
    value(child(object, key), place);
  }

  static Wanted* child(Wanted& parent, std::string_view token) {
    const auto found = parent.children.find(token);
    return found == parent.children.end() ? nullptr : &found->second;
  }

  static std::string decoded(std::string_view quoted) {
    if (quoted.find('\\') == std::string_view::npos) {
      return std::string(quoted.substr(1, quoted.size() - 2));
    }
    const auto parsed = json::Value::parse(std::string(quoted));
    return parsed.ok() ? std::string(parsed->root().string()) : std::string(quoted);
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  // Brackets are counted, not matched: the text is known to be JSON.
  void skip_value() {
    int depth = 0;
    do {
      const char first = peek();
      if (first == '"') {
        skip_string();
      } else if (first == '{' || first == '[') {
        ++depth, ++at_;
      } else if (first == '}' || first == ']') {
        --depth, ++at_;
      } else if (first == ',' || first == ':') {
        ++at_;
      } else {
        at_ = std::min(text_.find_first_of(" \t\r\n,:]}", at_), text_.size());
      }
      if (depth > 0) skip_blanks();
    } while (depth > 0 && at_ < text_.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void collect_found(Wanted& wanted, std::vector<Wanted*>& found) {
  if (wanted.offset) found.push_back(&wanted);
  for (auto& [token, child] : wanted.children) collect_found(child, found);
}

// Moves `position` over `text`.
void advance(Position& position, std::string_view text) {
  for (const char byte : text) {
    if (byte == '\n') {
      ++position.line;
      position.column = 1;
    } else if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) {
      ++position.column;  // the first byte of a character
    }
  }
}

}  // namespace

PositionIndex::PositionIndex(std::string_view text, const std::vector<std::string>& pointers)
    : root_(std::make_unique<Wanted>()) {
  for (const std::string& pointer : pointers) {
    Wanted* wanted = root_.get();
    for_each_token(pointer, [&wanted](const std::string& token) {
      wanted = &wanted->children[token];
      return true;
    });
  }
  Scanner(text).run(*root_);

  std::vector<Wanted*> found;
  collect_found(*root_, found);
  std::sort(found.begin(), found.end(),
            [](const Wanted* left, const Wanted* right) { return *left->offset < *right->offset; });
  Position position{1, 1};
  std::size_t counted = 0;
  for (Wanted* wanted : found) {
    advance(position, text.substr(counted, *wanted->offset - counted));
    counted = *wanted->offset;
    wanted->position = position;
  }
}

PositionIndex::~PositionIndex() = default;

Position PositionIndex::find(std::string_view pointer) const {
  const Wanted* nearest = root_.get();
  for_each_token(pointer, [&nearest](const std::string& token) {
    const auto child = nearest->children.find(token);
    if (child == nearest->children.end() || !child->second.offset) return false;
    nearest = &child->second;
    return true;
  });
  return nearest->position;
}

}  // namespace pawl::asl
