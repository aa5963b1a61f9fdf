#include "jsonata/date_match.h"

#include <algorithm>

#include "jsonata/date_names.h"
#include "jsonata/letter_case.h"
#include "jsonata/number_text.h"
#include "jsonata/number_words.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

using Kind = IntegerPicture::Kind;
using Part = DatePicture::Part;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kNumerals = "MDCLXVImdclxvi";

bool is_zone(const DateMarker& marker) {
  return marker.component == U'Z' || marker.component == U'z';
}

// The end of the run of such characters.
std::size_t run_end(std::string_view text, std::size_t begin, std::string_view set) {
  return std::min(text.find_first_not_of(set, begin), text.size());
}

bool starts_with_letters(std::string_view text, std::size_t at, std::string_view lower) {
  return to_lowercase(text.substr(at, lower.size())) == lower;
}

bool starts_with_ordinal(std::string_view text, std::size_t at) {
  for (const std::string_view suffix : {"th", "st", "nd", "rd"}) {
    if (starts_with_letters(text, at, suffix)) return true;
  }
  return false;
}

// From the longest to the shortest, none of which is empty.
std::vector<std::size_t> ends_of_run(std::string_view text, std::size_t begin,
                                     std::string_view set) {
  std::vector<std::size_t> ends;
  for (std::size_t end = run_end(text, begin, set); end > begin; --end) ends.push_back(end);
  return ends;
}

std::vector<std::size_t> ends_of_digits(const DateMarker& marker, std::string_view text,
                                        std::size_t begin) {
  std::vector<std::size_t> ends = ends_of_run(text, begin, kDigits);
  if (marker.digits && marker.component != U'f') {
    std::erase_if(ends, [&](std::size_t end) { return end - begin != *marker.digits; });
  }
  if (marker.number->ordinal) {
    std::erase_if(ends, [&](std::size_t end) { return !starts_with_ordinal(text, end); });
    for (std::size_t& end : ends) end += 2;
  }
  return ends;
}

// "+01:00", "GMT-5": the separator is the picture's first.
std::vector<std::size_t> ends_of_zone(const DateMarker& marker, std::string_view text,
                                      std::size_t begin) {
  if (marker.component == U'z') {
    if (!starts_with_letters(text, begin, "gmt")) return {};
    begin += 3;
  }
  if (begin >= text.size() || (text[begin] != '+' && text[begin] != '-')) return {};
  ++begin;
  const auto& separators = marker.number->separators;
  if (separators.empty()) return ends_of_run(text, begin, kDigits);
  const std::string separator = from_codes(std::u32string(1, separators.front().character));
  const std::size_t hours_end = run_end(text, begin, kDigits);
  if (hours_end == begin || !text.substr(hours_end).starts_with(separator)) return {};
  return ends_of_run(text, hours_end + separator.size(), kDigits);
}

std::vector<std::size_t> ends_of_marker(const DateMarker& marker, std::string_view text,
                                        std::size_t begin) {
  if (is_zone(marker)) return ends_of_zone(marker, text, begin);
  if (!marker.number) return ends_of_run(text, begin, kLetters);
  switch (marker.number->kind) {
    case Kind::kDecimal:
      return ends_of_digits(marker, text, begin);
    case Kind::kLetters:
      return ends_of_run(text, begin, kLetters);
    case Kind::kRoman:
      return ends_of_run(text, begin, kNumerals);
    case Kind::kWords:
      return word_ends(text, begin);
    case Kind::kSequence:
      break;
  }
  return {};
}

std::vector<std::size_t> ends_of_literal(std::string_view literal, std::string_view text,
                                         std::size_t begin) {
  const std::string upper = to_uppercase(literal);
  for (std::size_t end = begin; end <= text.size(); ++end) {
    const std::string part = to_uppercase(text.substr(begin, end - begin));
    if (part == upper) return {end};
    if (part.size() > upper.size()) break;
  }
  return {};
}

