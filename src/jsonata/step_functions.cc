// What Step Functions adds to JSONata: $partition, $range, $hash, $uuid, $parse ("Transforming data
// with JSONata in Step Functions", "JSONata functions provided by Step Functions").
#include <cmath>

#include "base/digest.h"
#include "base/rng.h"
#include "json/value.h"
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"

namespace pawl::jsonata {
namespace {

Value partition(const Invocation& call) {
  const Value& array = call[0];
  if (array.is_undefined() || call[1].is_undefined() || array.size() == 0)
    return Value::undefined();
  const double wanted = std::trunc(call[1].to_real());
  if (!(wanted >= 1)) return Value::undefined();
  const std::size_t size = wanted < array.size() ? static_cast<std::size_t>(wanted) : array.size();
  ScratchList parts(call.evaluation);
  for (std::size_t first = 0; first < array.size(); first += size) {
    const std::size_t count = std::min<std::size_t>(size, array.size() - first);
    parts->push_back(Value::array(array.elements() + first, count, array.flags() & Value::kBuilt));
  }
  return call.evaluation.array(*parts, 0);
}

// From `first` to `last`, which is in it if a step gets there.
Value range(const Invocation& call) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (call[i].is_undefined()) return Value::undefined();
  }
  const double first = call[0].to_real();
  const double last = call[1].to_real();
  const double step = call[2].to_real();
  const double count = std::floor((last - first) / step) + 1;
  if (!(count >= 1)) return Value::undefined();
  constexpr double kCountMax = 1e7;
  if (count > kCountMax) {
    call.evaluation.has_room(call.evaluation.scope.budget.bytes_max + 1);
    return Value::failed();
  }
  if (!call.evaluation.has_room(static_cast<std::size_t>(count) * sizeof(Value))) {
    return Value::failed();
  }
  ScratchList numbers(call.evaluation);
  for (double i = 0; i < count; ++i) numbers->push_back(Value::number(first + i * step));
  return call.evaluation.array(*numbers, Value::kSequence);
}

// The algorithms are Java's names: MD5, SHA-1, SHA-256, SHA-384, SHA-512.
Value hash(const Invocation& call) {
  if (call[0].is_undefined() || call[1].is_undefined()) return Value::undefined();
  const std::optional<std::string> digest = hex_digest(call[0].text(), call[1].text());
  if (digest) return call.evaluation.string(*digest);
  Mistake mistake;
  mistake.message = "Unsupported hash algorithm: " + std::string(call[1].text());
  return call.evaluation.fail(std::move(mistake));
}

Value uuid(const Invocation& call) {
  return call.evaluation.string(make_uuid(call.evaluation.scope.rng));
}

Value parse(const Invocation& call) {
  if (call[0].is_undefined()) return call[0];
  // The text may be one of the scope's; what is parsed points into it.
  const auto parsed = json::parse_into(call.evaluation.arena, call[0].text());
  if (parsed.ok()) return Value::of(*parsed);
  Mistake mistake;
  mistake.message = parsed.error().message;
  return call.evaluation.fail(std::move(mistake));
}

constexpr auto kHere = Native::Availability::kStepFunctions;
constexpr Native kFunctions[] = {
    {"partition", "<an:a>", 2, partition, kHere}, {"range", "<nnn?:a>", 3, range, kHere},
    {"hash", "<s-s?:s>", 2, hash, kHere},         {"uuid", "<:s>", 0, uuid, kHere},
    {"parse", "<s-:x>", 1, parse, kHere},
};

}  // namespace

std::span<const Native> step_functions() { return kFunctions; }

}  // namespace pawl::jsonata
