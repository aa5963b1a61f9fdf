// $uppercase and $lowercase: Unicode's full case mapping, of no language in particular
// (ECMA-262, String.prototype.toUpperCase; the tables: case_tables.cc).
#pragma once

#include <string>
#include <string_view>

namespace pawl::jsonata {

std::string to_uppercase(std::string_view text);
std::string to_lowercase(std::string_view text);

}  // namespace pawl::jsonata
