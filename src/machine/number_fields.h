// Numbers of a state that may stand behind a path or a JSONata expression.
#pragma once

#include <cstdint>
#include <string_view>

#include "machine/payload.h"

namespace pawl::machine {

// The value of the field `name` ("MaxConcurrency"); a number as text counts as one where a path
// leads to it. What is behind the path is refused in the words recorded of Map's fields
// (conformance FACTS, "The MaxConcurrencyPath field refers to value").
Result<std::int64_t, Failure> integer_of(Evaluation& evaluation, const asl::NumberField& field,
                                         std::string_view name);
Result<double, Failure> real_of(Evaluation& evaluation, const asl::NumberField& field,
                                std::string_view name);
// A value that the field may not have: `cause` says why.
Failure field_failure(Evaluation& evaluation, const asl::NumberField& field,
                      std::string_view cause);

}  // namespace pawl::machine
