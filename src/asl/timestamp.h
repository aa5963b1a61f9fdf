// Timestamps as the States Language spells them (spec, "Timestamps"; RFC 3339 section 5.6).
#pragma once

#include <string_view>

namespace pawl::asl {

// "2016-03-14T01:59:00Z": upper-case T, and Z or a numeric offset; a fraction of any length.
bool is_timestamp(std::string_view text);

}  // namespace pawl::asl
