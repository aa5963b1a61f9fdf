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

// Whether it is a document's number whose text is what $string gives.
inline bool is_integer_text(const Value& value) {
  constexpr std::size_t kDigitsMax = 15;
  if (value.tag() != Tag::kNumberText || value.size() > kDigitsMax) return false;
  if (value.characters()[0] == '0' && value.size() > 1) return false;
  for (const char character : value.text()) {
    if (character < '0' || character > '9') return false;
  }
  return true;
}

// JSON for a message, as JSON.stringify gives it; cut at about `bytes_max`.
std::string shown_text(const Value& value, std::size_t bytes_max);

}  // namespace pawl::jsonata
