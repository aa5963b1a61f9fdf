// One evaluation of a Program: what its nodes share while they run; internal to the layer.
//
// Functions answer a Value. A failure is a Value too (Tag::kFailed), with the reason in
// Evaluation::mistake: nested evaluation is deep and hot, and a tag is looked at in no time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jsonata/program.h"
#include "jsonata/value.h"

// The value of `expr`, or on failure the enclosing function answers that.
#define PAWL_VALUE(name, expr)                  \
  __extension__({                               \
    const ::pawl::jsonata::Value name = (expr); \
    if (name.is_failed()) return name;          \
    name;                                       \
  })
#define VALUE(...) PAWL_VALUE(PAWL_CONCAT(value_, __COUNTER__), (__VA_ARGS__))

namespace pawl::jsonata {

struct Native;

// The variables of a running lambda, or of a scope that a lambda may hold on to.
struct Frame {
  Frame* parent;

  // As many as the scope has.
  Value* slots() { return reinterpret_cast<Value*>(this + 1); }
};

struct Function {
  enum class Kind : std::uint8_t {
    kNative,
    kLambda,
    kPartial,
    kRegex,
    kTransform,
    kClosure,
    kChain
  };
  Kind kind = Kind::kNative;
  const Native* native = nullptr;
  const Lambda* lambda = nullptr;
  const Regex* regex = nullptr;
  std::uint32_t regex_position = 0;
  const Transform* transform = nullptr;
  Frame* frame = nullptr;  // where it was made
  Value input;             // `$` there
  // kPartial: the function and its arguments, kUnbound where they are open. kClosure: the function
  // that was passed as an argument. kChain: the first function, then the second.
  const Function* inner = nullptr;
  const Function* second = nullptr;
  std::span<const Value> arguments;
  // Who called it last: errors inside are reported there.
  mutable std::string_view token;
  mutable std::uint32_t position = 0;
};

// The call that a lambda's body ends with; it replaces the lambda (tail call).
struct PendingCall {
  Value procedure;
  std::string_view token;
  std::uint32_t position = 0;
  const Call* call = nullptr;
  std::vector<Value> arguments;
};

// Lists that are in use last in, first out, and keep their room.
class ScratchLists {
 public:
  std::vector<Value>& take() {
    if (used_ == lists_.size()) lists_.push_back(std::make_unique<std::vector<Value>>());
    return *lists_[used_++];
  }
  void give_back() { lists_[--used_]->clear(); }

 private:
  std::vector<std::unique_ptr<std::vector<Value>>> lists_;
  std::size_t used_ = 0;
};

// Frames that nobody holds on to, last in, first out. The first lie in the object itself: most
// expressions need no more.
class FrameStack {
 public:
  struct Mark {
    std::size_t block;
    std::size_t used;
  };
  Mark mark() const { return {block_, used_}; }
  void release(Mark mark) {
    block_ = mark.block;
    used_ = mark.used;
  }
  void* take(std::size_t bytes);

 private:
  static constexpr std::size_t kFirstBytes = 1024;
  static constexpr std::size_t kBlockBytes = 1u << 16;

  alignas(16) std::byte first_[kFirstBytes];
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::size_t block_ = 0;  // 0: `first_`
  std::size_t used_ = 0;
};

struct Evaluation {
  Evaluation(const Program& the_program, const Scope& the_scope, json::Arena& the_arena);

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
  bool has_room(std::size_t bytes);
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
  std::vector<Value> globals;
  std::vector<Hint> hints;
  std::vector<Function*> natives;  // by Native's number, made on demand
  ScratchLists scratch;
  FrameStack frames;
  PendingCall pending;
  Mistake mistake;
  // Takes in what $eval compiled: functions made there may live on.
  void adopt(std::shared_ptr<const Program> evaluated);
  void bind_globals(std::span<const std::string_view> names);

  std::vector<std::string_view> global_names;  // by number
  std::vector<std::shared_ptr<const Program>> evaluated_programs;
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

// The same, but a sequence as such: for what looks at its items.
Value evaluate_raw(Evaluation& evaluation, const Node& node, Value input);

// A sequence of one, or none, stands for its item, or nothing.
inline Value unwrap(Value value) {
  if (value.tag != Tag::kArray || (value.flags & Value::kSequence) == 0 || value.size > 1) {
    return value;
  }
  if (value.size == 0) return Value::undefined();
  return value.flags & Value::kKeepSingleton ? value : value.elements[0];
}

// $boolean; undefined counts as false. Fails for infinite numbers (D1001): kFailed.
Value to_boolean(Evaluation& evaluation, const Value& value);

// A number that may be computed with; D1001 for infinities. NaN is none.
enum class Numeric { kYes, kNo, kFailed };
Numeric numeric(Evaluation& evaluation, const Value& value, double& real);

}  // namespace pawl::jsonata
