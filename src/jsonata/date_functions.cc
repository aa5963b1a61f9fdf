// $now, $millis, $fromMillis, $toMillis (JSONata, "Date/Time functions"). The time stands still
// within one evaluation.
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"
#include "jsonata/kept_pictures.h"

namespace pawl::jsonata {
namespace {

// Where none is given: UTC. An empty one is no offset at all.
std::string_view zone_text(const Value& zone) { return zone.is_string() ? zone.text() : "0"; }

Value format_date(const Invocation& call, double millis, const Value& picture, const Value& zone) {
  const auto text = [&]() -> Result<std::string, Failure> {
    if (picture.is_undefined()) return iso_date_text(millis, zone_text(zone));
    std::optional<DatePicture> own;
    const DatePicture* analysed =
        TRY(find_picture(picture.text(), call.pictures(), &KeptPictures::date, own));
    return analysed->format(millis, zone_text(zone));
  }();
  return text.ok() ? call.evaluation.string(*text) : call.evaluation.fail(text.error());
}

Value now(const Invocation& call) {
  const auto millis = static_cast<double>(call.evaluation.scope.now);
  return format_date(call, millis, call[0], call[1]);
}

Value millis(const Invocation& call) {
  return Value::number(static_cast<double>(call.evaluation.scope.now));
}

Value from_millis(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  return format_date(call, call[0].to_real(), call[1], call[2]);
}

Value to_millis(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  if (call[1].is_undefined()) {
    const std::optional<double> millis = parse_iso_date(call[0].text());
    return millis ? Value::number(*millis) : call.evaluation.fail("D3110", call[0]);
  }
  std::optional<DatePicture> own;
  const auto picture = find_picture(call[1].text(), call.pictures(), &KeptPictures::date, own);
  if (!picture.ok()) return call.evaluation.fail(picture.error());
  const auto millis = (*picture)->parse(call[0].text(), call.evaluation.scope.now);
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
