// Reads strings, numbers and words as Jackson does, to say what is wrong with them.
#pragma once

#include <cstdint>
#include <string_view>

#include "json/traced_text.h"

namespace pawl::json {

inline constexpr std::string_view kValidValues =
    "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

enum class StringPlace { kName, kValue };

// Behind the opening quote.
Checked diagnose_string(TracedText& in, StringPlace place);
// Behind the minus sign, or at the first digit.
Checked diagnose_number(TracedText& in);
// Behind the first letter of `word`, which may go on otherwise.
Checked diagnose_word(TracedText& in, std::string_view word);
// Behind `code`, with which no value begins.
Checked diagnose_odd_value(TracedText& in, std::uint32_t code);

}  // namespace pawl::json
