#include "jsonata/value.h"

#include <utility>
#include <vector>

#include "json/number.h"

namespace pawl::jsonata {
namespace {

constexpr double kPowersOfTen[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

}  // namespace

// Up to 15 digits without exponent are read exactly by one division (Clinger's fast path), which is
// what numbers in documents mostly are.
double read_number(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  if (end - at <= 16) {
    std::uint64_t digits = 0;
    const char* point = nullptr;
    for (; at != end; ++at) {
      const unsigned digit = static_cast<unsigned>(*at - '0');
      if (digit <= 9) {
        digits = digits * 10 + digit;
      } else if (*at == '.') {
        point = at;
      } else {
        break;
      }
    }
    if (at == end && digits <= 999'999'999'999'999) {
      auto value = static_cast<double>(digits);
      if (point != nullptr) value /= kPowersOfTen[end - point - 1];
      return negative ? -value : value;
    }
  }
  return json::to_double(text);
}

double Value::real_of_text(std::string_view text) { return read_number(text); }

namespace {

using Pair = std::pair<Value, Value>;

constexpr std::size_t kComparisonsMax = 50'000'000;

// Compares scalars; containers of equal kind and size go to `open` for their parts.
bool equal_so_far(const Value& left, const Value& right, std::vector<Pair>& open) {
  if (left.is_number()) return right.is_number() && left.to_real() == right.to_real();
  if (left.tag() != right.tag()) return false;
  switch (left.tag()) {
    case Tag::kBoolean:
      return left.truth() == right.truth();
    case Tag::kString:
      return left.text() == right.text();
    case Tag::kFunction:
      return left.function() == right.function();
    case Tag::kArray:
    case Tag::kObject:
      if (left.size() != right.size()) return false;
      if (left.elements() != right.elements()) open.emplace_back(left, right);
      return true;
    default:
      return true;
  }
}

bool equal_elements(const Value& left, const Value& right, std::vector<Pair>& open) {
  for (std::uint32_t i = 0; i < left.size(); ++i) {
    if (!equal_so_far(left.elements()[i], right.elements()[i], open)) return false;
  }
  return true;
}

bool equal_entries(const Value& left, const Value& right, std::vector<Pair>& open) {
  for (std::uint32_t i = 0; i < left.size(); ++i) {
    const Entry& entry = left.entries()[i];
    const Entry& same_place = right.entries()[i];
    const Value* other = same_place.key.text() == entry.key.text() ? &same_place.value
                                                                   : right.find(entry.key.text());
    if (other == nullptr || !equal_so_far(entry.value, *other, open)) return false;
  }
  return true;
}

}  // namespace

bool deep_equal(const Value& left, const Value& right) {
  if (!(left.is_array() || left.is_object())) {
    if (left.is_string() && right.is_string()) return left.text() == right.text();
    std::vector<Pair> none;
    return equal_so_far(left, right, none);
  }
  std::vector<Pair> open;
  if (!equal_so_far(left, right, open)) return false;
  for (std::size_t compared = 0; !open.empty(); ++compared) {
    if (compared > kComparisonsMax) return false;
    const auto [first, second] = open.back();
    open.pop_back();
    const bool same =
        first.is_array() ? equal_elements(first, second, open) : equal_entries(first, second, open);
    if (!same) return false;
  }
  return true;
}

}  // namespace pawl::jsonata
