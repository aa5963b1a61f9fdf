// A value while an expression runs: json::Node's 16 bytes with more kinds. A Node is a Value as it
// stands, so documents are read without conversion; what an evaluation built becomes Nodes at the
// end (answer_node.h), and only that: subtrees that come from a document stay where they are.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "json/arena.h"
#include "json/node.h"

namespace pawl::jsonata {

struct Entry;
struct Function;
struct TupleStream;

// The first six are json::Kind's.
enum class Tag : std::uint8_t {
  kNull,
  kBoolean,
  kNumberText,  // a document's number, not read yet
  kString,
  kArray,
  kObject,
  kReal,      // a number that was computed
  kFunction,  //
  kUndefined,
  kTuples,    // a stream of bindings, between the steps of a path
  kUnbound,   // of a variable: nothing was assigned to it yet
  kFailed,    // the evaluation's mistake says why
  kTailCall,  // the evaluation's pending call is to be made
};

// Read through pointers to json::Node as well, hence may_alias.
struct [[gnu::may_alias]] Value {
  // Of a container in a transform's copy: an update brought it in. It is no part of the copy,
  // though it may be the same container as one that is. (json::Node has this bit for strings
  // alone.)
  static constexpr std::uint8_t kForeign = 1;
  // What json::Node uses itself.
  static constexpr std::uint8_t kIndexed = 4;
  // A container that was built here, so that there may be kinds in it that Node has not.
  static constexpr std::uint8_t kBuilt = 8;
  // Flags of arrays, in JSONata's words. A sequence of one stands for its item, unless it keeps
  // singletons; an array constructor's array is not flattened into the path's result.
  static constexpr std::uint8_t kSequence = 16;
  static constexpr std::uint8_t kKeepSingleton = 32;
  static constexpr std::uint8_t kConstructed = 64;
  // The sequence that an input array is wrapped in.
  static constexpr std::uint8_t kOuterWrapper = 128;
  static constexpr std::uint8_t kArrayFlags =
      kSequence | kKeepSingleton | kConstructed | kOuterWrapper;

  constexpr Value() : head_(static_cast<std::uint64_t>(Tag::kUndefined)), body_(0) {}
  static Value undefined() { return {}; }
  static Value of_tag(Tag tag) { return Value(tag, 0, 0, 0); }
  static Value failed() { return of_tag(Tag::kFailed); }
  static Value null() { return of_tag(Tag::kNull); }
  static Value boolean(bool truth) { return Value(Tag::kBoolean, 0, 0, truth ? 1 : 0); }
  static Value number(double real) {
    return Value(Tag::kReal, 0, 0, std::bit_cast<std::uint64_t>(real));
  }
  // The characters must live as long as the evaluation's arena.
  static Value string(std::string_view text) { return of_text(Tag::kString, text); }
  static Value number_text(std::string_view text) { return of_text(Tag::kNumberText, text); }
  static Value of(const json::Node& node) { return std::bit_cast<Value>(node); }
  // Of the kinds that a Node has.
  void write_to(json::Node& node) const {
    std::memcpy(static_cast<void*>(&node), &head_, sizeof head_);
    std::memcpy(reinterpret_cast<char*>(&node) + sizeof head_, &body_, sizeof body_);
  }
  static Value array(const Value* elements, std::size_t size, std::uint8_t flags) {
    return Value(Tag::kArray, flags, size, word_of(elements));
  }
  static Value object(const Entry* entries, std::size_t size, std::uint8_t flags) {
    return Value(Tag::kObject, flags, size, word_of(entries));
  }
  static Value of(const Function* function) {
    return Value(Tag::kFunction, 0, 0, word_of(function));
  }
  static Value of(const TupleStream* tuples) { return Value(Tag::kTuples, 0, 0, word_of(tuples)); }

