// Result<T, E>: a value or an expected failure of our own code. Failures are values here: nothing
// throws through the core (docs/adr, architecture decision D13). E is the layer's own error struct.
#pragma once

#include <utility>
#include <variant>

#include "base/ensure.h"

namespace pawl {

// Wraps an error so that `return Err{...}` says which side of a Result is meant.
template <class E>
struct Err {
  E error;
};
template <class E>
Err(E) -> Err<E>;

template <class T, class E>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  template <class F>
  Result(Err<F> failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Asking for the side that is not there is a bug, and aborts.
  const T& value() const& {
    ENSURE(ok());
    return *std::get_if<0>(&state_);
  }
  T& value() & {
    ENSURE(ok());
    return *std::get_if<0>(&state_);
  }
  T value() && {
    ENSURE(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  const E& error() const& {
    ENSURE(!ok());
    return *std::get_if<1>(&state_);
  }
  E error() && {
    ENSURE(!ok());
    return std::move(*std::get_if<1>(&state_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
 public:
  Result() = default;
  template <class F>
  Result(Err<F> failure) : error_(std::in_place_index<1>, std::move(failure.error)) {}

  bool ok() const { return error_.index() == 0; }
  explicit operator bool() const { return ok(); }
  void value() const { ENSURE(ok()); }
  const E& error() const& {
    ENSURE(!ok());
    return *std::get_if<1>(&error_);
  }
  E error() && {
    ENSURE(!ok());
    return std::move(*std::get_if<1>(&error_));
  }

 private:
  std::variant<std::monostate, E> error_;
};

}  // namespace pawl

// TRY(expr): the value of a Result, or return its error from the enclosing function.
#define PAWL_CONCAT_INNER(a, b) a##b
#define PAWL_CONCAT(a, b) PAWL_CONCAT_INNER(a, b)
#define PAWL_TRY(name, ...)                                      \
  __extension__({                                                \
    auto name = (__VA_ARGS__);                                   \
    if (!name.ok()) return ::pawl::Err{std::move(name).error()}; \
    std::move(name).value();                                     \
  })
#define TRY(...) PAWL_TRY(PAWL_CONCAT(try_result_, __COUNTER__), __VA_ARGS__)
