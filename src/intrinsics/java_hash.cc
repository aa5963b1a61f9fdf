#include "intrinsics/java_hash.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "json/number.h"
#include "json/writer.h"

namespace pawl::intrinsics::java {
namespace {

std::uint32_t fold(std::uint64_t bits) { return static_cast<std::uint32_t>(bits ^ (bits >> 32)); }

// Calls `visit` for each UTF-16 unit of UTF-8 text.
template <class Visit>
void for_each_unit(std::string_view text, Visit visit) {
  std::size_t at = 0;
  const auto rest = [&](std::uint32_t code, int count) {
    for (; count > 0 && at < text.size(); --count) {
      code = (code << 6) | (static_cast<unsigned char>(text[at++]) & 0x3F);
    }
    return code;
  };
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) {
      visit(lead);
    } else if (lead < 0xE0) {
      visit(rest(lead & 0x1F, 1));
    } else if (lead < 0xF0) {
      visit(rest(lead & 0x0F, 2));
    } else {
      const std::uint32_t code = rest(lead & 0x07, 3) - 0x10000;
      visit(0xD800 + (code >> 10));
      visit(0xDC00 + (code & 0x3FF));
    }
  }
}

// BigInteger.hashCode: its 32-bit digits, most significant first.
std::uint32_t hash_of_big_integer(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::vector<std::uint32_t> digits;  // least significant first
  for (const char next : text.substr(negative ? 1 : 0)) {
    std::uint64_t carry = static_cast<std::uint64_t>(next - '0');
    for (std::uint32_t& digit : digits) {
      carry += std::uint64_t{digit} * 10;
      digit = static_cast<std::uint32_t>(carry);
      carry >>= 32;
    }
    if (carry > 0) digits.push_back(static_cast<std::uint32_t>(carry));
  }
  std::uint32_t hash = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) hash = hash * 31 + *digit;
  return negative ? 0 - hash : hash;
}

std::uint32_t hash_of_number(std::string_view text) {
  if (!json::is_integral_text(text)) {
    return fold(std::bit_cast<std::uint64_t>(json::to_double(text)));
  }
  const std::optional<std::int64_t> integer = json::to_int64(text);
  if (!integer) return hash_of_big_integer(text);
  const auto small = static_cast<std::int32_t>(*integer);
  if (small == *integer) return static_cast<std::uint32_t>(small);
  return fold(static_cast<std::uint64_t>(*integer));
}

std::uint32_t hash_bits(json::Node value) {
  switch (value.kind()) {
    case json::Kind::kNull:
      return 0;
    case json::Kind::kBoolean:
      return value.boolean() ? 1231 : 1237;
    case json::Kind::kNumber:
      return hash_of_number(value.number_text());
    case json::Kind::kString:
      return static_cast<std::uint32_t>(hash_of(value.string()));
    case json::Kind::kArray: {
      std::uint32_t hash = 1;
      for (const json::Node& element : value) hash = hash * 31 + hash_bits(element);
      return hash;
    }
    case json::Kind::kObject: {
      std::uint32_t hash = 0;
      for (const json::Member& member : value.members()) {
        hash += static_cast<std::uint32_t>(hash_of(member.key.string())) ^ hash_bits(member.value);
      }
      return hash;
    }
  }
  return 0;
}

std::string identity_of_number(std::string_view text) {
  if (json::is_integral_text(text)) return text == "-0" ? "0" : std::string(text);
  return json::java_double_text(json::to_double(text));
}

}  // namespace

std::int32_t hash_of(std::string_view text) {
  std::uint32_t hash = 0;
  for_each_unit(text, [&hash](std::uint32_t unit) { hash = hash * 31 + unit; });
  return static_cast<std::int32_t>(hash);
}

std::int32_t hash_of(json::Node value) { return static_cast<std::int32_t>(hash_bits(value)); }

std::string identity_of(json::Node value) {
  switch (value.kind()) {
    case json::Kind::kNull:
      return "null";
    case json::Kind::kBoolean:
      return value.boolean() ? "true" : "false";
    case json::Kind::kNumber:
      return identity_of_number(value.number_text());
    case json::Kind::kString:
      return json::print(value);
    case json::Kind::kArray: {
      std::string text = "[";
      for (const json::Node& element : value) text += identity_of(element) + ",";
      return text + "]";
    }
    case json::Kind::kObject: {
      std::vector<std::string> members;
      for (const json::Member& member : value.members()) {
        members.push_back(json::print(member.key) + ":" + identity_of(member.value));
      }
      std::sort(members.begin(), members.end());
      std::string text = "{";
      for (const std::string& member : members) text += member + ",";
      return text + "}";
    }
  }
  return {};
}

std::size_t table_size_for(std::size_t entries) { return std::bit_ceil(entries * 4 / 3 + 1); }

std::vector<std::size_t> iteration_order(const std::vector<std::int32_t>& hashes,
                                         std::size_t slots) {
  const auto slot = [&](std::size_t place) {
    const auto hash = static_cast<std::uint32_t>(hashes[place]);
    return (hash ^ (hash >> 16)) & (slots - 1);
  };
  std::vector<std::size_t> order(hashes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return slot(a) != slot(b) ? slot(a) < slot(b) : a < b;
  });
  return order;
}

}  // namespace pawl::intrinsics::java
