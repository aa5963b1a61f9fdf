// JSON values, the only value type from the HTTP body to the stored event (decision D8).
//
// A `Node` is 16 bytes, trivially copyable and owns nothing: it points into an Arena or a Document
// and lives within one step. A `Value` is a counted, immutable Document (its text, and the nodes
// parsed from that text on first use) and may be kept, queued and shared between threads. A
// Document never refers to another, so what a Value pins is exactly its own text.
//
// Numbers keep their source text until somebody computes with them; objects keep insertion order;
// of duplicate keys the last value stands at the first one's place, as Jackson's LinkedHashMap
// does.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ensure.h"
#include "base/result.h"

namespace pawl::json {

enum class Kind : std::uint8_t { kNull, kBoolean, kNumber, kString, kArray, kObject };

struct Member;

class Node {
 public:
  constexpr Node() : kind_(Kind::kNull), flags_(0), size_(0), text_(nullptr) {}
  static Node null() { return Node(); }
  static Node boolean(bool value) {
    Node node(Kind::kBoolean, 0, 0);
    node.boolean_ = value;
    return node;
  }
  // `text` must outlive the node and be a JSON number.
  static Node number(std::string_view text) { return Node(Kind::kNumber, 0, text); }
  // `text` (decoded UTF-8) must outlive the node.
  static Node string(std::string_view text) { return Node(Kind::kString, 0, text); }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool is_boolean() const { return kind_ == Kind::kBoolean; }
  bool is_number() const { return kind_ == Kind::kNumber; }
  bool is_string() const { return kind_ == Kind::kString; }
  bool is_array() const { return kind_ == Kind::kArray; }
  bool is_object() const { return kind_ == Kind::kObject; }

  // Asking for another kind than the node's is a bug.
  bool boolean() const {
    ENSURE(is_boolean());
    return boolean_;
  }
  std::string_view number_text() const {
    ENSURE(is_number());
    return {text_, size_};
  }
  std::string_view string() const {
    ENSURE(is_string());
    return {text_, size_};
  }

  // Elements of an array, members of an object, else 0.
  std::size_t size() const { return is_array() || is_object() ? size_ : 0; }
  const Node& at(std::size_t index) const {
    ENSURE(is_array() && index < size_, index);
    return elements_[index];
  }
  inline const Member& member(std::size_t index) const;
  // The member's value, or nullptr when this is no object or has no such member.
  const Node* find(std::string_view key) const;

  const Node* begin() const { return is_array() ? elements_ : nullptr; }
  const Node* end() const { return is_array() ? elements_ + size_ : nullptr; }
  // The members of an object; empty for other kinds.
  struct Members {
    const Member* first;
    const Member* last;
    const Member* begin() const { return first; }
    const Member* end() const { return last; }
  };
  inline Members members() const;

 private:
  friend class Arena;
  friend class Parser;
  friend class Printer;

  const Node* find_indexed(std::string_view key) const;

  constexpr Node(Kind kind, std::uint8_t flags, std::uint32_t size)
      : kind_(kind), flags_(flags), size_(size), text_(nullptr) {}
  Node(Kind kind, std::uint8_t flags, std::string_view text)
      : kind_(kind),
        flags_(flags),
        size_(static_cast<std::uint32_t>(text.size())),
        text_(text.data()) {}

  // A string none of whose characters needs escaping when printed.
  static constexpr std::uint8_t kPlain = 1;
  // An array or object whose source text is compact and canonical: printing it is a copy. The text
  // stands in the Node-sized slot before its elements or members.
  static constexpr std::uint8_t kCompactSource = 2;
  // An object with a hash index of its keys behind its last member (json/object_index.h).
  static constexpr std::uint8_t kIndexed = 4;

