// What Java says: the texts that exceptions of the JDK and toString() of its values give. AWS shows
// Jayway's messages, and Jayway's messages carry them. Offsets are counted in UTF-16 units there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::jsonpath {

// An exception as its toString() shows it: "java.lang.NumberFormatException: For input ...".
struct Exception {
  std::string text;
};

namespace java {

std::size_t utf16_length(std::string_view text);

// String.charAt(at) beyond the end (or before the start, when negative) of `text`.
Exception no_char_at(std::string_view text, std::ptrdiff_t at);
// String.substring(begin, end) with end before begin.
Exception no_substring(std::string_view text, std::size_t begin, std::size_t end);
Exception unsupported_operation(std::string_view message);
Exception invalid_path(std::string_view message);

// String.trim(): everything up to U+0020 goes.
std::string_view trim(std::string_view text);
// Integer.parseInt.
Result<std::int32_t, Exception> parse_int(std::string_view text);

// String.compareTo: the order of UTF-16 units.
int compare(std::string_view left, std::string_view right);

// How containers are written: as java.util's maps and lists write themselves, `{a=1, b=[x]}`, or as
// Jackson's nodes do, which is JSON.
enum class Notation { kCollections, kJackson };
// String.valueOf of what Jackson makes of the value. A text alone comes without quotes.
std::string text_of(json::Node value, Notation notation);
// Like text_of for Jackson's own node types: a text alone comes in quotes.
std::string text_of_wrapped(json::Node value);

}  // namespace java
}  // namespace pawl::jsonpath
