// java.util.regex's notation -> PCRE2's. Internal to pattern.cc.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "jsonpath/pattern.h"

namespace pawl::jsonpath {

// To be compiled without PCRE2_CASELESS: letters in either case come out as classes, because Java
// knows the other case of ASCII letters only. What Java refuses is refused in its words; an
// expression that passes may still be beyond PCRE2.
Result<std::string, Exception> to_pcre2(std::string_view expression, Letters letters);

}  // namespace pawl::jsonpath
