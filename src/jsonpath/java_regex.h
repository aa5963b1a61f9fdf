// java.util.regex's notation -> PCRE2's, where the two differ. Internal to pattern.cc.
#pragma once

#include <string>
#include <string_view>

#include "jsonpath/pattern.h"

namespace pawl::jsonpath {

// What PCRE2 has no notation for (classes in classes) comes out as text that does not compile.
std::string to_pcre2(std::string_view expression, Letters letters);

}  // namespace pawl::jsonpath
