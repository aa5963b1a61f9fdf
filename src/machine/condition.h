// The conditions of Choice rules (ASL, "Choice State"; truth tables: conformance choice_operators).
#pragma once

#include "machine/payload.h"

namespace pawl::machine {

// And and Or stop at the first operand that decides, so that IsPresent can guard what follows.
Result<bool, Failure> holds(const asl::Condition& condition, Evaluation& evaluation,
                            json::Node input);

// One comparison of a data test: values of other types than the operator's compare false, never
// fail. `operand` of the Is... tests is a boolean.
bool compares(asl::Comparison comparison, json::Node value, json::Node operand);

// `*` stands for any run of characters; a backslash before `*` or a backslash takes it literally.
bool matches_wildcards(std::string_view text, std::string_view pattern);

// By UTF-16 code units, as Java compares: differs from byte order beyond U+FFFF.
int compare_utf16(std::string_view left, std::string_view right);

}  // namespace pawl::machine
