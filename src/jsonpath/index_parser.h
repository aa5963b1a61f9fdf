// What a bracket with numbers means: `[1]`, `[0,2]`, `[1:]`, `[:-1]`, `[(@.length-1)]`. Internal.
#pragma once

#include <string_view>

#include "base/result.h"
#include "jsonpath/program.h"

namespace pawl::jsonpath {

// `fragment` is the whole bracket; `at` its first digit, `:`, `-` or `@`.
Result<Step, Exception> parse_indexes(std::string_view fragment, std::size_t at);

}  // namespace pawl::jsonpath
