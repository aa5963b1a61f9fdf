// Functions as values, and their calls, while an expression runs; internal to the layer.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "jsonata/program_nodes.h"

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

// A built-in function that the expression names: as a value, once it is one, and who called it
// last.
struct NativeUse {
  Function* made = nullptr;
  const Call* caller = nullptr;
};

// What a name stands for that the expression does not bind: what the scope does, else a built-in
// function, else nothing.
struct GlobalUse {
  Value bound = Value::of_tag(Tag::kUnbound);
  NativeUse native;
};

}  // namespace pawl::jsonata
