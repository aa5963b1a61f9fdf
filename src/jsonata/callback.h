// Functions that functions are given: called with as many arguments as they want to see.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "jsonata/nodes.h"

namespace pawl::jsonata {

class Callback {
 public:
  // Passes as many arguments as the function wants to see: at least `least`, at most `offered`.
  Callback(Evaluation& evaluation, const Value& function, int offered, int least = 1);
  ~Callback() {
    if (frame_ != nullptr) evaluation_.frames.release(mark_);
  }
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  template <class... Arguments>
  Value operator()(const Arguments&... arguments) {
    const std::array<Value, sizeof...(Arguments)> all{arguments...};
    if (!evaluation_.spend()) return Value::failed();
    const auto passed = std::span(all).first(std::min(passed_, all.size()));
    return frame_ != nullptr ? run_lambda(passed)
                             : apply_function(evaluation_, function_, passed, Value::null());
  }

 private:
  Value run_lambda(std::span<const Value> arguments);

  Evaluation& evaluation_;
  const Value function_;
  const std::size_t passed_;
  const FrameStack::Mark mark_;
  // Of a lambda whose frame nobody holds on to: it serves all calls.
  const Function* lambda_ = nullptr;
  Frame* frame_ = nullptr;
  int calls_ = 1;  // that one call counts for
};

// JavaScript's truth, by which $sort takes a comparison's answer: every object and array is true.
inline bool is_truthy(const Value& value) {
  switch (value.tag()) {
    case Tag::kNull:
    case Tag::kUndefined:
      return false;
    case Tag::kBoolean:
      return value.truth();
    case Tag::kString:
      return value.size() > 0;
    case Tag::kReal:
    case Tag::kNumberText:
      return value.to_real() != 0.0 && !std::isnan(value.to_real());
    default:
      return true;
  }
}

}  // namespace pawl::jsonata
