#include "jsonata/date_picture.h"

#include <algorithm>
#include <cmath>

#include "jsonata/number_text.h"
#include "jsonata/wtf8.h"

namespace pawl::jsonata {
namespace {

using Name = DateMarker::Name;
using Part = DatePicture::Part;

constexpr std::u32string_view kNumericComponents = U"YMDdFWwXxHhmsf";
// Nobody pads a date further.
constexpr double kWidthMax = 10'000;

// How a component is presented when its marker does not say.
std::string_view default_presentation(char32_t component) {
  switch (component) {
    case U'F':
    case U'P':
    case U'C':
    case U'E':
      return "n";
    case U'm':
    case U's':
      return "01";
    case U'Z':
    case U'z':
      return "01:01";
    default:
      return std::u32string_view(U"YMDdWwXxHhf").find(component) == std::u32string_view::npos ? ""
                                                                                              : "1";
  }
}

std::string without_blanks(std::string_view marker) {
  std::string text(marker);
  std::erase_if(text, [](char c) {
    return std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos;
  });
  return text;
}

struct Width {
  std::optional<std::size_t> least;
  std::optional<std::size_t> most;
};

Result<std::optional<std::size_t>, Failure> read_width(std::string_view text) {
  const double width = parse_integer_prefix(text);
  if (text == "*" || std::isnan(width)) return std::optional<std::size_t>();
  if (width > kWidthMax) return Err{Failure{"", "Invalid array length"}};
  return std::optional(static_cast<std::size_t>(std::max(width, 0.0)));
}

Result<Width, Failure> read_widths(std::string_view text) {
  const std::size_t dash = text.find('-');
  Width width;
  width.least = TRY(read_width(text.substr(0, dash)));
  if (dash != std::string_view::npos) width.most = TRY(read_width(text.substr(dash + 1)));
  return width;
}

Name read_name(std::string_view presentation) {
  if (presentation.starts_with('n')) return Name::kLower;
  if (presentation.starts_with("Nn")) return Name::kTitle;
  return presentation.starts_with('N') ? Name::kUpper : Name::kNone;
}

// Section 9.8.4.3: how many digits a number has, and of a year how many count.
void set_widths(DateMarker& marker, const Width& width) {
  IntegerPicture& number = *marker.number;
  if (width.least) number.mandatory_digits = std::max(number.mandatory_digits, *width.least);
  if (marker.component != U'Y') return;
  if (width.most) {
    marker.year_digits = width.most;
    number.mandatory_digits = *width.most;
  } else if (number.kind == IntegerPicture::Kind::kDecimal &&
             number.mandatory_digits + number.optional_digits >= 2) {
    marker.year_digits = number.mandatory_digits + number.optional_digits;
  }
}

// The text between the brackets.
Result<DateMarker, Failure> read_marker(std::string_view bracketed) {
  const std::string text = without_blanks(bracketed);
  const std::size_t comma = text.rfind(',');
  const Width width = comma == std::string::npos
                          ? Width{}
                          : TRY(read_widths(std::string_view(text).substr(comma + 1)));
  DateMarker marker;
  std::string presentation;
  if (!text.empty()) {
    const Character component = character_at(text, 0);
    marker.component = component.code;
    if (comma == std::string::npos || comma > component.size) {
      presentation =
          text.substr(component.size, comma == std::string::npos ? comma : comma - component.size);
    }
  }
  char modifier = 0;
  if (presentation.empty()) {
    presentation = default_presentation(marker.component);
    if (presentation.empty()) {
      return Err{
          Failure{"D3132", text.empty() ? "" : from_codes(std::u32string(1, marker.component))}};
    }
  } else if (presentation.size() > 1 &&
             std::string_view("atco").find(presentation.back()) != std::string_view::npos) {
    modifier = presentation.back();
    presentation.pop_back();
  }
  marker.name = read_name(presentation);
  marker.width_max = width.most;
  marker.zulu = modifier == 't';
  if (marker.component == U'Z' || marker.component == U'z') {
    marker.number = TRY(IntegerPicture::compile(presentation));
  } else if (marker.name == Name::kNone &&
             kNumericComponents.find(marker.component) != std::u32string_view::npos) {
    if (modifier != 0) presentation += {';', modifier};
    marker.number = TRY(IntegerPicture::compile(presentation));
    set_widths(marker, width);
  }
  return marker;
}

void add_literal(std::string_view text, std::vector<Part>& parts) {
  if (text.empty()) return;
  std::string literal(text);
  for (std::size_t at = 0; (at = literal.find("]]", at)) != std::string::npos; ++at) {
    literal.erase(at, 1);
  }
  parts.emplace_back(std::move(literal));
}

void add_marker(DateMarker marker, std::vector<Part>& parts) {
  const bool numeric = marker.number && marker.component != U'Z' && marker.component != U'z';
  if (numeric && !parts.empty()) {
    auto* previous = std::get_if<DateMarker>(&parts.back());
    if (previous != nullptr && previous->number) {
      previous->digits = previous->number->mandatory_digits;
    }
  }
  parts.emplace_back(std::move(marker));
}

}  // namespace

Result<DatePicture, Failure> DatePicture::compile(std::string_view picture) {
  DatePicture result;
  std::size_t begin = 0;
  for (std::size_t at = 0; (at = picture.find('[', at)) != std::string_view::npos;) {
    add_literal(picture.substr(begin, at - begin), result.parts_);
    if (picture.substr(at + 1).starts_with('[')) {
      result.parts_.emplace_back(std::string("["));
      at += 2;
    } else {
      const std::size_t end = picture.find(']', at);
      if (end == std::string_view::npos) return Err{Failure{"D3135"}};
      add_marker(TRY(read_marker(picture.substr(at + 1, end - at - 1))), result.parts_);
      at = end + 1;
    }
    begin = at;
  }
  add_literal(picture.substr(begin), result.parts_);
  return result;
}

}  // namespace pawl::jsonata
