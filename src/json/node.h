// A JSON value as it is read and built within one step: 16 bytes, trivially copyable, owning
// nothing. It points into an Arena or a Document (json/value.h) and lives no longer than that.
//
// Numbers keep their source text until somebody computes with them; objects keep insertion order;
// of duplicate keys the last value stands at the first one's place, as Jackson's LinkedHashMap
// does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/ensure.h"

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

  // Of an array or object: its source text, when JSON.stringify would print just that. Numbers are
  // then short and spelled as ECMAScript spells them; empty when that is not known.
  std::string_view ecmascript_text() const {
    if (!(is_array() || is_object()) || (flags_ & kCompactSource) == 0) return {};
    const Node& source = elements_[-1];
    return (source.flags_ & kEcmascript) != 0 ? std::string_view(source.text_, source.size_)
                                              : std::string_view();
  }

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
  // Of that text: JSON.stringify would print the same.
  static constexpr std::uint8_t kEcmascript = 1;
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

// Deep equality: numbers by value (1 equals 1.0), objects regardless of member order.
bool equal(Node left, Node right);

}  // namespace pawl::json
