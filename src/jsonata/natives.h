// The built-in functions: one table for all, in which a name has its signature and its code.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "jsonata/expression.h"
#include "jsonata/program_nodes.h"
#include "jsonata/signature.h"
#include "jsonata/value.h"

namespace pawl::jsonata {

struct Evaluation;

// What a built-in function gets. `arguments` are checked and as many as the signature has; the
// missing ones are undefined.
struct Invocation {
  Evaluation& evaluation;
  std::span<const Value> arguments;
  Value input;                 // `$` of the caller
  const Call* call = nullptr;  // if the expression calls it by name

  const Value& operator[](std::size_t index) const { return arguments[index]; }
  // What the text of the call says as a picture, if it does.
  inline const KeptPictures* pictures() const { return call != nullptr ? call->pictures : nullptr; }
};

using NativeCode = Value (*)(const Invocation&);

struct Native {
  std::string_view name;
  const char* signature_text;
  // How many arguments a function that takes functions passes to it: jsonata-js's `length`.
  int arity;
  NativeCode code;
  enum class Availability : std::uint8_t {
    kAlways,
    kFull,
    kStepFunctions
  } availability = Availability::kAlways;
  Signature signature = {};
};

// nullptr when there is no such function in the dialect.
const Native* find_native(std::string_view name, Dialect dialect);

}  // namespace pawl::jsonata
