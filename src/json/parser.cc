// Stage two of parsing: walks the token offsets of stage one and builds nodes, without recursion.
//
// A container whose text holds nothing but what print() would write is marked, so that printing it
// later is a copy. To know that, `waste_` counts the bytes that printing would not give back:
// blanks, odd escapes, doubled keys. A container is compact when `waste_` stood still while it was
// open. `foreign_` likewise counts what JSON.stringify would print in another way.
#include "json/parser.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "base/ascii.h"
#include "json/escapes.h"
#include "json/object_index.h"
#include "json/skim.h"
#include "json/structure.h"

namespace pawl::json {
namespace {

struct Frame {
  std::uint32_t open;       // offset of the bracket
  std::uint32_t first;      // its first element among the pending nodes
  std::uint64_t waste;      // `waste_` when it was opened
  std::uint32_t foreign;    // `foreign_` then
  char bracket;             // that ends it
  const Selection* wanted;  // what of it is, in a partial parse
};

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Whether ECMAScript surely spells the number so, as it is and rounded to 15 digits: at most as
// many characters, no exponent, no zero that says nothing. For numbers that are JSON's.
bool is_ecmascript(std::string_view number) {
  constexpr std::size_t kCharactersMax = 15;
  if (number.size() > kCharactersMax || number == "-0") return false;
  bool point = false;
  for (const char character : number) {
    if ((character | 0x20) == 'e') return false;
    point |= character == '.';
  }
  if (!point) return true;
  return number.back() != '0' && !number.starts_with("0.00000") && !number.starts_with("-0.00000");
}

// Digits alone, which are JSON's and ECMAScript's as they are.
bool is_short_integer(std::string_view text) {
  constexpr std::size_t kDigitsMax = 15;
  if (text.size() > kDigitsMax || (text.front() == '0' && text.size() > 1)) return false;
  for (const char character : text) {
    if (!is_digit(character)) return false;
  }
  return true;
}

// A thread keeps no more than this many nodes, frames or slots between parses.
constexpr std::size_t kKeptMax = 1u << 18;

// Values and keys whose container is still open.
class PendingNodes {
 public:
  // Empties it, and makes room for `count`.
  void restart(std::size_t count) {
    if (count > room_) {
      nodes_ = std::make_unique_for_overwrite<std::byte[]>(count * sizeof(Node));
      room_ = count;
    }
    first_ = top_ = reinterpret_cast<Node*>(nodes_.get());
    limit_ = first_ + room_;
  }
  std::size_t size() const { return static_cast<std::size_t>(top_ - first_); }
  Node* from(std::size_t index) { return first_ + index; }
  const Node& last() const { return top_[-1]; }
  void shrink(std::size_t size) { top_ = first_ + size; }
  void push(Node node) {
    ENSURE(top_ != limit_);
    *top_++ = node;
  }
  void trim() {
    if (room_ > kKeptMax) *this = PendingNodes();
  }

 private:
  std::unique_ptr<std::byte[]> nodes_;
  std::size_t room_ = 0;
  Node* first_ = nullptr;
  Node* top_ = nullptr;
  Node* limit_ = nullptr;
};

// What a thread keeps between parses, so that small texts cost no allocation but the nodes.
struct Workspace {
  Structure structure;
  PendingNodes pending;
  std::vector<Frame> frames;
  std::vector<std::uint32_t> slots;
  Skimmer skimmer;

  // After a very large text, gives back what most texts never need.
  void trim() {
    pending.trim();
    if (slots.capacity() > kKeptMax) slots = {};
    if (frames.capacity() > kKeptMax) frames = {};
    skimmer.trim(kKeptMax);
  }
};

// Of equal keys the last value stays, at the first one's place. Answers how many members stay.
std::size_t drop_doubled(Member* members, std::size_t count) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Member* last = members + kept;
    Member* same = std::find_if(members, last, [&key = members[i].key](const Member& member) {
      return member.key.string() == key.string();
    });
    if (same == last) {
      members[kept++] = members[i];
    } else {
      same->value = members[i].value;
    }
  }
  return kept;
}

