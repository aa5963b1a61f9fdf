// ENSURE(condition, values...): an invariant of our own code. When it does not hold, the process
// prints the condition, the place and the values, and aborts; in release builds too, because going
// on with a broken invariant could write a wrong fact to disk.
#pragma once

#include <sstream>
#include <string>

namespace pawl {

[[noreturn]] void ensure_failed(const char* condition, const char* file, int line,
                                const std::string& values);

namespace detail {
template <class... Values>
std::string print_values(const Values&... values) {
  std::ostringstream out;
  ((out << ' ' << values), ...);
  return out.str();
}
}  // namespace detail

}  // namespace pawl

#define ENSURE(condition, ...)                                          \
  do {                                                                  \
    if (!(condition)) [[unlikely]]                                      \
      ::pawl::ensure_failed(#condition, __FILE__, __LINE__,             \
                            ::pawl::detail::print_values(__VA_ARGS__)); \
  } while (false)
