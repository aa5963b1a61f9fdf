// A picture, or a regular expression, on the first line and a text behind it: refused or used, and
// what a regular expression finds lies within the text.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/ensure.h"
#include "jsonata/date_picture.h"
#include "jsonata/number_picture.h"
#include "jsonata/number_text.h"
#include "jsonata/regex.h"
#include "jsonata/text_encoding.h"

namespace {

using namespace pawl::jsonata;

constexpr std::uint32_t kSteps = 10'000;
// Longer texts only take longer.
constexpr std::size_t kTextMax = 500;

void check_pictures(std::string_view picture, std::string_view text) {
  const double number = parse_number(text).value_or(static_cast<double>(text.size()) * 1.7);
  if (const auto compiled = NumberPicture::compile(picture); compiled.ok()) {
    (void)compiled->format(number);
    (void)compiled->format(-number);
  }
  if (const auto compiled = IntegerPicture::compile(picture); compiled.ok()) {
    (void)compiled->format(number).ok();
    (void)compiled->parse(text).ok();
  }
  if (const auto compiled = DatePicture::compile(picture); compiled.ok()) {
    (void)compiled->format(number * 1e9, text).ok();
    const auto millis = compiled->parse(text, 1'795'319'246'252);
    ENSURE(!millis.ok() || !*millis || std::isnan(**millis) || std::abs(**millis) < 1e300);
  }
}

void check_regex(std::string_view body, std::string_view text, std::string_view flags) {
  const auto regex = Regex::compile(body, flags);
  if (!regex.ok()) {
    ENSURE(!regex.error().empty());
    return;
  }
  const RegexSubject subject(text);
  auto match = regex->find(subject, kSteps);
  for (std::size_t from = 0; match.ok() && *match;
       match = regex->find_next(subject, from, kSteps)) {
    const TextRange whole = (*match)->whole;
    ENSURE(from <= whole.begin && whole.begin <= whole.end && whole.end <= subject.text().size());
    ENSURE(from == 0 || whole.begin < whole.end);  // the first alone may be of no characters
    if (whole.end == from) break;
    from = whole.end;
  }
  (void)regex->replace(text, "$1$$$0$12", {}, kSteps).ok();
}

// UTF-8 with lone surrogates, as all text of the layer is.
bool is_well_formed(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF4 ? 4
                                           : 0;
    if (size == 0 || at + size > text.size()) return false;
    const auto second = size > 1 ? static_cast<unsigned char>(text[at + 1]) : 0x80;
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90)) return false;
    for (std::size_t i = 1; i < size; ++i) {
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return false;
    }
    at += size;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  if (size > kTextMax || !is_well_formed(input)) return 0;
  const std::size_t line_end = input.find('\n');
  const std::string_view first = input.substr(0, line_end);
  const std::string_view text =
      line_end == std::string_view::npos ? std::string_view() : input.substr(line_end + 1);
  check_pictures(first, text);
  for (const std::string_view flags : {"", "im"}) check_regex(first, text, flags);
  (void)parse_iso_date(first);
  (void)decode_url(first);
  (void)base64_decode(first);
  return 0;
}
