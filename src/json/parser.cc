// Stage two of parsing: walks the token offsets of stage one and builds nodes, without recursion.
//
// A container whose text holds nothing but what print() would write is marked, so that printing it
// later is a copy. To know that, `waste_` counts the bytes that printing would not give back:
// blanks, odd escapes, doubled keys. A container is compact when `waste_` stood still while it was
// open.
#include "json/parser.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "json/escapes.h"
#include "json/object_index.h"
#include "json/structure.h"

namespace pawl::json {
namespace {

struct Frame {
  std::uint32_t open;   // offset of the bracket
  std::uint32_t first;  // its first element among the pending nodes
  std::uint64_t waste;  // `waste_` when it was opened
  char close;           // the bracket that ends it
};

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

std::size_t digits_at_front(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') ++count;
  return count;
}

// RFC 8259 section 6.
bool is_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const std::size_t integer = digits_at_front(text);
  if (integer == 0 || (integer > 1 && text.front() == '0')) return false;
  text.remove_prefix(integer);
  if (text.starts_with('.')) {
    const std::size_t fraction = digits_at_front(text.substr(1));
    if (fraction == 0) return false;
    text.remove_prefix(1 + fraction);
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    const std::size_t exponent = digits_at_front(text);
    if (exponent == 0) return false;
    text.remove_prefix(exponent);
  }
  return text.empty();
}

// What a thread keeps between parses, so that small texts cost no allocation but the nodes.
struct Workspace {
  Structure structure;
  std::vector<Node> pending;
  std::vector<Frame> frames;
};

}  // namespace

class Parser {
 public:
  Parser(Arena& arena, std::string_view text, int depth_max, Workspace& workspace)
      : arena_(arena),
        text_(text),
        depth_max_(depth_max),
        pending_(workspace.pending),
        frames_(workspace.frames) {
    pending_.clear();
    frames_.clear();
    const auto offsets = workspace.structure.scan(text);
    next_ = offsets.data();
    last_ = offsets.empty() ? next_ : next_ + offsets.size() - 1;
    find_backslash(text.data());
  }

  std::optional<Node> run() {
    while (next_ != last_) {
      if (!take_value()) return std::nullopt;
      if (opened_) continue;
      if (!after_value()) return std::nullopt;
      if (frames_.empty()) {
        if (next_ != last_) return std::nullopt;
        return pending_.front();
      }
    }
    return std::nullopt;
  }

 private:
  // Takes a scalar or an empty container; of any other container only the opening, with the first
  // key of an object.
  bool take_value() {
    const std::uint32_t offset = *next_++;
    opened_ = false;
    switch (text_[offset]) {
      case '{':
        return open(offset, '}');
      case '[':
        return open(offset, ']');
      case '"':
        return take_string(offset);
      case 't':
        return take_literal(offset, "true", Node::boolean(true));
      case 'f':
        return take_literal(offset, "false", Node::boolean(false));
      case 'n':
        return take_literal(offset, "null", Node::null());
      default:
        return take_number(offset);
    }
  }

  bool open(std::uint32_t offset, char close) {
    if (frames_.size() >= static_cast<std::size_t>(depth_max_)) return false;
    frames_.push_back({offset, static_cast<std::uint32_t>(pending_.size()), waste_, close});
    count_blanks(offset + 1);
    if (next_ == last_) return false;
    if (text_[*next_] == close) return true;
    opened_ = true;
    return close == ']' || take_key();
  }

  // Closes what ends here, up to the next value to take or the end of the root.
  bool after_value() {
    while (!frames_.empty()) {
      if (next_ == last_) return false;
      const std::uint32_t offset = *next_++;
      const char token = text_[offset];
      if (token == ',') {
        count_blanks(offset + 1);
        return frames_.back().close == ']' || take_key();
      }
      if (token != frames_.back().close) return false;
      close(offset);
      count_blanks(offset + 1);
    }
    return true;
  }

