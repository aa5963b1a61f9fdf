// ECMAScript's notation of regular expressions (ECMA-262 with Annex B, without the flags u and v)
// -> PCRE2's. Internal to regex.cc.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace pawl::jsonata {

enum class Lines { kOne, kMany };  // flag m: `^` and `$` match at each line's ends

enum class Letters { kAsWritten, kEitherCase };  // flag i

// To be compiled with PCRE2_UTF, PCRE2_DOLLAR_ENDONLY, PCRE2_MATCH_UNSET_BACKREF and
// PCRE2_ALLOW_EMPTY_CLASS (and PCRE2_CASELESS), and matched against with_surrogates(text). The
// error is in V8's words: "Unterminated group".
Result<std::string, std::string> to_pcre2(std::string_view body, Letters letters, Lines lines);

}  // namespace pawl::jsonata
