// The values of search attributes, and the rows that are ordered by them.
//
//   's' machine8 attribute4 value ~start8 id16 -> closed4, in space kState
//
// `value` is one byte for the kind, then a number as 8 bytes or a text's bytes and an end, so that
// byte order is the order of the values and no value begins with another.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "json/value.h"
#include "runtime/execution_id.h"

namespace pawl::runtime {

struct SearchValue {
  enum class Kind : std::uint8_t { kNumber = 1, kText = 2 };

  Kind kind = Kind::kText;
  double number = 0;
  std::string text;

  static SearchValue of_number(double number) { return {Kind::kNumber, number, {}}; }
  static SearchValue of_text(std::string text) { return {Kind::kText, 0, std::move(text)}; }
  // Nothing: the node is null, an object, an array, or a text of more than kTextMax bytes. Booleans
  // are the texts `true` and `false`.
  static std::optional<SearchValue> of(const json::Node& node);
  static constexpr std::size_t kTextMax = 256;

  friend bool operator==(const SearchValue&, const SearchValue&) = default;
};

// Of one execution: attribute and value.
struct SearchEntry {
  std::uint32_t attribute = 0;
  SearchValue value;
  friend bool operator==(const SearchEntry&, const SearchEntry&) = default;
};

std::string encode(const SearchValue& value);
std::optional<SearchValue> decode_search_value(std::string_view bytes);
// What the encodings of all texts begin with that begin with `prefix`.
std::string encode_text_prefix(std::string_view prefix);

std::string search_prefix(std::uint64_t machine, std::uint32_t attribute);
std::string search_key(std::uint64_t machine, const SearchEntry& entry, WallMillis start,
                       const ExecutionId& id);
// What stands behind the prefix of a row's key.
struct SearchPosition {
  WallMillis start = 0;
  ExecutionId id;
};
std::optional<SearchPosition> parse_search_key(std::string_view key);

}  // namespace pawl::runtime
