// $now, $millis, $fromMillis, $toMillis (JSONata, "Date/Time functions"). The time stands still
// within one evaluation.
#include "jsonata/date_picture.h"
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"

namespace pawl::jsonata {
namespace {

std::string_view text_or_empty(const Value& value) {
  return value.is_string() ? value.text() : std::string_view();
}

Value format_date(Evaluation& evaluation, double millis, const Value& picture, const Value& zone) {
  const auto text = [&]() -> Result<std::string, Failure> {
    if (picture.is_undefined()) return iso_date_text(millis, text_or_empty(zone));
    const DatePicture compiled = TRY(DatePicture::compile(picture.text()));
    return compiled.format(millis, text_or_empty(zone));
  }();
  return text.ok() ? evaluation.string(*text) : evaluation.fail(text.error());
}

Value now(const Invocation& call) {
  const auto millis = static_cast<double>(call.evaluation.scope.now);
  return format_date(call.evaluation, millis, call[0], call[1]);
}

Value millis(const Invocation& call) {
  return Value::number(static_cast<double>(call.evaluation.scope.now));
}

Value from_millis(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  return format_date(call.evaluation, call[0].to_real(), call[1], call[2]);
}

Value to_millis(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  if (call[1].is_undefined()) {
    const std::optional<double> millis = parse_iso_date(call[0].text());
    return millis ? Value::number(*millis) : call.evaluation.fail("D3110", call[0]);
  }
  const auto picture = DatePicture::compile(call[1].text());
  if (!picture.ok()) return call.evaluation.fail(picture.error());
  const auto millis = picture->parse(call[0].text(), call.evaluation.scope.now);
  if (!millis.ok()) return call.evaluation.fail(millis.error());
  return *millis ? Value::number(**millis) : Value::undefined();
}

constexpr Native kFunctions[] = {
    {"now", "<s?s?:s>", 2, now},
    {"millis", "<:n>", 0, millis},
    {"fromMillis", "<n-s?s?:s>", 3, from_millis},
    {"toMillis", "<s-s?:n>", 2, to_millis},
};

}  // namespace

std::span<const Native> date_functions() { return kFunctions; }

}  // namespace pawl::jsonata
