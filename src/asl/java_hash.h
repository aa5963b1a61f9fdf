// The order in which java.util.HashMap iterates over string keys. The service keeps the evaluated
// members of payload templates in one, and its outputs show that order (conformance FACTS, "MEMBER
// ORDER").
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace pawl::asl {

// String.hashCode of UTF-8 `text`, which Java sees as UTF-16.
std::uint32_t java_hash_code(std::string_view text);

// Indexes of `keys`, which are inserted in their order and are distinct, as a HashMap iterates.
std::vector<std::size_t> java_hash_order(const std::vector<std::string_view>& keys);

}  // namespace pawl::asl
