// One evaluation of a Program: what its nodes share while they run; internal to the layer.
//
// Functions answer a Value. A failure is a Value too (Tag::kFailed), with the reason in
// Evaluation::mistake: nested evaluation is deep and hot, and a tag is looked at in no time.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jsonata/program.h"
#include "jsonata/value.h"
#include "jsonata/workspace.h"

// The value of `expr`, or on failure the enclosing function answers that.
#define PAWL_VALUE(name, expr)                  \
  __extension__({                               \
    const ::pawl::jsonata::Value name = (expr); \
    if (name.is_failed()) return name;          \
    name;                                       \
  })
#define VALUE(...) PAWL_VALUE(PAWL_CONCAT(value_, __COUNTER__), (__VA_ARGS__))

namespace pawl::jsonata {

struct Evaluation {
  Evaluation(const Program& the_program, const Scope& the_scope, json::Arena& the_arena);
  ~Evaluation() { frames.end(frames_before_); }
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  // Answers failed().
  Value fail(Mistake reason) {
    mistake = std::move(reason);
    return Value::failed();
  }
  Value fail(std::string_view code) {
    Mistake reason;
    reason.code = code;
    return fail(std::move(reason));
  }
  Value fail(std::string_view code, const Value& value);
  Value fail(const Failure& failure) { return fail(to_mistake(failure)); }

  // Counts one repetition of something; false when the time is up or the memory used.
  bool spend() { return --steps_until_check > 0 || check_budget(); }
  bool check_budget();
  // Whether so much more may be built.
  bool has_room(std::size_t bytes) {
    return arena.bytes_used() - bytes_at_start + bytes <= scope.budget.bytes_max ||
           memory_used_up();
  }
  bool memory_used_up();
  Value too_deep();
  // Whether a list that is being collected is still within the memory.
  bool fits(const std::vector<Value>& list) {
    return list.size() <= scope.budget.bytes_max / sizeof(Value) ||
           has_room(scope.budget.bytes_max);
  }

  // New strings, arrays and objects of the arena. They fail when the memory is used up.
  Value string(std::string_view text);
  Value array(std::span<const Value> elements, std::uint8_t flags);
  // A sequence as evaluating a path ends with: nothing, the one item, or an array.
  Value sequence(const std::vector<Value>& items);
  // Keys are distinct; room for at least one entry, so that objects have identities.
  Value object(std::span<const Entry> entries);
  Function* make_function(Function::Kind kind);
  Frame* make_frame(Frame* parent, std::size_t slots, bool captured);

  const Program& program;
  const Scope& scope;
  json::Arena& arena;
  Frame* frame = nullptr;
  int depth = 0;
  int depth_max;
  // Nested calls take stack even where no evaluation nests: a chain of partial applications.
  int calls = 0;
  int calls_max;
  int steps_until_check;
  std::size_t bytes_at_start;
  // Set when it is first looked at: short evaluations never ask what time it is.
  std::optional<std::chrono::steady_clock::time_point> deadline;
  // By the numbers of the program's names.
  ShortList<GlobalUse, 8> globals;
  // The functions of regular expressions that none but a built-in function sees, by number.
  ShortList<const Function*, 4> regexes;
  ScratchLists& scratch;
  PendingCall& pending;
  Mistake& mistake;  // of the last failure
  FrameStack& frames;
  // Takes in what $eval compiled: functions made there may live on.
  void adopt(std::shared_ptr<const Program> evaluated);
  std::span<const std::string_view> global_names() const {
    return evaluated_programs.empty() ? program.globals : evaluated_programs.back()->globals;
  }

  std::vector<std::shared_ptr<const Program>> evaluated_programs;

 private:
  const FrameStack::Mark frames_before_;

  Evaluation(const Program& the_program, const Scope& the_scope, json::Arena& the_arena,
             Workspace& workspace);
  void bind_globals(std::span<const std::string_view> names);
};

class ScratchList {
 public:
  explicit ScratchList(Evaluation& evaluation)
      : scratch_(evaluation.scratch), list_(scratch_.take()) {}
  ~ScratchList() { scratch_.give_back(); }
  ScratchList(const ScratchList&) = delete;
  ScratchList& operator=(const ScratchList&) = delete;
  std::vector<Value>* operator->() { return &list_; }
  std::vector<Value>& operator*() { return list_; }

