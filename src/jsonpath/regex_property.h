// The character properties of java.util.regex, \p{Name}, in PCRE2's notation. Internal to
// java_regex.cc.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pawl::jsonpath {

// What stands between the brackets of PCRE2's class; nothing for a name that Java does not know.
// `either_case`: cased properties hold for the other case too. Unicode blocks (\p{InGreek}) are
// not known here.
std::optional<std::string> property_class(std::string_view name, bool either_case);

}  // namespace pawl::jsonpath
