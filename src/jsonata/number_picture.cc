#include "jsonata/number_picture.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "jsonata/integer_picture.h"
#include "jsonata/number_picture_parts.h"
#include "jsonata/number_text.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

using SubPicture = NumberPicture::SubPicture;

constexpr auto kNowhere = std::u32string::npos;
// What Number.prototype.toFixed takes.
constexpr std::size_t kFractionDigitsMax = 100;
constexpr double kFixedNotationMax = 1e21;

std::size_t count_digit_places(std::u32string_view text, const DecimalFormat& format) {
  return count_decimal_digits(text, format) +
         (format.digit.size() == 1 && !is_decimal_digit(format.digit[0], format)
              ? static_cast<std::size_t>(std::count(text.begin(), text.end(), format.digit[0]))
              : 0);
}

std::vector<std::size_t> integer_grouping(const PictureParts& parts, const DecimalFormat& format) {
  std::vector<std::size_t> positions;
  const std::u32string_view integer = parts.integer;
  for (std::size_t at = integer.find(format.grouping_separator); at != kNowhere;
       at = integer.find(format.grouping_separator, at + 1)) {
    positions.push_back(count_digit_places(integer.substr(at), format));
  }
  return positions;
}

// jsonata-js looks for all but the first separator of the fraction in the integer part.
std::vector<std::size_t> fraction_grouping(const PictureParts& parts, const DecimalFormat& format) {
  std::vector<std::size_t> positions;
  const std::u32string_view fraction = *parts.fraction;
  for (std::size_t at = fraction.find(format.grouping_separator); at != kNowhere;
       at = parts.integer.find(format.grouping_separator, at + 1)) {
    positions.push_back(count_digit_places(fraction.substr(0, at), format));
  }
  return positions;
}

double multiplier(const PictureParts& parts, const DecimalFormat& format) {
  if (parts.whole.find(format.percent) != kNowhere) return 100;
  return parts.whole.find(format.per_mille) != kNowhere ? 1000 : 1;
}

// Section 4.7.4.
SubPicture analyse(const PictureParts& parts, const DecimalFormat& format) {
  SubPicture result;
  result.prefix = parts.prefix;
  result.suffix = parts.suffix;
  result.integer_grouping = integer_grouping(parts, format);
  result.regular_grouping = regular_grouping(result.integer_grouping);
  result.integer_size_min = count_decimal_digits(parts.integer, format);
  result.scaling_factor = result.integer_size_min;
  result.has_decimal_separator = parts.fraction.has_value();
  if (parts.fraction) {
    result.fraction_grouping = fraction_grouping(parts, format);
    result.fraction_size_min = count_decimal_digits(*parts.fraction, format);
    result.fraction_size_max = count_digit_places(*parts.fraction, format);
  }
  result.has_exponent = parts.exponent.has_value();
  if (parts.exponent) result.exponent_size_min = count_decimal_digits(*parts.exponent, format);
  result.multiplier = multiplier(parts, format);

  if (result.integer_size_min == 0 && result.fraction_size_max == 0) {
    if (result.has_exponent) {
      result.fraction_size_min = 1;
      result.fraction_size_max = 1;
    } else {
      result.integer_size_min = 1;
    }
  }
  if (result.has_exponent && result.integer_size_min == 0 &&
      parts.integer.find(format.digit) != kNowhere) {
    result.integer_size_min = 1;
  }
  if (result.integer_size_min == 0 && result.fraction_size_min == 0) result.fraction_size_min = 1;
  return result;
}

// Number.prototype.toFixed of |value|.
std::string fixed_text(double value, std::size_t places) {
  value = std::abs(value);
  if (!(value < kFixedNotationMax)) return std::string(number_text(value).view());
  char text[32 + kFractionDigitsMax];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed,
                                 static_cast<int>(std::min(places, kFractionDigitsMax)));
  return {text, end.ptr};
}

struct Scaled {
  double mantissa;
  int exponent = 0;
};

// As many integer digits as the picture has mandatory ones.
Scaled scale(double value, const SubPicture& picture) {
  Scaled scaled{std::abs(value)};
  if (!picture.has_exponent || value == 0 || !std::isfinite(value)) return {value};
  const double above = std::pow(10, static_cast<double>(picture.scaling_factor));
  const double least = std::pow(10, static_cast<double>(picture.scaling_factor) - 1);
  for (; scaled.mantissa < least; --scaled.exponent) scaled.mantissa *= 10;
  for (; scaled.mantissa > above; ++scaled.exponent) scaled.mantissa /= 10;
  return scaled;
}