// The same for many members, in linear time. Leaves their index in `slots`, unless some were
// doubled.
std::size_t drop_doubled_hashed(Member* members, std::size_t count,
                                std::vector<std::uint32_t>& slots) {
  slots.assign(ObjectIndex::slot_count(count), 0);
  const ObjectIndex index(slots.data(), count);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t& slot = index.slot(members[i].key.string(), members);
    if (slot == 0) {
      members[kept++] = members[i];
      slot = static_cast<std::uint32_t>(kept);
    } else {
      members[slot - 1].value = members[i].value;
    }
  }
  if (kept < count) slots.clear();
  return kept;
}

bool is_among(std::string_view key, const Member* members, const Member* last) {
  for (; members != last; ++members) {
    if (members->key.string() == key) return true;
  }
  return false;
}

// Keys are compared only with each other where they fall into the same of 64 classes, which few do.
bool has_doubled(const Member* members, std::size_t count) {
  std::uint64_t seen = 0;
  for (const Member* member = members; member != members + count; ++member) {
    const std::string_view key = member->key.string();
    const unsigned ends = key.empty() ? 0u : static_cast<unsigned>(key.front() * 5 + key.back());
    const std::uint64_t bit = std::uint64_t{1} << ((ends + key.size() * 11) & 63);
    if ((seen & bit) != 0 && is_among(key, members, member)) return true;
    seen |= bit;
  }
  return false;
}

}  // namespace

// Nodes and arenas know one Parser, which comes in two.
class Parser {
 public:
  // Partial: builds what is wanted, and only checks all else.
  template <bool kPartial>
  class Run;
};

template <bool kPartial>
class Parser::Run {
 public:
  Run(Arena& arena, std::string_view text, int depth_max, Workspace& workspace,
      const Selection* wanted)
      : arena_(arena),
        text_(text),
        depth_max_(static_cast<std::size_t>(depth_max)),
        pending_(workspace.pending),
        frames_(workspace.frames),
        slots_(workspace.slots),
        wanted_(wanted),
        skimmer_(workspace.skimmer) {
    frames_.clear();
    const auto offsets = workspace.structure.scan(text);
    first_ = offsets.data();
    last_ = offsets.empty() ? first_ : first_ + offsets.size() - 1;
    // Every node and every container's header has two tokens of its own: a value and its comma, a
    // key and its colon, two brackets. So there are at most so many, of pending nodes and in the
    // end.
    const std::size_t nodes_max = offsets.size() / 2 + 1;
    pending_.restart(nodes_max);
    if (!kPartial) arena.reserve(nodes_max * sizeof(Node));
    find_backslash(text.data());
    skimmer_.start(text.data(), last_);
  }

  std::optional<Node> take() {
    const Token end = take_value(first_);
    if (end == nullptr || end != last_) return std::nullopt;
    return *pending_.from(0);
  }

 private:
  // Of null: a member's value that is not built. Its member is dropped when its object closes.
  static constexpr std::uint8_t kLeftOut = 8;

  // Points to a token's offset; the next token's follows, and the text's size stands behind the
  // last. As an answer: the token to go on with, or nullptr for a mistake.
  using Token = const std::uint32_t*;

  // The root, with all that is in it. `at` stays in a register: this loop is what parsing costs.
  Token take_value(Token at) {
    for (;;) {
      if (at == last_) return nullptr;
      const char first = text_[*at];
      if (kPartial && is_not_wanted(first)) {
        at = pass_over(at);
        if (at == nullptr) return nullptr;
      } else if (first == '{' || first == '[') {
        at = open(at, first == '{' ? '}' : ']');
        if (at == nullptr) return nullptr;
        if (text_[*at] != frames_.back().bracket) {
          if (first == '{') at = take_key(at);
          if (at == nullptr) return nullptr;
          continue;
        }
      } else {
        if (!take_scalar(first, at)) return nullptr;
        ++at;
      }
      // A value ends here, and perhaps containers with it.
      for (;;) {
        if (frames_.empty()) return at;
        if (at == last_) return nullptr;
        const char bracket = frames_.back().bracket;
        const char token = text_[*at];
        if (token == ',') {
          count_blanks(at++);
          if (bracket == '}') {
            at = take_key(at);
          } else if (kPartial) {
            wanted_ = frames_.back().wanted;
          }
          if (at == nullptr) return nullptr;
          break;
        }
        if (token != bracket) return nullptr;
        close(*at);
        count_blanks(at++);
      }
    }
  }

