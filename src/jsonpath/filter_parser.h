// `[?(@.a == 1 && @.b)]` -> Filter, as Jayway 2.0.0 splits it. Internal to the layer.
#pragma once

#include <string_view>

#include "base/result.h"
#include "jsonpath/path_parser.h"
#include "jsonpath/program.h"

namespace pawl::jsonpath {

// The part of `fragment` that is the filter whose `?` stands at `at`, from its `[` to its `]`.
Result<std::string_view, Exception> filter_bounds(std::string_view fragment, std::size_t at);

Result<Filter, Exception> parse_filter(std::string_view text, Numbering& numbering);

}  // namespace pawl::jsonpath
