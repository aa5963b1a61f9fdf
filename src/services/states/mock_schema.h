// The result that a mock gives a Task state, held against what the service's API answers
// (step-functions.md A4.35).
#pragma once

#include <optional>
#include <string>

#include "asl/model.h"
#include "json/node.h"

namespace pawl::states {

// STRICT wants every required field, PRESENT looks only at those that are there, NONE at nothing.
enum class FieldValidation { kStrict, kPresent, kNone };

// What the service says is wrong with the result, or nothing. Operations whose shapes are not known
// here (mock_shapes.h) are not checked.
std::optional<std::string> check_mock(const asl::TaskResource& resource, json::Node result,
                                      FieldValidation validation);

}  // namespace pawl::states
