// Functions over strings. Strings are WTF-8: UTF-8 in which a lone UTF-16 surrogate may stand, as
// three bytes. "Characters" are code points, "units" those of UTF-16.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::jsonata {

// $length.
std::size_t character_count(std::string_view text);
std::size_t utf16_length(std::string_view text);
// Units before the byte `offset`, which is a character's first.
std::size_t utf16_offset(std::string_view text, std::size_t offset);
// How `<` orders strings: by units. <0, 0, >0.
int compare_utf16(std::string_view left, std::string_view right);

// $substring: a part of `text` itself. A negative start counts from the end; fractions are cut.
std::string_view substring(std::string_view text, double start);
std::string_view substring(std::string_view text, double start, double length);
// $substringBefore, $substringAfter: all of `text` where `mark` is not in it. (Half of a character
// is not looked for within a character, as ECMAScript would: that part could not be a view.)
std::string_view substring_before(std::string_view text, std::string_view mark);
std::string_view substring_after(std::string_view text, std::string_view mark);
// $contains of a string; true for halves of a character too.
bool contains(std::string_view text, std::string_view part);

// $pad: to |width| characters, on the right, or when negative on the left. The caller bounds
// |width|.
std::string pad(std::string_view text, double width, std::string_view padding);
// $trim: single spaces for runs of blanks, tabs and line ends, none at either end.
std::string trim(std::string_view text);

// $split by a string: at most `limit` parts; an empty separator gives units. `limit` is not
// negative (D3020).
std::vector<std::string> split(std::string_view text, std::string_view separator,
                               std::optional<double> limit);
// $replace of a string, `limit` times, which is not negative (D3011). The pattern is not empty
// (D3010).
std::string replace(std::string_view text, std::string_view pattern, std::string_view replacement,
                    std::optional<double> limit);

}  // namespace pawl::jsonata
