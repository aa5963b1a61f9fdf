// ASCII letters and digits, of which the words and names of protocols are made. No locale has a say
// here; a byte of any other character is none of these and stays as it is.
#pragma once

#include <string>
#include <string_view>

namespace pawl {

constexpr bool is_upper_case(char byte) { return byte >= 'A' && byte <= 'Z'; }
constexpr bool is_lower_case(char byte) { return byte >= 'a' && byte <= 'z'; }
constexpr bool is_letter(char byte) { return is_upper_case(byte) || is_lower_case(byte); }
constexpr bool is_digit(char byte) { return byte >= '0' && byte <= '9'; }
constexpr bool is_letter_or_digit(char byte) { return is_letter(byte) || is_digit(byte); }

constexpr char lower_case(char byte) {
  return is_upper_case(byte) ? static_cast<char>(byte + ('a' - 'A')) : byte;
}
constexpr char upper_case(char byte) {
  return is_lower_case(byte) ? static_cast<char>(byte - ('a' - 'A')) : byte;
}
std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);
// "RoleName" -> "roleName".
std::string lower_first(std::string_view text);

bool equal_ignoring_case(std::string_view left, std::string_view right);

// Without the blanks at both ends: a part of `text`, empty where all of it is blank.
std::string_view trimmed(std::string_view text, std::string_view blanks = " ");

}  // namespace pawl