 private:
  ScratchLists& scratch_;
  std::vector<Value>& list_;
};

// What a node comes to, given `$`.
Value evaluate(Evaluation& evaluation, const Node& node, Value input);

// The same without a call, for the operands that most expressions are made of.
inline Value operand_value(Evaluation& evaluation, const Node& node, Value input);

// The same, but a sequence as such: for what looks at its items.
Value evaluate_raw(Evaluation& evaluation, const Node& node, Value input);

// The text of a key, or a name, is mostly short: no call for it.
inline bool same_text(const char* left, const char* right, std::size_t size) {
  const auto same = [left, right]<class Word>(Word, std::size_t at) {
    Word one;
    Word other;
    std::memcpy(&one, left + at, sizeof one);
    std::memcpy(&other, right + at, sizeof other);
    return one == other;
  };
  if (size > 16) return std::memcmp(left, right, size) == 0;
  if (size >= 8) return same(std::uint64_t{}, 0) && same(std::uint64_t{}, size - 8);
  if (size >= 4) return same(std::uint32_t{}, 0) && same(std::uint32_t{}, size - 4);
  for (std::size_t at = 0; at < size; ++at) {
    if (left[at] != right[at]) return false;
  }
  return true;
}

// Looks a member up beyond the place of the hint, which is changed to where it was found.
const Value* search_member(const Value& object, std::string_view name, const Hint& hint);

// Finds a member, and remembers its place in `hint`: the objects of a list are mostly alike.
inline const Value* find_member(const Value& object, std::string_view name, const Hint& hint) {
  const std::uint32_t place = hint.get();
  if (place < object.size()) {
    const Entry& entry = object.entries()[place];
    if (entry.key.size() == name.size() &&
        same_text(entry.key.characters(), name.data(), name.size())) {
      return &entry.value;
    }
  }
  return search_member(object, name, hint);
}

// A variable's value, where there is nothing to do but to read it; else kUnbound.
inline Value bound_value(Evaluation& evaluation, const Node& node) {
  Value value = Value::of_tag(Tag::kUnbound);
  if (node.op == Op::kVariable) {
    const auto& variable = static_cast<const Variable&>(node);
    if (variable.hops == 0) value = evaluation.frame->slots()[variable.slot];
  } else if (node.op == Op::kGlobal) {
    value = evaluation.globals[static_cast<const Global&>(node).number].bound;
  }
  return value.is_sequence() ? Value::of_tag(Tag::kUnbound) : value;
}

[[gnu::always_inline]] inline Value operand_value(Evaluation& evaluation, const Node& node,
                                                  Value input) {
  if (node.op == Op::kConstant) return static_cast<const Constant&>(node).value;
  if (node.op == Op::kField && input.is_object()) {
    const auto& field = static_cast<const Field&>(node);
    const Value* found = find_member(input, field.name, field.hint);
    if (found == nullptr) return Value::undefined();
    if (!found->is_array()) return *found;
  } else if (node.op == Op::kVariable) {
    const Value value = bound_value(evaluation, node);
    if (value.tag() != Tag::kUnbound) return value;
  }
  return evaluate(evaluation, node, input);
}

// A sequence of one, or none, stands for its item, or nothing.
inline Value unwrap(Value value) {
  if (value.tag() != Tag::kArray || !value.has(Value::kSequence) || value.size() > 1) {
    return value;
  }
  if (value.size() == 0) return Value::undefined();
  return value.flags() & Value::kKeepSingleton ? value : value.elements()[0];
}

// $boolean; undefined counts as false. Fails for infinite numbers (D1001): kFailed.
Value to_boolean(Evaluation& evaluation, const Value& value);

// A number that may be computed with; D1001 for infinities. NaN is none.
enum class Numeric { kYes, kNo, kFailed };
Numeric numeric(Evaluation& evaluation, const Value& value, double& real);

}  // namespace pawl::jsonata
