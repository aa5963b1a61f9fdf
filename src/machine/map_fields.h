// What inline and distributed Map states share: their items, and the numbers that may stand behind
// a path or a JSONata expression.
#pragma once

#include <string_view>

#include "machine/payload.h"

namespace pawl::machine {

// The array that is mapped over: ItemsPath, Items, or the input.
Result<Payload, Failure> items_of(Evaluation& evaluation, const asl::MapState& state);

// The value of the field `name` ("MaxConcurrency"); a number as text counts as one where a path
// leads to it.
Result<std::int64_t, Failure> integer_of(Evaluation& evaluation, const asl::NumberField& field,
                                         std::string_view name);
Result<double, Failure> real_of(Evaluation& evaluation, const asl::NumberField& field,
                                std::string_view name);
// A value that the field may not have: `cause` says why.
Failure field_failure(Evaluation& evaluation, const asl::NumberField& field,
                      std::string_view cause);

// MaxConcurrency; 0 stands for no limit of the state's own.
Result<std::int64_t, Failure> max_concurrency(Evaluation& evaluation, const asl::MapState& state);

}  // namespace pawl::machine
