#include "base/ascii.h"

#include <algorithm>

namespace pawl {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& byte : lower) byte = lower_case(byte);
  return lower;
}

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& byte : upper) byte = upper_case(byte);
  return upper;
}

std::string lower_first(std::string_view text) {
  std::string lower(text);
  if (!lower.empty()) lower.front() = lower_case(lower.front());
  return lower;
}

bool equal_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char one, char other) { return lower_case(one) == lower_case(other); });
}

std::string_view trimmed(std::string_view text, std::string_view blanks) {
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace pawl
