#include "jsonata/number_words.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "jsonata/letter_case.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

constexpr std::array<std::string_view, 20> kCardinals = {
    "Zero",     "One",     "Two",     "Three",     "Four",     "Five",    "Six",
    "Seven",    "Eight",   "Nine",    "Ten",       "Eleven",   "Twelve",  "Thirteen",
    "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"};
constexpr std::array<std::string_view, 20> kOrdinals = {
    "Zeroth",     "First",     "Second",    "Third",       "Fourth",     "Fifth",     "Sixth",
    "Seventh",    "Eighth",    "Ninth",     "Tenth",       "Eleventh",   "Twelfth",   "Thirteenth",
    "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"};
constexpr std::array<std::string_view, 8> kTens = {"Twenty", "Thirty",  "Forty",  "Fifty",
                                                   "Sixty",  "Seventy", "Eighty", "Ninety"};
constexpr std::array<std::string_view, 8> kOrdinalTens = {"Twentieth", "Thirtieth", "Fortieth",
                                                          "Fiftieth",  "Sixtieth",  "Seventieth",
                                                          "Eightieth", "Ninetieth"};
struct Magnitude {
  double factor;
  std::string_view name;
};
constexpr std::array<Magnitude, 4> kMagnitudes = {
    {{1e12, "Trillion"}, {1e9, "Billion"}, {1e6, "Million"}, {1e3, "Thousand"}}};

// Appends words.
class WordWriter {
 public:
  explicit WordWriter(WordKind kind) : kind_(kind) {}

  void write(double value) { number(value, kind_); }
  std::string take() { return std::move(out_); }

 private:
  void number(double value, WordKind kind) {
    if (value < 20) {
      out_ +=
          (kind == WordKind::kOrdinal ? kOrdinals : kCardinals)[static_cast<std::size_t>(value)];
    } else if (value < 100) {
      tens(static_cast<std::size_t>(value), kind);
    } else if (value < 1000) {
      out_ += kCardinals[static_cast<std::size_t>(value / 100)];
      out_ += " Hundred";
      rest(std::fmod(value, 100), kind);
    } else {
      const Magnitude& magnitude =
          *std::find_if(kMagnitudes.begin(), kMagnitudes.end(),
                        [value](const Magnitude& m) { return value >= m.factor; });
      const double count = std::floor(value / magnitude.factor);
      number(count, WordKind::kCardinal);
      out_ += ' ';
      out_ += magnitude.name;
      rest(value - count * magnitude.factor, kind);
    }
  }

  void tens(std::size_t value, WordKind kind) {
    const std::size_t ones = value % 10;
    const bool last = ones == 0 && kind == WordKind::kOrdinal;
    out_ += (last ? kOrdinalTens : kTens)[value / 10 - 2];
    if (ones == 0) return;
    out_ += '-';
    number(static_cast<double>(ones), kind);
  }

  void rest(double value, WordKind kind) {
    if (value > 0) {
      out_ += value < 100 ? " and " : ", ";
      number(value, kind);
    } else if (kind == WordKind::kOrdinal) {
      out_ += "th";
    }
  }

  WordKind kind_;
  std::string out_;
};

bool equal_ignoring_case(std::string_view lower, std::string_view title) {
  return std::equal(lower.begin(), lower.end(), title.begin(), title.end(),
                    [](char left, char right) {
                      return left == (right >= 'A' && right <= 'Z' ? right + 0x20 : right);
                    });
}

template <std::size_t count>
std::optional<std::size_t> find_word(const std::array<std::string_view, count>& words,
                                     std::string_view lower) {
  for (std::size_t i = 0; i < count; ++i) {
    if (equal_ignoring_case(lower, words[i])) return i;
  }
  return std::nullopt;
}

std::optional<double> word_value(std::string_view lower) {
  for (const auto& words : {kCardinals, kOrdinals}) {
    if (const auto index = find_word(words, lower)) return static_cast<double>(*index);
  }
  for (const auto& words : {kTens, kOrdinalTens}) {
    if (const auto index = find_word(words, lower)) return static_cast<double>(*index + 2) * 10;
  }
  if (lower.ends_with("th")) lower.remove_suffix(2);
  if (lower == "hundred") return 100;
  for (const Magnitude& magnitude : kMagnitudes) {
    if (equal_ignoring_case(lower, magnitude.name)) return magnitude.factor;
  }
  return std::nullopt;
}

bool is_space(char character) {
  return std::string_view(" \t\n\v\f\r").find(character) != std::string_view::npos;
}

