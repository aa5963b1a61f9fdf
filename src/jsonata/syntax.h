// The syntax tree. The parser builds it as the text says; shape_syntax() (path_shape.h) then makes
// paths of `.`, `[`, `^`, `@`, `#` and finds out what each `%` refers to; the compiler turns it
// into a Program. Nodes live in a SyntaxArena and own nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <type_traits>

#include "json/arena.h"

namespace pawl::jsonata {

// Deepest nesting of an expression that is parsed.
inline constexpr int kSyntaxDepthMax = 1'500;

// Where syntax nodes and their texts live; everything goes at once. Most expressions fit into the
// object itself.
class SyntaxArena {
 public:
  SyntaxArena() = default;
  SyntaxArena(const SyntaxArena&) = delete;
  SyntaxArena& operator=(const SyntaxArena&) = delete;

  template <class T>
  T* make() {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T))) T();
  }
  template <class T>
  T* make_array(std::size_t count) {
    static_assert(alignof(T) <= kAlignment);
    return static_cast<T*>(allocate(count * sizeof(T)));
  }

 private:
  static constexpr std::size_t kAlignment = 8;

  void* allocate(std::size_t bytes) {
    bytes = (bytes + kAlignment - 1) & ~(kAlignment - 1);
    if (bytes > sizeof first_ - used_) return rest_.allocate(bytes);
    void* place = first_ + used_;
    used_ += bytes;
    return place;
  }

  alignas(kAlignment) std::byte first_[12'288];
  std::size_t used_ = 0;
  json::Arena rest_;
};

// A growing list in a SyntaxArena.
template <class T>
struct List {
  T* items = nullptr;
  std::uint32_t count = 0;
  std::uint32_t room = 0;

  void push(SyntaxArena& arena, T item) {
    if (count == room) {
      room = room == 0 ? 4 : room * 2;
      T* larger = arena.make_array<T>(room);
      if (count > 0) std::memcpy(static_cast<void*>(larger), items, count * sizeof(T));
      items = larger;
    }
    items[count++] = item;
  }
  bool empty() const { return count == 0; }
  T& operator[](std::size_t index) { return items[index]; }
  const T& operator[](std::size_t index) const { return items[index]; }
  T& back() { return items[count - 1]; }
  const T& back() const { return items[count - 1]; }
  T* begin() { return items; }
  T* end() { return items + count; }
  const T* begin() const { return items; }
  const T* end() const { return items + count; }
};

enum class SyntaxKind : std::uint8_t {
  kEnd,  // of the text, where an expression should stand
  kName,
  kString,
  kNumber,
  kBoolean,
  kNull,
  kRegex,
  kVariable,
  kWildcard,
  kDescendants,
  kParent,
  kWord,         // `and`, `or`, `in` where an operand stands: names
  kPlaceholder,  // `?` among arguments
  kBinary,       // a value operator, or before shaping: . [ { ^ := @ # ~>
  kNegate,
  kArray,
  kObject,  // items: keys and values in turn
  kFunction,
  kPartial,
  kLambda,
  kCondition,
  kCoalesce,  // ??
  kDefault,   // ?:
  kBlock,
  kTransform,
  // Made by shaping:
  kPath,
  kSort,
  kBind,
  kApply,
};

enum class Operator : std::uint8_t {
  kNone,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kAnd,
  kOr,
  kIn,
  kConcatenate,
  kRange,
  kDot,
  kFilter,
  kGroup,
  kOrder,
  kBind,
  kFocus,
  kIndex,
  kApply,
};

// What a `%` looks for: the context `level` steps back, which gets the name `label`.
struct AncestorSlot {
  std::uint32_t label = 0;
  int level = 1;
};

struct Syntax;

// What follows a step: a filter, or `#$i` behind a filter.
struct Stage {
  enum class Kind : std::uint8_t { kFilter, kIndex } kind = Kind::kFilter;
  Syntax* filter = nullptr;
  std::string_view variable;
  std::uint32_t position = 0;
};

struct SortTerm {
  Syntax* expression = nullptr;
  bool descending = false;
};

// `{key: value, ...}` behind a path or another expression.
struct Grouping {
  List<Syntax*> pairs;  // keys and values in turn
  std::uint32_t position = 0;
};

struct Syntax {
  SyntaxKind kind = SyntaxKind::kEnd;
  Operator op = Operator::kNone;
  bool boolean = false;
  bool keep_array = false;      // `[]`
  bool keep_singleton = false;  // of a path: a step has `[]`
  bool is_constructor = false;  // an array constructor at a path's end: not flattened
  bool tuple = false;           // the step binds names, or passes bindings on
  bool has_lambda = false;      // a function is made here or below, which keeps variables alive
  std::uint16_t depth = 1;      // of the tree
  std::uint32_t position = 0;   // of the token's end, in bytes
  double number = 0.0;
  std::string_view text;       // name, string, number's text, pattern, symbol
  std::string_view flags;      // of a regular expression
  std::string_view signature;  // of a lambda, `<...>`
  Syntax* left = nullptr;      // operand; procedure; condition; pattern; body
  Syntax* right = nullptr;     // operand; then; update
  Syntax* third = nullptr;     // else; delete
  List<Syntax*> items;         // steps, arguments, parameters, elements, expressions; `.` without
                               // `right`: the left operand and the names behind it
  List<SortTerm> terms;        // of kSort, and of `^` before shaping
  List<Stage> stages;          // of a step of a path
  List<Stage> predicates;      // of what is no step
  Grouping* group = nullptr;
  std::string_view focus;            // `@$name`
  std::string_view index;            // `#$name`
  AncestorSlot* ancestor = nullptr;  // the name that this step's input gets
  AncestorSlot* slot = nullptr;      // of kParent
  List<AncestorSlot*> seeking;       // slots that are still to be found outside
};

// A node with nothing in it but zeroes and its own depth.
Syntax* make_syntax(SyntaxArena& arena);

// Calls `visit` with each child of the node.
template <class Visit>
void for_each_child(const Syntax& node, Visit&& visit) {
  for (Syntax* child : {node.left, node.right, node.third}) {
    if (child != nullptr) visit(*child);
  }
  for (Syntax* child : node.items) visit(*child);
  for (const SortTerm& term : node.terms) visit(*term.expression);
  for (const Stage& stage : node.stages) {
    if (stage.filter != nullptr) visit(*stage.filter);
  }
  for (const Stage& stage : node.predicates) visit(*stage.filter);
  if (node.group == nullptr) return;
  for (Syntax* child : node.group->pairs) visit(*child);
}

}  // namespace pawl::jsonata