  void close(std::uint32_t offset) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    const Node* first = pending_.data() + frame.first;
    std::size_t count = pending_.size() - frame.first;
    std::string_view source;
    Node node;
    if (frame.close == '}') {
      Member* members = reinterpret_cast<Member*>(pending_.data() + frame.first);
      count = drop_doubled_keys(members, count / 2);
      if (waste_ == frame.waste) source = text_.substr(frame.open, offset + 1 - frame.open);
      node = arena_.object(members, count, source);
    } else {
      if (waste_ == frame.waste) source = text_.substr(frame.open, offset + 1 - frame.open);
      node = arena_.array(first, count, source);
    }
    pending_.resize(frame.first);
    pending_.push_back(node);
  }

  // Of equal keys the last value stays, at the first one's place. Answers how many members stay.
  std::size_t drop_doubled_keys(Member* members, std::size_t count) {
    std::vector<std::uint32_t> slots;
    if (count > kUnindexedMembersMax) slots.resize(ObjectIndex::slot_count(count));
    const ObjectIndex index(slots.data(), std::max<std::size_t>(count, 1));
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view key = members[i].key.string();
      std::uint32_t found = 0;
      if (!slots.empty()) {
        std::uint32_t& slot = index.slot(key, members);
        found = slot;
        if (found == 0) slot = static_cast<std::uint32_t>(kept + 1);
      } else {
        for (std::uint32_t j = 0; j < kept && found == 0; ++j) {
          if (members[j].key.string() == key) found = j + 1;
        }
      }
      if (found != 0) {
        members[found - 1].value = members[i].value;
        ++waste_;
      } else {
        members[kept++] = members[i];
      }
    }
    return kept;
  }

  bool take_key() {
    if (next_ == last_ || text_[*next_] != '"') return false;
    const std::uint32_t offset = *next_++;
    if (!take_string(offset) || next_ == last_ || text_[*next_] != ':') return false;
    count_blanks(*next_++ + 1);
    return next_ != last_;
  }

  // Stage one promises that only blanks stand between the closing quote and the next token.
  bool take_string(std::uint32_t offset) {
    const char* first = text_.data() + offset + 1;
    const char* last = text_.data() + token_end(offset) - 1;
    if (last < first || *last != '"') return false;
    const std::string_view source(first, static_cast<std::size_t>(last - first));
    if (last < backslash_) {
      pending_.push_back(Node(Kind::kString, Node::kPlain, source));
      return true;
    }
    if (first > backslash_) find_backslash(first);
    if (last < backslash_) {
      pending_.push_back(Node(Kind::kString, Node::kPlain, source));
      return true;
    }
    find_backslash(last);
    char* target = static_cast<char*>(arena_.allocate(source.size()));
    const auto unescaped = unescape(source, target);
    if (!unescaped) return false;
    if (!unescaped->canonical) ++waste_;
    pending_.push_back(Node::string({target, unescaped->size}));
    return true;
  }

  bool take_number(std::uint32_t offset) {
    const std::string_view token = text_.substr(offset, token_end(offset) - offset);
    if (!is_number(token)) return false;
    pending_.push_back(Node::number(token));
    return true;
  }

  bool take_literal(std::uint32_t offset, std::string_view literal, Node node) {
    if (text_.substr(offset, token_end(offset) - offset) != literal) return false;
    pending_.push_back(node);
    return true;
  }

  // Where the scalar that begins at `offset` ends: blanks before the next token are waste.
  std::uint32_t token_end(std::uint32_t offset) {
    std::uint32_t end = *next_;
    while (end > offset + 1 && is_blank(text_[end - 1])) {
      --end;
      ++waste_;
    }
    return end;
  }

  // Everything between the end of a bracket, comma or colon and the next token is blank.
  void count_blanks(std::uint32_t end) { waste_ += *next_ - end; }

  void find_backslash(const char* from) {
    const char* end = text_.data() + text_.size();
    const void* found =
        from == end ? nullptr : std::memchr(from, '\\', static_cast<std::size_t>(end - from));
    backslash_ = found != nullptr ? static_cast<const char*>(found) : end;
  }

  Arena& arena_;
  const std::string_view text_;
  const int depth_max_;
  std::vector<Node>& pending_;  // values and keys whose container is still open
  std::vector<Frame>& frames_;
  const std::uint32_t* next_ = nullptr;  // the next token's offset
  const std::uint32_t* last_ = nullptr;  // behind the last token's offset; holds the text's size
  const char* backslash_ = nullptr;      // the next one of the text, from where we looked last
  std::uint64_t waste_ = 0;
  bool opened_ = false;
};

std::optional<Node> parse_json(Arena& arena, std::string_view text, int depth_max) {
  thread_local Workspace workspace;
  return Parser(arena, text, depth_max, workspace).run();
}

}  // namespace pawl::json
