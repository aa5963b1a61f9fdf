// Java's hash codes and the order in which its hash tables hand out what they hold. The service
// shows that order: States.ArrayUnique answers a HashSet's, States.JsonMerge a HashMap's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace pawl::intrinsics::java {

// String.hashCode, over UTF-16 units.
std::int32_t hash_of(std::string_view text);
// hashCode of what Jackson makes of the value; 0 for null.
std::int32_t hash_of(json::Node value);

// Texts that are equal exactly when Java's equals() says so of the values: 1 is not 1.0 but 1.0 is
// 1.00, and the order of members does not matter.
std::string identity_of(json::Node value);

// Slots of a table with room for `entries` before it grows: HashMap.tableSizeFor and its caller.
std::size_t table_size_for(std::size_t entries);

// The order of iteration over a table of `slots` slots into which keys with these hash codes were
// put one after the other: places in `hashes`.
std::vector<std::size_t> iteration_order(const std::vector<std::int32_t>& hashes,
                                         std::size_t slots);

}  // namespace pawl::intrinsics::java
