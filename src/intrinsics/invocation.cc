#include "intrinsics/invocation.h"

#include <cmath>
#include <limits>

#include "json/number.h"

namespace pawl::intrinsics {
namespace {

std::optional<std::int32_t> to_int(double value) {
  using Limits = std::numeric_limits<std::int32_t>;
  if (!(value >= Limits::min() && value <= Limits::max())) return std::nullopt;
  return static_cast<std::int32_t>(value);
}

}  // namespace

std::optional<std::int32_t> Invocation::truncated(std::size_t index) const {
  if (!arguments[index].is_number()) return std::nullopt;
  return to_int(std::trunc(json::to_double(arguments[index].number_text())));
}

std::optional<std::int32_t> Invocation::rounded(std::size_t index) const {
  if (!arguments[index].is_number()) return std::nullopt;
  const double value = json::to_double(arguments[index].number_text());
  const double floor = std::floor(value);
  return to_int(value - floor >= 0.5 ? floor + 1 : floor);
}

Err<Failure> Invocation::invalid() const {
  return Err{Failure{Failure::Stage::kFunction,
                     "Invalid arguments in " + std::string(name_of(call.function))}};
}

Err<Failure> Invocation::invalid(const std::string& why) const {
  return Err{Failure{Failure::Stage::kFunction, why}};
}

}  // namespace pawl::intrinsics