class Matcher {
 public:
  Matcher(const std::vector<Part>& parts, std::string_view text)
      : parts_(parts), text_(text), failed_((parts.size() + 1) * (text.size() + 1)) {}

  bool match(std::size_t part, std::size_t begin) {
    if (part == parts_.size()) return begin == text_.size();
    const std::size_t state = part * (text_.size() + 1) + begin;
    if (failed_[state]) return false;
    for (const std::size_t end : ends(parts_[part], begin)) {
      texts_.push_back(text_.substr(begin, end - begin));
      if (match(part + 1, end)) return true;
      texts_.pop_back();
    }
    failed_[state] = true;
    return false;
  }

  std::vector<std::string_view>& texts() { return texts_; }

 private:
  std::vector<std::size_t> ends(const Part& part, std::size_t begin) const {
    if (const auto* literal = std::get_if<std::string>(&part)) {
      return ends_of_literal(*literal, text_, begin);
    }
    return ends_of_marker(std::get<DateMarker>(part), text_, begin);
  }

  const std::vector<Part>& parts_;
  std::string_view text_;
  std::vector<bool> failed_;
  std::vector<std::string_view> texts_;
};

// The number, from 1, of the name that was cut to `width`.
template <std::size_t count>
std::optional<double> find_name(const std::array<std::string_view, count>& names,
                                std::optional<std::size_t> width, std::string_view text) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view name = names[i];
    if (name.substr(0, width.value_or(name.size())) == text) return static_cast<double>(i + 1);
  }
  return std::nullopt;
}

std::optional<double> half_of_day(std::string_view text) {
  if (text == "am" || text == "AM") return 0;
  if (text == "pm" || text == "PM") return 1;
  return std::nullopt;
}

double zone_minutes(const DateMarker& marker, std::string_view text) {
  if (marker.component == U'z') text.remove_prefix(3);
  std::size_t hours_end = text.size();
  std::size_t minutes_begin = text.size();
  const auto& separators = marker.number->separators;
  if (!separators.empty()) {
    hours_end = run_end(text, 1, kDigits);
    minutes_begin = text.find_first_of(kDigits, hours_end);
  } else if (text.size() > 3) {
    hours_end = 3;
    minutes_begin = 3;
  }
  const double hours = parse_integer_prefix(text.substr(0, hours_end));
  const double minutes =
      minutes_begin < text.size() ? parse_integer_prefix(text.substr(minutes_begin)) : 0;
  return hours * 60 + minutes;
}

// The first three digits behind the point.
double milliseconds(std::string_view digits) {
  std::string three(digits.substr(0, 3));
  three.resize(3, '0');
  return parse_integer_prefix(three);
}

}  // namespace

std::optional<Failure> unreadable(const DateMarker& marker) {
  if (is_zone(marker)) return std::nullopt;
  if (marker.number) {
    if (marker.number->kind != Kind::kSequence) return std::nullopt;
    return Failure{"D3130", marker.number->token};
  }
  if (std::u32string_view(U"MxFP").find(marker.component) != std::u32string_view::npos) {
    return std::nullopt;
  }
  return Failure{"D3133", from_codes(std::u32string(1, marker.component))};
}

std::optional<std::vector<std::string_view>> match_parts(const std::vector<Part>& parts,
                                                         std::string_view text) {
  Matcher matcher(parts, text);
  if (!matcher.match(0, 0)) return std::nullopt;
  return std::move(matcher.texts());
}

Result<std::optional<double>, Failure> component_value(const DateMarker& marker,
                                                       std::string_view text) {
  if (is_zone(marker)) return std::optional(zone_minutes(marker, text));
  if (marker.component == U'P') return half_of_day(text);
  if (marker.component == U'f') return std::optional(milliseconds(text));
  if (marker.number) return std::optional(TRY(marker.number->parse(text)));
  if (marker.component == U'F') return find_name(kDayNames, marker.width_max, text);
  return find_name(kMonthNames, marker.width_max, text);
}

}  // namespace pawl::jsonata