// Builds the text of one number, section 4.7.5.
class NumberPrinter {
 public:
  NumberPrinter(const SubPicture& picture, const DecimalFormat& format)
      : picture_(picture), format_(format) {}

  std::u32string print(double value) {
    const Scaled scaled = scale(value * picture_.multiplier, picture_);
    mantissa(scaled.mantissa);
    group_integer();
    group_fraction();
    if (!picture_.has_decimal_separator || point() + 1 == text_.size()) text_.pop_back();
    if (picture_.has_exponent) exponent(scaled.exponent);
    return picture_.prefix + text_ + picture_.suffix;
  }

 private:
  std::size_t point() const {
    return std::min(text_.find(format_.decimal_separator), text_.size() - 1);
  }
  char32_t zero() const { return format_.zero_digit.empty() ? 0 : format_.zero_digit[0]; }

  std::u32string in_digit_family(std::string_view text) const {
    std::u32string codes;
    for (const char character : text) {
      const bool digit = character >= '0' && character <= '9';
      codes += digit ? zero() + static_cast<char32_t>(character - '0')
                     : static_cast<char32_t>(character);
    }
    return codes;
  }

  void mantissa(double value) {
    const double rounded = round_half_even(value, static_cast<double>(picture_.fraction_size_max));
    const std::string fixed = fixed_text(rounded, picture_.fraction_size_max);
    const std::size_t dot = std::min(fixed.find('.'), fixed.size());
    std::u32string integer = in_digit_family(fixed.substr(0, dot));
    std::u32string fraction = dot < fixed.size() ? in_digit_family(fixed.substr(dot + 1)) : U"";
    integer.erase(0, std::min(integer.find_first_not_of(zero()), integer.size()));
    fraction.erase(fraction.find_last_not_of(zero()) + 1);
    pad(integer, picture_.integer_size_min, 0);
    pad(fraction, picture_.fraction_size_min, fraction.size());
    text_ = integer + format_.decimal_separator + fraction;
  }

  void pad(std::u32string& digits, std::size_t size, std::size_t at) const {
    if (digits.size() < size) digits.insert(at, size - digits.size(), zero());
  }

  void group_integer() {
    std::size_t integer_size = point();
    if (const std::size_t size = picture_.regular_grouping; size > 0) {
      for (std::size_t right = size; right < integer_size; right += size) {
        text_.insert(integer_size - right, format_.grouping_separator);
      }
      return;
    }
    for (const std::size_t position : picture_.integer_grouping) {
      text_.insert(place_before(integer_size++, position), format_.grouping_separator);
    }
  }

  // `count` places before `end`; beyond the front jsonata-js counts on from the end.
  std::size_t place_before(std::size_t end, std::size_t count) const {
    if (count <= end) return end - count;
    return text_.size() - std::min(count - end, text_.size());
  }

  void group_fraction() {
    for (const std::size_t position : picture_.fraction_grouping) {
      text_.insert(std::min(point() + 1 + position, text_.size()), format_.grouping_separator);
    }
  }

  void exponent(int value) {
    std::u32string digits = in_digit_family(fixed_text(value, 0));
    pad(digits, picture_.exponent_size_min, 0);
    text_ += format_.exponent_separator;
    if (value < 0) text_ += format_.minus_sign;
    text_ += digits;
  }

  const SubPicture& picture_;
  const DecimalFormat& format_;
  std::u32string text_;
};

bool is_plain(const SubPicture& picture, const DecimalFormat& format) {
  return !picture.has_exponent && picture.fraction_grouping.empty() &&
         (picture.integer_grouping.empty() || picture.regular_grouping > 0) &&
         format.zero_digit == U"0" && format.decimal_separator == U"." &&
         format.grouping_separator == U",";
}

// Whether so many decimal places show nothing of what the double is beyond these digits.
bool shows_digits_alone(const ShortDecimal& number, std::size_t places) {
  constexpr double kDigitsMax = 1e15;
  auto digits = static_cast<double>(number.digits);
  auto shown = static_cast<std::size_t>(number.places);
  for (; shown < places && digits > 0 && digits < kDigitsMax; ++shown) digits *= 10;
  return static_cast<std::size_t>(number.places) <= places && digits < kDigitsMax;
}

