// How Jackson (2.13 and later) shows where in a String a syntax error is; the service passes it on.
#pragma once

#include <string>

#include "json/value.h"

namespace pawl::asl {

// `[Source: (String)"not a definition"; line: 1, column: 4]`: at most the first 500 characters of
// `text`, control characters but line ends escaped.
std::string jackson_location(std::string_view text, const json::ParseError& error);

}  // namespace pawl::asl