// The size of the separator of words at `at`: a comma and a blank, "and" between blanks, a blank,
// a hyphen or a backslash.
std::size_t separator_size(std::string_view text, std::size_t at) {
  const auto blank_at = [text](std::size_t place) {
    return place < text.size() && is_space(text[place]);
  };
  if (text[at] == ',' && blank_at(at + 1)) return 2;
  if (blank_at(at) && text.substr(at + 1).starts_with("and") && blank_at(at + 4)) return 5;
  return blank_at(at) || text[at] == '-' || text[at] == '\\' ? 1 : 0;
}

// One step of the sum: tens and ones add to what is pending, magnitudes multiply it.
void add_word(double value, std::vector<double>& segments) {
  const double top = segments.back();
  if (!(value < 100)) {
    segments.back() = top * value;
  } else if (top >= 1000) {
    segments.push_back(value);
  } else {
    segments.back() = top + value;
  }
}

void add_ends_behind(std::string_view word, std::string_view text, std::vector<bool>& reached,
                     std::size_t at) {
  if (text.size() - at < word.size()) return;
  const std::string_view part = text.substr(at, word.size());
  if (equal_ignoring_case(part, word)) reached[at + word.size()] = true;
}

}  // namespace

std::string number_to_words(double value, WordKind kind) {
  WordWriter writer(kind);
  writer.write(value);
  return writer.take();
}

double words_to_number(std::string_view words) {
  const std::string lower = to_lowercase(words);
  std::vector<double> segments = {0};
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= lower.size();) {
    const std::size_t separator = at < lower.size() ? separator_size(lower, at) : 1;
    if (separator == 0) {
      ++at;
      continue;
    }
    const auto value = word_value(std::string_view(lower).substr(begin, at - begin));
    if (!value) return kNoNumber;
    add_word(*value, segments);
    at += separator;
    begin = at;
  }
  double sum = 0;
  for (const double segment : segments) sum += segment;
  return sum;
}

std::vector<std::size_t> word_ends(std::string_view text, std::size_t begin) {
  const std::string lower = to_lowercase(text.substr(begin));
  std::vector<bool> reached(lower.size() + 1);
  reached[0] = true;
  for (std::size_t at = 0; at < lower.size(); ++at) {
    if (!reached[at]) continue;
    if (lower[at] == ' ' || lower[at] == ',' || lower[at] == '-') reached[at + 1] = true;
    for (const auto& words : {kCardinals, kOrdinals}) {
      for (const std::string_view word : words) add_ends_behind(word, lower, reached, at);
    }
    for (const auto& words : {kTens, kOrdinalTens}) {
      for (const std::string_view word : words) add_ends_behind(word, lower, reached, at);
    }
    for (const std::string_view word : {"and", "hundred", "hundredth"}) {
      add_ends_behind(word, lower, reached, at);
    }
    for (const Magnitude& magnitude : kMagnitudes) {
      add_ends_behind(magnitude.name, lower, reached, at);
      add_ends_behind(std::string(magnitude.name) + "th", lower, reached, at);
    }
  }
  std::vector<std::size_t> ends;
  for (std::size_t at = lower.size(); at > 0; --at) {
    if (reached[at] && begin + at <= text.size()) ends.push_back(begin + at);
  }
  return ends;
}

std::string number_to_roman(double value) {
  struct Numeral {
    double value;
    std::string_view letters;
  };
  static constexpr Numeral kNumerals[] = {
      {1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"},
      {40, "XL"},  {10, "X"},   {9, "IX"},  {5, "V"},    {4, "IV"},  {1, "I"}};
  std::string out;
  for (const Numeral& numeral : kNumerals) {
    for (; value >= numeral.value; value -= numeral.value) out += numeral.letters;
  }
  return out;
}

double roman_to_number(std::string_view roman) {
  static constexpr std::string_view kLetters = "IVXLCDM";
  static constexpr double kValues[] = {1, 5, 10, 50, 100, 500, 1000};
  double sum = 0;
  double largest = 0;
  for (std::size_t at = roman.size(); at > 0; --at) {
    const std::size_t index = kLetters.find(roman[at - 1]);
    if (index == std::string_view::npos) return kNoNumber;
    const double value = kValues[index];
    sum += value < largest ? -value : value;
    largest = std::max(largest, value);
  }
  return sum;
}

std::string number_to_letters(double value, char first) {
  std::string letters;
  for (; value > 0; value = std::floor((value - 1) / 26)) {
    letters += static_cast<char>(first + static_cast<int>(std::fmod(value - 1, 26)));
  }
  std::reverse(letters.begin(), letters.end());
  return letters;
}

double letters_to_number(std::string_view letters, char first) {
  const std::string units = with_surrogates(letters);
  double sum = 0;
  double place = 0;
  for (std::size_t at = units.size(); at > 0; ++place) {
    at = previous_character(units, at);
    const double letter = static_cast<double>(character_at(units, at).code) - first + 1;
    sum += letter * std::pow(26, place);
  }
  return sum;
}

}  // namespace pawl::jsonata