// What NumberPrinter comes to, for a value of few digits and a plain picture; nothing for others.
std::optional<std::string> print_plain(double value, const SubPicture& picture) {
  const double rounded =
      round_half_even(value * picture.multiplier, static_cast<double>(picture.fraction_size_max));
  const auto number = short_decimal(std::abs(rounded));
  if (!number || !shows_digits_alone(*number, picture.fraction_size_max)) return std::nullopt;
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number->digits);
  std::string_view whole(digits, static_cast<std::size_t>(end.ptr - digits));
  if (number->digits == 0) whole = {};
  const std::size_t places = std::min(static_cast<std::size_t>(number->places), whole.size());
  const std::string_view behind = whole.substr(whole.size() - places);
  const std::size_t zeroes = static_cast<std::size_t>(number->places) - places;
  whole.remove_suffix(places);

  const std::size_t count = std::max(whole.size(), picture.integer_size_min);
  std::string text;
  text.reserve(picture.plain_prefix.size() + 2 * count + picture.fraction_size_max +
               picture.plain_suffix.size() + 1);
  text += picture.plain_prefix;
  // So many digits stand before the next separator.
  const std::size_t group = picture.regular_grouping > 0 ? picture.regular_grouping : count + 1;
  std::size_t until_separator = count == 0 ? 0 : (count - 1) % group + 1;
  for (std::size_t left = count; left > 0; --left) {
    text += left > whole.size() ? '0' : whole[whole.size() - left];
    if (--until_separator == 0 && left > 1) {
      text += ',';
      until_separator = group;
    }
  }
  const std::size_t fraction = std::max(zeroes + behind.size(), picture.fraction_size_min);
  if (picture.has_decimal_separator && fraction > 0) {
    text += '.';
    text.append(zeroes, '0');
    text += behind;
    text.append(fraction - zeroes - behind.size(), '0');
  }
  return text += picture.plain_suffix;
}

std::vector<std::u32string> split(const std::u32string& picture, const std::u32string& separator) {
  std::vector<std::u32string> parts;
  std::size_t begin = 0;
  while (!separator.empty()) {
    const std::size_t end = picture.find(separator, begin);
    if (end == kNowhere) break;
    parts.push_back(picture.substr(begin, end - begin));
    begin = end + separator.size();
  }
  parts.push_back(picture.substr(begin));
  return parts;
}

}  // namespace

void DecimalFormat::set(std::string_view name, std::string_view text) {
  const std::pair<std::string_view, std::u32string*> options[] = {
      {"decimal-separator", &decimal_separator},
      {"grouping-separator", &grouping_separator},
      {"exponent-separator", &exponent_separator},
      {"minus-sign", &minus_sign},
      {"percent", &percent},
      {"per-mille", &per_mille},
      {"zero-digit", &zero_digit},
      {"digit", &digit},
      {"pattern-separator", &pattern_separator},
  };
  for (const auto& [option, field] : options) {
    if (option == name) *field = to_codes(text);
  }
}

Result<NumberPicture, Failure> NumberPicture::compile(std::string_view picture,
                                                      const DecimalFormat& format) {
  NumberPicture result;
  result.format_ = format;
  const auto sub_pictures = split(to_codes(picture), format.pattern_separator);
  if (sub_pictures.size() > 2) return Err{Failure{"D3080"}};
  for (const std::u32string& sub_picture : sub_pictures) {
    const PictureParts parts = split_picture(sub_picture, format);
    const std::string_view broken = broken_rule(parts, format);
    if (!broken.empty()) return Err{Failure{broken}};
    result.sub_pictures_.push_back(analyse(parts, format));
  }
  if (result.sub_pictures_.size() == 1) {
    SubPicture negative = result.sub_pictures_.front();
    negative.prefix = format.minus_sign + negative.prefix;
    result.sub_pictures_.push_back(std::move(negative));
  }
  for (SubPicture& each : result.sub_pictures_) {
    each.is_plain = is_plain(each, format);
    each.plain_prefix = from_codes(each.prefix);
    each.plain_suffix = from_codes(each.suffix);
  }
  return result;
}

std::string NumberPicture::format(double value) const {
  const SubPicture& picture = sub_pictures_[value >= 0 ? 0 : 1];
  if (picture.is_plain) {
    if (auto text = print_plain(value, picture)) return *std::move(text);
  }
  return from_codes(NumberPrinter(picture, format_).print(value));
}

}  // namespace pawl::jsonata
