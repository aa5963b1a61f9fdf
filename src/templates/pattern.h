// Regular expressions of templates, matched within a bound whatever they are.
#pragma once

#include <optional>
#include <string_view>

namespace pawl::templates {

// Whether the whole of `text` matches; nothing when `pattern` is no regular expression. A match
// that takes too many steps is none.
std::optional<bool> matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace pawl::templates
