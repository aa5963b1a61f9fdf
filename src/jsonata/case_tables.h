// The case mappings of the characters beyond ASCII, sorted by code. Internal to letter_case.cc.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pawl::jsonata {

// first, first + stride ... last each map to the character `delta` further on.
struct CaseRun {
  char32_t first;
  char32_t last;
  char32_t stride;
  std::int32_t delta;
};
// A character that maps to several.
struct CaseText {
  char32_t code;
  std::string_view text;
};
struct CaseTable {
  std::span<const CaseRun> runs;
  std::span<const CaseText> texts;
};
struct CodeRange {
  char32_t first;
  char32_t last;
};

extern const CaseTable kUpperTable;
extern const CaseTable kLowerTable;
// Unicode's Case_Ignorable, and Cased without those.
extern const std::span<const CodeRange> kCaseIgnorableRanges;
extern const std::span<const CodeRange> kCasedRanges;

}  // namespace pawl::jsonata
