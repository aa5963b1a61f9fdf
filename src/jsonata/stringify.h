// $string, and how values are shown in messages.
#pragma once

#include <cstddef>
#include <string>

#include "jsonata/evaluation.h"

namespace pawl::jsonata {

enum class Layout { kCompact, kIndented };

// Appends what $string(value) gives: a string as it is, numbers rounded to 15 digits, functions as
// "". False: D3001 or D1001, or the text is too large; nothing is appended for undefined.
bool append_string(Evaluation& evaluation, const Value& value, Layout layout, std::string& out);

// JSON for a message, as JSON.stringify gives it; cut at about `bytes_max`.
std::string shown_text(const Value& value, std::size_t bytes_max);

}  // namespace pawl::jsonata