  Token open(Token at, char bracket) {
    if (frames_.size() >= depth_max_ || at + 1 == last_) return nullptr;
    frames_.push_back(
        {*at, static_cast<std::uint32_t>(pending_.size()), waste_, foreign_, bracket, wanted_});
    count_blanks(at);
    return at + 1;
  }

  // Takes a key and its colon.
  Token take_key(Token at) {
    if (at == last_ || text_[*at] != '"' || !take_string(at)) return nullptr;
    const Token colon = at + 1;
    if (colon == last_ || text_[*colon] != ':') return nullptr;
    count_blanks(colon);
    if constexpr (kPartial) wanted_ = frames_.back().wanted->member(pending_.last().string());
    return colon + 1;
  }

  // A member that nobody looks at, or an object of which it matters only that it is one.
  bool is_not_wanted(char first) const {
    return wanted_ == nullptr || (first == '{' && wanted_->is_nothing());
  }

  // Checks a value that is not wanted, and leaves something in its place; likewise the objects that
  // follow it in an array.
  Token pass_over(const Token begin) {
    const Node place = wanted_ == nullptr ? Node(Kind::kNull, kLeftOut, 0) : empty_object();
    const auto is_object = [this](Token at) { return at != last_ && text_[*at] == '{'; };
    const bool has_next = is_in_array() && is_object(begin);
    Token end = begin;
    for (Token at = begin;; at = end + 1) {
      end = skimmer_.skim(at, depth_max_ - frames_.size());
      if (end == nullptr) return nullptr;
      pending_.push(place);
      if (!has_next || end == last_ || text_[*end] != ',' || !is_object(end + 1)) break;
    }
    ++waste_;  // so that nothing around it is printed by a copy
    return check_escapes(begin, end) ? end : nullptr;
  }

  bool is_in_array() const { return !frames_.empty() && frames_.back().bracket == ']'; }

  // Of strings that are passed over.
  bool check_escapes(Token begin, Token end) {
    const char* const first = text_.data() + *begin;
    const char* const last = text_.data() + *end;
    if (backslash_ < first) find_backslash(first);
    if (backslash_ >= last) return true;
    find_backslash(last);
    return skimmer_.check_escapes(begin, end);
  }

  // One for all objects that are passed over.
  Node empty_object() {
    if (!empty_object_) empty_object_ = arena_.object(nullptr, 0, Node::string({}), {});
    return *empty_object_;
  }

  static std::size_t drop_left_out(Member* members, std::size_t count) {
    Member* const kept = std::remove_if(members, members + count, [](const Member& member) {
      return (member.value.flags_ & kLeftOut) != 0 && member.value.is_null();
    });
    return static_cast<std::size_t>(kept - members);
  }

  bool take_scalar(char first, Token at) {
    switch (first) {
      case '"':
        return take_string(at);
      case 't':
        return take_literal(at, "true", Node::boolean(true));
      case 'f':
        return take_literal(at, "false", Node::boolean(false));
      case 'n':
        return take_literal(at, "null", Node::null());
      default:
        return take_number(at);
    }
  }

  // Stage one promises that only blanks stand between the closing quote and the next token.
  bool take_string(Token at) {
    const char* first = text_.data() + at[0] + 1;
    const char* last = text_.data() + at[1] - 1;
    if (first <= last && *last == '"' && last < backslash_) [[likely]] {
      push_plain(first, last);
      return true;
    }
    return take_odd_string(first, text_.data() + token_end(at) - 1);
  }

  // A string with escapes in it, or blanks behind it.
  [[gnu::noinline]] bool take_odd_string(const char* first, const char* last) {
    if (last < first || *last != '"') return false;
    if (backslash_ < first) find_backslash(first);
    if (last < backslash_) {
      push_plain(first, last);
      return true;
    }
    find_backslash(last);
    const std::string_view source(first, static_cast<std::size_t>(last - first));
    char* target = static_cast<char*>(arena_.allocate(source.size()));
    const auto unescaped = unescape(source, target);
    if (!unescaped) return false;
    if (!unescaped->canonical) ++waste_;
    if (source.find("\\u") != std::string_view::npos) ++foreign_;
    pending_.push(Node::string({target, unescaped->size}));
    return true;
  }

