// Numeric functions (JSONata, "Numeric Functions").
#include <cmath>

#include "base/rng.h"
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"
#include "jsonata/java_random.h"
#include "jsonata/kept_pictures.h"
#include "jsonata/number_text.h"
#include "jsonata/stringify.h"

namespace pawl::jsonata {
namespace {

// Applies a function of doubles; of undefined it is undefined.
template <double (*function)(double)>
Value apply_to_number(const Invocation& call) {
  return call[0].is_undefined() ? call[0] : Value::number(function(call[0].to_real()));
}

double absolute(double value) { return std::fabs(value); }
double floor_of(double value) { return std::floor(value); }
double ceiling_of(double value) { return std::ceil(value); }

Value number(const Invocation& call) {
  const Value& value = call[0];
  if (value.is_boolean()) return Value::number(value.truth() ? 1.0 : 0.0);
  if (!value.is_string()) return value;
  const std::optional<double> read = parse_number(value.text());
  return read ? Value::number(*read) : call.evaluation.fail("D3030", value);
}

Value round(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  const double places = call[1].is_undefined() ? 0.0 : call[1].to_real();
  return Value::number(round_half_even(call[0].to_real(), places));
}

Value square_root(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  const double value = call[0].to_real();
  return value < 0 ? call.evaluation.fail("D3060", call[0]) : Value::number(std::sqrt(value));
}

Value power(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  const double exponent = call[1].is_undefined() ? std::nan("") : call[1].to_real();
  const double result = std::pow(call[0].to_real(), exponent);
  if (std::isfinite(result)) return Value::number(result);
  call.evaluation.fail("D3061", call[0]);
  if (!call[1].is_undefined()) {
    call.evaluation.mistake.exponent = std::string(number_text(exponent).view());
  }
  return Value::failed();
}

Value random_number(const Invocation& call) {
  return Value::number(uniform_unit(call.evaluation.scope.rng));
}

// AWS's evaluator is Java: a seed gives java.util.Random's first number.
Value random_seeded(const Invocation& call) {
  if (call[0].is_undefined()) return random_number(call);
  const double seed = call[0].to_real();
  constexpr double kIntegers = 9.2e18;
  if (!(std::fabs(seed) < kIntegers)) return call.evaluation.fail("D1001", call[0]);
  return Value::number(JavaRandom(static_cast<std::int64_t>(seed)).next_double());
}

Value format_with(const Invocation& call, const DecimalFormat& format) {
  const auto picture = NumberPicture::compile(call[1].text(), format);
  if (!picture.ok()) return call.evaluation.fail(picture.error());
  return call.evaluation.string(picture->format(call[0].to_real()));
}

Value format_number(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  if (!call[2].is_object()) {
    std::optional<NumberPicture> own;
    const auto picture = find_picture(call[1].text(), call.pictures(), &KeptPictures::number, own);
    if (!picture.ok()) return call.evaluation.fail(picture.error());
    return call.evaluation.string((*picture)->format(call[0].to_real()));
  }
  DecimalFormat format;
  for (const Entry* entry = call[2].entries(); entry != call[2].entries_end(); ++entry) {
    std::string text;
    if (!append_string(call.evaluation, entry->value, Layout::kCompact, text)) {
      return Value::failed();
    }
    format.set(entry->key.text(), text);
  }
  return format_with(call, format);
}

Value format_in_base(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  const double radix = call[1].is_undefined() ? 10.0 : call[1].to_real();
  const auto text = format_base(call[0].to_real(), radix);
  return text.ok() ? call.evaluation.string(*text) : call.evaluation.fail(text.error());
}

Value format_integer(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  std::optional<IntegerPicture> own;
  const auto picture = find_picture(call[1].text(), call.pictures(), &KeptPictures::integer, own);
  if (!picture.ok()) return call.evaluation.fail(picture.error());
  const auto text = (*picture)->format(call[0].to_real());
  return text.ok() ? call.evaluation.string(*text) : call.evaluation.fail(text.error());
}

Value parse_integer(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  std::optional<IntegerPicture> own;
  const auto picture = find_picture(call[1].text(), call.pictures(), &KeptPictures::integer, own);
  if (!picture.ok()) return call.evaluation.fail(picture.error());
  const auto value = (*picture)->parse(call[0].text());
  return value.ok() ? Value::number(*value) : call.evaluation.fail(value.error());
}

constexpr Native kFunctions[] = {
    {"number", "<(nsb)-:n>", 1, number},
    {"abs", "<n-:n>", 1, apply_to_number<absolute>},
    {"floor", "<n-:n>", 1, apply_to_number<floor_of>},
    {"ceil", "<n-:n>", 1, apply_to_number<ceiling_of>},
    {"round", "<n-n?:n>", 2, round},
    {"sqrt", "<n-:n>", 1, square_root},
    {"power", "<n-n:n>", 2, power},
    {"random", "<:n>", 0, random_number, Native::Availability::kFull},
    {"random", "<n?:n>", 1, random_seeded, Native::Availability::kStepFunctions},
    {"formatNumber", "<n-so?:s>", 3, format_number},
    {"formatBase", "<n-n?:s>", 2, format_in_base},
    {"formatInteger", "<n-s:s>", 2, format_integer},
    {"parseInteger", "<s-s:n>", 2, parse_integer},
};

}  // namespace

std::span<const Native> number_functions() { return kFunctions; }

}  // namespace pawl::jsonata