  Kind kind_;
  std::uint8_t flags_;
  std::uint32_t size_;
  union {
    const char* text_;
    const Node* elements_;
    const Member* members_;
    bool boolean_;
  };
};
static_assert(sizeof(Node) == 16);

struct Member {
  Node key;  // a string
  Node value;
};

inline const Member& Node::member(std::size_t index) const {
  ENSURE(is_object() && index < size_, index);
  return members_[index];
}
inline Node::Members Node::members() const {
  return is_object() ? Members{members_, members_ + size_} : Members{nullptr, nullptr};
}

// Bump allocator that owns the nodes and characters made during one step. Not thread-safe.
class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Copies the characters.
  Node string(std::string_view text);
  Node number(std::string_view text);
  Node integer(std::int64_t value);
  // Shortest text that reads back as `value`, which is finite; Java's Double.toString form ("1.0",
  // "1.0E10") is json/number.h's business.
  Node real(double value);
  Node array(const std::vector<Node>& elements);
  // Keys must be strings and distinct.
  Node object(const std::vector<Member>& members);
  std::string_view copy(std::string_view text);

  // Uninitialised storage, aligned for Node.
  void* allocate(std::size_t bytes) {
    bytes = (bytes + alignof(Node) - 1) & ~(alignof(Node) - 1);
    bytes_used_ += bytes;
    if (bytes > left_) return allocate_in_new_block(bytes);
    std::byte* place = next_;
    next_ += bytes;
    left_ -= bytes;
    return place;
  }
  std::size_t bytes_used() const { return bytes_used_; }

 private:
  friend class ObjectBuilder;
  friend class Parser;

  struct Block;

  // `compact_source` empty: printing walks the elements.
  Node array(const Node* elements, std::size_t count, std::string_view compact_source);
  Node object(const Member* members, std::size_t count, std::string_view compact_source,
              const std::vector<std::uint32_t>& slots);
  // Makes room for so many bytes in one block.
  void reserve(std::size_t bytes);
  std::byte* allocate_in_new_block(std::size_t bytes);
  std::byte* new_block(std::size_t bytes);

  Block* blocks_ = nullptr;  // the newest; each knows the one before it
  std::size_t block_count_ = 0;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t bytes_used_ = 0;
};

// Collects members; `set` on a key that is there replaces its value in place.
class ObjectBuilder {
 public:
  explicit ObjectBuilder(Arena& arena) : arena_(arena) {}
  void set(std::string_view key, Node value);
  Node finish();

 private:
  Member* find(std::string_view key);

  Arena& arena_;
  std::vector<Member> members_;
  std::vector<std::uint32_t> slots_;  // an ObjectIndex, once there are many members
};

struct ParseError {
  std::string message;     // in Jackson's words, which AWS shows
  std::size_t offset = 0;  // bytes of the text that Jackson had read when it gave up
  std::size_t line = 1;    // 1-based
  std::size_t column = 1;  // 1-based, as Jackson counts
};

// Where the error is, as Jackson says it behind the message:
// `[Source: (String)"not a definition"; line: 1, column: 4]`. `text` is the text that was parsed.
std::string source_location(std::string_view text, const ParseError& error);

// Deepest nesting that parse accepts.
inline constexpr int kDepthMax = 1'000;

// Compact text: no blanks, `"` `\` and control characters escaped, everything else as it is.
std::string print(Node node);
void print_to(Node node, std::string& out);

// Deep equality: numbers by value (1 equals 1.0), objects regardless of member order.
bool equal(Node left, Node right);

class Document;

// A counted reference to an immutable Document; cheap to copy, thread-safe to share.
class Value {
 public:
  // The document `null`.
  Value();
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(Value other) noexcept;
  ~Value();

  // Checks that `text` is one JSON text in valid UTF-8 and keeps it as it is, blanks included.
  static Result<Value, ParseError> parse(std::string text);
  // `text` is known to be JSON: printed by us, or parsed before. Parsed on first use of root().
  static Value trusted(std::string text);
  // Prints the node; the new Document shares nothing with what the node points into.
  static Value of(Node node);

  std::string_view text() const;
  std::size_t bytes() const { return text().size(); }
  // Lives as long as this Document. Thread-safe.
  Node root() const;

  // The same document text. (Deep equality is equal(a.root(), b.root()).)
  friend bool operator==(const Value& left, const Value& right) {
    return left.text() == right.text();
  }
  // Whether both share one Document.
  bool same_document(const Value& other) const { return document_ == other.document_; }

 private:
  explicit Value(Document* document) : document_(document) {}
  Document* document_;
};

// Parses into `arena`; `text` must outlive the arena's nodes.
Result<Node, ParseError> parse_into(Arena& arena, std::string_view text);

}  // namespace pawl::json