  Tag tag() const { return static_cast<Tag>(head_ & 0xFF); }
  std::uint8_t flags() const { return static_cast<std::uint8_t>(head_ >> 8); }
  bool has(std::uint8_t flags) const { return (head_ & std::uint64_t{flags} << 8) != 0; }
  void add_flags(std::uint8_t flags) { head_ |= std::uint64_t{flags} << 8; }
  void remove_flags(std::uint8_t flags) { head_ &= ~(std::uint64_t{flags} << 8); }
  // The same characters lie elsewhere.
  void move_text(const char* characters) { body_ = word_of(characters); }
  // Of a string or a number's text its bytes, of an array its elements, of an object its entries.
  std::uint32_t size() const { return static_cast<std::uint32_t>(head_ >> 32); }

  // What `tag` says alone may be asked for.
  const char* characters() const { return pointer<char>(); }
  const Value* elements() const { return pointer<Value>(); }
  const Entry* entries() const { return pointer<Entry>(); }
  const Function* function() const { return pointer<Function>(); }
  const TupleStream* tuples() const { return pointer<TupleStream>(); }
  double real() const { return std::bit_cast<double>(body_); }
  bool truth() const { return (body_ & 0xFF) != 0; }

  bool is_undefined() const { return tag() == Tag::kUndefined; }
  bool is_failed() const { return tag() == Tag::kFailed; }
  bool is_null() const { return tag() == Tag::kNull; }
  bool is_boolean() const { return tag() == Tag::kBoolean; }
  bool is_number() const { return tag() == Tag::kReal || tag() == Tag::kNumberText; }
  bool is_string() const { return tag() == Tag::kString; }
  bool is_array() const { return tag() == Tag::kArray; }
  bool is_object() const { return tag() == Tag::kObject; }
  bool is_function() const { return tag() == Tag::kFunction; }
  bool is_sequence() const { return is_array() && has(kSequence); }

  // Of a number of either kind.
  double to_real() const { return tag() == Tag::kReal ? real() : real_of_text(text()); }
  std::string_view text() const { return {characters(), size()}; }

  const Value* begin() const { return elements(); }
  const Value* end() const { return elements() + size(); }
  inline const Entry* entries_end() const;
  // The member's value, or nullptr. Of an object.
  inline const Value* find(std::string_view key) const;

 private:
  Value(Tag tag, std::uint8_t flags, std::size_t size, std::uint64_t body)
      : head_(static_cast<std::uint64_t>(tag) | std::uint64_t{flags} << 8 |
              static_cast<std::uint64_t>(size) << 32),
        body_(body) {}
  static Value of_text(Tag tag, std::string_view text) {
    return Value(tag, 0, text.size(), word_of(text.data()));
  }
  static std::uint64_t word_of(const void* pointer) {
    return reinterpret_cast<std::uintptr_t>(pointer);
  }
  template <class T>
  const T* pointer() const {
    return reinterpret_cast<const T*>(static_cast<std::uintptr_t>(body_));
  }

  static double real_of_text(std::string_view text);
  friend double read_number(std::string_view text);

  // Words, no members of their own sizes: those would be written one by one and read together,
  // which stalls a processor each time.
  std::uint64_t head_;  // the tag's byte, the flags', two that say nothing, four of the size
  std::uint64_t body_;
};
static_assert(sizeof(Value) == sizeof(json::Node) && alignof(Value) == alignof(json::Node));
static_assert(std::endian::native == std::endian::little);  // where the tag is in its word

struct [[gnu::may_alias]] Entry {
  Value key;  // a string
  Value value;
};
static_assert(sizeof(Entry) == sizeof(json::Member));

inline const Entry* Value::entries_end() const { return entries() + size(); }
inline const Value* Value::find(std::string_view key) const {
  return reinterpret_cast<const Value*>(std::bit_cast<json::Node>(*this).find(key));
}

// The number's value; exact, as strtod's.
double read_number(std::string_view text);

// Deep equality, as `=` has it: numbers by value, objects regardless of order; functions are equal
// to themselves. Gives up, answering false, when shared parts make it endless in practice.
bool deep_equal(const Value& left, const Value& right);

}  // namespace pawl::jsonata
