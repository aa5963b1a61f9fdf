// How a pure function of the library refuses: jsonata-js's code, and what its message names. The
// evaluator makes an Error of it (text, token, position).
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace pawl::jsonata {

struct Failure {
  std::string_view code;  // of static storage: "D3130"
  // What `{{value}}` stands for; for D3137 the whole message.
  std::variant<std::monostate, double, std::string> value;
};

}  // namespace pawl::jsonata
