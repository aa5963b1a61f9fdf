#include "jsonpath/regex_property.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pawl::jsonpath {
namespace {

// POSIX classes of java.util.regex.Pattern; ASCII only, as there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kPosix{{
    {"Lower", "a-z"},
    {"Upper", "A-Z"},
    {"ASCII", "\\x{00}-\\x{7f}"},
    {"Alpha", "a-zA-Z"},
    {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"},
    {"Punct", "!-/:-@\\[-`{-~"},
    {"Graph", "!-~"},
    {"Print", " -~"},
    {"Blank", " \\t"},
    {"Cntrl", "\\x{00}-\\x{1f}\\x{7f}"},
    {"XDigit", "0-9a-fA-F"},
    {"Space", " \\t\\n\\x{0b}\\f\\r"},
}};

// Names that are Java's own. Of java.lang.Character's predicates only the usual ones.
constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kNamed{{
    {"L1", "\\x{00}-\\x{ff}"},
    {"LC", "\\p{Lu}\\p{Ll}\\p{Lt}"},
    {"LD", "\\p{L}\\p{Nd}"},
    {"all", "\\x{00}-\\x{10ffff}"},
    {"IsAlphabetic", "\\p{L}\\p{Nl}"},
    {"IsDigit", "\\p{Nd}"},
    {"IsLetter", "\\p{L}"},
    {"IsLowercase", "\\p{Ll}"},
    {"IsUppercase", "\\p{Lu}"},
    {"IsPunctuation", "\\p{P}"},
    {"IsWhite_Space", "\\x{09}-\\x{0d}\\x{85}\\p{Z}"},
    {"javaLowerCase", "\\p{Ll}"},
    {"javaUpperCase", "\\p{Lu}"},
    {"javaLetter", "\\p{L}"},
}};

constexpr std::array<std::string_view, 37> kCategories{
    "C",  "L",  "M",  "N",  "P",  "S",  "Z",  "Cc", "Cf", "Cn", "Co", "Cs", "Ll",
    "Lm", "Lo", "Lt", "Lu", "Mc", "Me", "Mn", "Nd", "Nl", "No", "Pc", "Pd", "Pe",
    "Pf", "Pi", "Po", "Ps", "Sc", "Sk", "Sm", "So", "Zl", "Zp", "Zs"};

constexpr std::array<std::string_view, 12> kScripts{
    "Arabic", "Armenian", "Cyrillic", "Devanagari", "Georgian", "Greek",
    "Han",    "Hangul",   "Hebrew",   "Hiragana",   "Katakana", "Latin"};

template <typename List>
bool holds(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

std::optional<std::string> property_class(std::string_view name, bool either_case) {
  if (either_case) {
    if (name == "Lower" || name == "Upper") return "a-zA-Z";
    constexpr std::array<std::string_view, 10> kCased{
        "Lu",   "Ll",          "Lt",          "IsLu",          "IsLl",
        "IsLt", "IsLowercase", "IsUppercase", "javaLowerCase", "javaUpperCase"};
    if (holds(kCased, name)) return "\\p{Lu}\\p{Ll}\\p{Lt}";
  }
  for (const auto& [own, content] : kPosix) {
    if (name == own) return std::string(content);
  }
  for (const auto& [own, content] : kNamed) {
    if (name == own) return std::string(content);
  }
  const bool prefixed = name.starts_with("Is");
  const std::string_view plain = prefixed ? name.substr(2) : name;
  if (holds(kCategories, plain) || (prefixed && holds(kScripts, plain))) {
    return "\\p{" + std::string(plain) + "}";
  }
  return std::nullopt;
}

}  // namespace pawl::jsonpath
