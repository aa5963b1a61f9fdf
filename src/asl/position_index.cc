// One pass over the text that goes only into the values on the way to a wanted place.
#include "asl/position_index.h"

#include <algorithm>
#include <set>
#include <utility>

#include "asl/place.h"
#include "json/value.h"

namespace pawl::asl {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

class Scanner {
 public:
  Scanner(std::string_view text, const std::vector<std::string>& pointers)
      : text_(text), wanted_(pointers.begin(), pointers.end()) {}

  // Pointer and byte offset of every value on the way to a wanted one, and of those themselves.
  std::map<std::string, std::size_t, std::less<>> run() && {
    skip_blanks();
    value(at_);
    return std::move(offsets_);
  }

 private:
  bool leads_to_wanted(const std::string& pointer) const {
    if (wanted_.contains(pointer)) return true;
    const auto next = wanted_.lower_bound(pointer + '/');
    return next != wanted_.end() && next->starts_with(pointer + '/');
  }

  // The value at `at_`, whose place (its key, or itself) is at `place`.
  void value(std::size_t place) {
    if (!leads_to_wanted(pointer_)) return skip_value();
    offsets_.insert_or_assign(pointer_, place);
    if (peek() == '{') {
      container('}', [this](std::size_t) { member(); });
    } else if (peek() == '[') {
      container(']', [this](std::size_t index) { child(std::to_string(index), at_); });
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

  void member() {
    const std::size_t place = at_;
    skip_string();
    const std::string key = decoded(text_.substr(place, at_ - place));
    at_ = text_.find_first_not_of(" \t\r\n:", at_);
    child(key, place);
  }

  void child(std::string_view token, std::size_t place) {
    const std::size_t length = pointer_.size();
    append_pointer_token(pointer_, token);
    value(place);
    pointer_.resize(length);
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
  std::set<std::string, std::less<>> wanted_;
  std::map<std::string, std::size_t, std::less<>> offsets_;
  std::size_t at_ = 0;
  std::string pointer_;
};

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

PositionIndex::PositionIndex(std::string_view text, const std::vector<std::string>& pointers) {
  std::vector<std::pair<std::size_t, std::string>> by_offset;
  for (auto& [pointer, offset] : Scanner(text, pointers).run()) {
    by_offset.emplace_back(offset, pointer);
  }
  std::sort(by_offset.begin(), by_offset.end());
  Position position{1, 1};
  std::size_t counted = 0;
  for (auto& [offset, pointer] : by_offset) {
    advance(position, text.substr(counted, offset - counted));
    counted = offset;
    positions_.emplace(std::move(pointer), position);
  }
}

Position PositionIndex::find(std::string_view pointer) const {
  for (;;) {
    if (const auto found = positions_.find(pointer); found != positions_.end()) {
      return found->second;
    }
    const std::size_t slash = pointer.rfind('/');
    if (slash == std::string_view::npos) return {};
    pointer = pointer.substr(0, slash);
  }
}

}  // namespace pawl::asl
