// The Context Object of a state under test: a given one, checked, or one made up
// (step-functions.md A4.37, B8).
#pragma once

#include <string_view>

#include "base/result.h"
#include "runtime/operations.h"
#include "services/states/test_run.h"

namespace pawl::states {

// `context` as it was given to TestState, or ValidationException in AWS's words.
Result<json::Value, runtime::ServiceError> read_test_context(std::string_view context,
                                                             const asl::State& state);

// What the state sees when no Context Object is given. A state inside a Map's item processor is at
// its first item.
json::Value make_test_context(const TestRequest& request, WallMillis now);

}  // namespace pawl::states