  void push_plain(const char* first, const char* last) {
    const std::string_view text(first, static_cast<std::size_t>(last - first));
    pending_.push(Node(Kind::kString, Node::kPlain, text));
  }

  bool take_number(Token at) {
    const std::string_view token = text_.substr(*at, token_end(at) - *at);
    if (!is_short_integer(token)) {
      if (!is_number(token)) return false;
      if (!is_ecmascript(token)) ++foreign_;
    }
    pending_.push(Node::number(token));
    return true;
  }

  bool take_literal(Token at, std::string_view literal, Node node) {
    if (text_.substr(*at, token_end(at) - *at) != literal) return false;
    pending_.push(node);
    return true;
  }

  void close(std::uint32_t offset) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    Node* first = pending_.from(frame.first);
    std::size_t count = pending_.size() - frame.first;
    Member* members = reinterpret_cast<Member*>(first);
    if (frame.bracket == '}') {
      count /= 2;
      if constexpr (kPartial) count = drop_left_out(members, count);
      count = distinct(members, count);
    }
    Node source = Node::string({});
    if (waste_ == frame.waste) {
      source = Node::string(text_.substr(frame.open, offset + 1 - frame.open));
      if (foreign_ == frame.foreign) source.flags_ |= Node::kEcmascript;
    }
    const Node node = frame.bracket == '}' ? arena_.object(members, count, source, slots_)
                                           : arena_.array(first, count, source);
    pending_.shrink(frame.first);
    pending_.push(node);
  }

  std::size_t distinct(Member* members, std::size_t count) {
    const bool many = count > kUnindexedMembersMax;
    if (!many && !has_doubled(members, count)) return count;
    const std::size_t kept =
        many ? drop_doubled_hashed(members, count, slots_) : drop_doubled(members, count);
    waste_ += count - kept;
    return kept;
  }

  // Where a scalar ends: blanks before the next token are waste.
  std::uint32_t token_end(Token at) {
    std::uint32_t end = at[1];
    while (end > at[0] + 1 && is_blank(text_[end - 1])) {
      --end;
      ++waste_;
    }
    return end;
  }

  // Everything between a bracket, comma or colon and the next token is blank.
  void count_blanks(Token at) {
    if (at[1] != at[0] + 1) waste_ += at[1] - at[0] - 1;
  }

  void find_backslash(const char* from) {
    const char* end = text_.data() + text_.size();
    const void* found =
        from == end ? nullptr : std::memchr(from, '\\', static_cast<std::size_t>(end - from));
    backslash_ = found != nullptr ? static_cast<const char*>(found) : end;
  }

  Arena& arena_;
  const std::string_view text_;
  const std::size_t depth_max_;
  PendingNodes& pending_;
  std::vector<Frame>& frames_;
  std::vector<std::uint32_t>& slots_;  // the index of the large object that is being closed
  const Selection* wanted_;  // of the value that is next, in a partial parse; nullptr: nothing
  Skimmer& skimmer_;
  std::optional<Node> empty_object_;
  Token first_ = nullptr;
  Token last_ = nullptr;             // behind the last token; holds the text's size
  const char* backslash_ = nullptr;  // the next one of the text, from where we looked last
  std::uint64_t waste_ = 0;
  std::uint32_t foreign_ = 0;
};

std::optional<Node> parse_json(Arena& arena, std::string_view text, int depth_max,
                               const Selection& wanted) {
  thread_local Workspace workspace;
  const std::optional<Node> root =
      wanted.is_everything() ? Parser::Run<false>(arena, text, depth_max, workspace, &wanted).take()
                             : Parser::Run<true>(arena, text, depth_max, workspace, &wanted).take();
  workspace.trim();
  return root;
}

std::optional<Node> parse_json(Arena& arena, std::string_view text, int depth_max) {
  static const Selection everything = Selection::everything();
  return parse_json(arena, text, depth_max, everything);
}

}  // namespace pawl::json
