#include "jsonata/letter_case.h"

#include <algorithm>
#include <span>

#include "jsonata/case_tables.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

constexpr char32_t kCapitalSigma = 0x03A3;
constexpr char32_t kFinalSigma = 0x03C2;

bool contains_code(std::span<const CodeRange> ranges, char32_t code) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), code,
                       [](char32_t value, const CodeRange& range) { return value < range.first; });
  return after != ranges.begin() && code <= std::prev(after)->last;
}

void append_mapped(const CaseTable& table, char32_t code, std::string& out) {
  const auto text =
      std::lower_bound(table.texts.begin(), table.texts.end(), code,
                       [](const CaseText& entry, char32_t value) { return entry.code < value; });
  if (text != table.texts.end() && text->code == code) {
    out += text->text;
    return;
  }
  const auto after =
      std::upper_bound(table.runs.begin(), table.runs.end(), code,
                       [](char32_t value, const CaseRun& run) { return value < run.first; });
  if (after != table.runs.begin()) {
    const CaseRun& run = *std::prev(after);
    if (code <= run.last && (code - run.first) % run.stride == 0) {
      code = static_cast<char32_t>(static_cast<std::int32_t>(code) + run.delta);
    }
  }
  append_character(code, out);
}

// The Unicode Standard, section 3.13, Final_Sigma: behind a cased letter and not before one, case-
// ignorable characters aside.
bool is_final(std::string_view text, std::size_t sigma, std::size_t size) {
  bool behind_cased = false;
  for (std::size_t at = sigma; at > 0;) {
    at = previous_character(text, at);
    const char32_t code = character_at(text, at).code;
    if (contains_code(kCaseIgnorableRanges, code)) continue;
    behind_cased = contains_code(kCasedRanges, code);
    break;
  }
  if (!behind_cased) return false;
  for (std::size_t at = sigma + size; at < text.size();) {
    const Character next = character_at(text, at);
    if (!contains_code(kCaseIgnorableRanges, next.code)) {
      return !contains_code(kCasedRanges, next.code);
    }
    at += next.size;
  }
  return true;
}

char ascii_upper(char letter) {
  return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 0x20) : letter;
}
char ascii_lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 0x20) : letter;
}

}  // namespace

std::string to_uppercase(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (character.code < 0x80) {
      out += ascii_upper(text[at]);
    } else {
      append_mapped(kUpperTable, character.code, out);
    }
    at += character.size;
  }
  return out;
}

std::string to_lowercase(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    if (character.code < 0x80) {
      out += ascii_lower(text[at]);
    } else if (character.code == kCapitalSigma && is_final(text, at, character.size)) {
      append_character(kFinalSigma, out);
    } else {
      append_mapped(kLowerTable, character.code, out);
    }
    at += character.size;
  }
  return out;
}

}  // namespace pawl::jsonata
