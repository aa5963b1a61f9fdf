#include "runtime/search_value.h"

#include <bit>
#include <cmath>

#include "base/bytes.h"
#include "json/number.h"

namespace pawl::runtime {

namespace {

constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
constexpr std::size_t kPrefixBytes = 1 + 8 + 4;
constexpr std::size_t kSuffixBytes = 8 + 16;
// A zero byte in a text is followed by 0xff; its end is a zero byte and 0x01.
constexpr char kZero = '\0';
constexpr char kEscaped = '\xff';
constexpr char kEnd = '\x01';

// Positive numbers with their sign bit set, negative ones inverted.
std::uint64_t ordered(double number) {
  const auto bits = std::bit_cast<std::uint64_t>(number == 0 ? 0.0 : number);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

double unordered(std::uint64_t bits) {
  return std::bit_cast<double>((bits & kSign) != 0 ? bits & ~kSign : ~bits);
}

}  // namespace

std::optional<SearchValue> SearchValue::of(const json::Node& node) {
  if (node.is_boolean()) return of_text(node.boolean() ? "true" : "false");
  if (node.is_string() && node.string().size() <= kTextMax) {
    return of_text(std::string(node.string()));
  }
  if (!node.is_number()) return std::nullopt;
  const double number = json::to_double(node.number_text());
  return std::isfinite(number) ? std::optional(of_number(number)) : std::nullopt;
}

std::string encode_text_prefix(std::string_view prefix) {
  std::string bytes(1, static_cast<char>(SearchValue::Kind::kText));
  for (const char byte : prefix) {
    bytes.push_back(byte);
    if (byte == kZero) bytes.push_back(kEscaped);
  }
  return bytes;
}

std::string encode(const SearchValue& value) {
  if (value.kind == SearchValue::Kind::kText) {
    std::string bytes = encode_text_prefix(value.text);
    bytes.push_back(kZero);
    bytes.push_back(kEnd);
    return bytes;
  }
  std::string bytes(1, static_cast<char>(SearchValue::Kind::kNumber));
  put_big_endian_64(bytes, ordered(value.number));
  return bytes;
}

std::optional<SearchValue> decode_search_value(std::string_view bytes) {
  ByteReader in(bytes);
  const auto kind = static_cast<SearchValue::Kind>(in.byte());
  if (kind == SearchValue::Kind::kNumber) {
    const double number = unordered(in.big_endian_64());
    return in.ok() && in.at_end() ? std::optional(SearchValue::of_number(number)) : std::nullopt;
  }
  if (kind != SearchValue::Kind::kText) return std::nullopt;
  std::string text;
  while (in.ok()) {
    const char byte = static_cast<char>(in.byte());
    if (byte != kZero) {
      text.push_back(byte);
      continue;
    }
    const char next = static_cast<char>(in.byte());
    if (next == kEnd) return in.at_end() ? std::optional(SearchValue::of_text(text)) : std::nullopt;
    if (next != kEscaped) return std::nullopt;
    text.push_back(kZero);
  }
  return std::nullopt;
}

std::string search_prefix(std::uint64_t machine, std::uint32_t attribute) {
  std::string key(1, 's');
  put_big_endian_64(key, machine);
  put_big_endian_32(key, attribute);
  return key;
}

std::string search_key(std::uint64_t machine, const SearchEntry& entry, WallMillis start,
                       const ExecutionId& id) {
  std::string key = search_prefix(machine, entry.attribute) + encode(entry.value);
  put_big_endian_64(key, ~static_cast<std::uint64_t>(start));
  return key.append(id.view());
}

std::optional<SearchPosition> parse_search_key(std::string_view key) {
  if (key.size() <= kPrefixBytes + kSuffixBytes) return std::nullopt;
  ByteReader in(key.substr(key.size() - kSuffixBytes));
  const auto start = static_cast<WallMillis>(~in.big_endian_64());
  return SearchPosition{start, ExecutionId::from_bytes(in.take(16))};
}

}  // namespace pawl::runtime
