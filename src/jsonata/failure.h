// How a pure function of the library refuses: jsonata-js's code, and what its message names. The
// evaluator makes an Error of it (text, token, position).
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace pawl::jsonata {

struct Failure {
  // Of static storage: "D3130". Empty where the reference fails without one; `value` is then the
  // message.
  std::string_view code;
  // What `{{value}}` stands for.
  std::variant<std::monostate, double, std::string> value = {};
};

}  // namespace pawl::jsonata
