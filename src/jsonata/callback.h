// Functions that functions are given: called with as many arguments as they want to see.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "jsonata/nodes.h"

namespace pawl::jsonata {

class Callback {
 public:
  // Passes at least one argument, at most `offered`.
  Callback(Evaluation& evaluation, const Value& function, int offered)
      : evaluation_(evaluation),
        function_(function),
        passed_(static_cast<std::size_t>(std::clamp(arity_of(function), 1, offered))) {}

  template <class... Arguments>
  Value operator()(const Arguments&... arguments) {
    const std::array<Value, sizeof...(Arguments)> all{arguments...};
    if (!evaluation_.spend()) return Value::failed();
    return apply_function(evaluation_, function_,
                          std::span(all).first(std::min(passed_, all.size())), Value::null());
  }

 private:
  Evaluation& evaluation_;
  const Value function_;
  const std::size_t passed_;
};

// JavaScript's truth, by which $sort takes a comparison's answer: every object and array is true.
inline bool is_truthy(const Value& value) {
  switch (value.tag) {
    case Tag::kNull:
    case Tag::kUndefined:
      return false;
    case Tag::kBoolean:
      return value.truth;
    case Tag::kString:
      return value.size > 0;
    case Tag::kReal:
    case Tag::kNumberText:
      return value.to_real() != 0.0 && !std::isnan(value.to_real());
    default:
      return true;
  }
}

}  // namespace pawl::jsonata
