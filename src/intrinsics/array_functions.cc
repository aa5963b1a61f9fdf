// States.Array and the functions over arrays.
#include <unordered_set>

#include "intrinsics/invocation.h"
#include "intrinsics/java_hash.h"

namespace pawl::intrinsics {
namespace {

constexpr std::size_t kRangeLengthMax = 1'000;
constexpr std::size_t kHashSetSlotsMin = 16;

}  // namespace

Answer array(Invocation& call) { return call.arena.array(call.arguments); }

Answer array_length(Invocation& call) {
  if (!call.has(1) || !call[0].is_array()) return call.invalid();
  return call.arena.integer(static_cast<std::int64_t>(call[0].size()));
}

// Equal as Java's values are, all the way down: the order of members does not count, 2 is not "2".
Answer array_contains(Invocation& call) {
  if (!call.has(2) || !call[0].is_array()) return call.invalid();
  const std::string wanted = java::identity_of(call[1]);
  for (const json::Node& element : call[0]) {
    if (java::identity_of(element) == wanted) return json::Node::boolean(true);
  }
  return json::Node::boolean(false);
}

Answer array_get_item(Invocation& call) {
  if (!call.has(2) || !call[0].is_array()) return call.invalid();
  const std::optional<std::int32_t> index = call.truncated(1);
  if (!index) return call.invalid();
  // An empty array answers null whatever is asked for.
  if (call[0].size() == 0) return json::Node::null();
  if (*index < 0 || static_cast<std::size_t>(*index) >= call[0].size()) return call.invalid();
  return call[0].at(static_cast<std::size_t>(*index));
}

Answer array_partition(Invocation& call) {
  if (!call.has(2) || !call[0].is_array()) return call.invalid();
  const std::optional<std::int32_t> size = call.truncated(1);
  if (!size || *size <= 0) return call.invalid();
  std::vector<json::Node> chunks;
  std::vector<json::Node> chunk;
  for (const json::Node& element : call[0]) {
    chunk.push_back(element);
    if (chunk.size() < static_cast<std::size_t>(*size)) continue;
    chunks.push_back(call.arena.array(chunk));
    chunk.clear();
  }
  if (!chunk.empty()) chunks.push_back(call.arena.array(chunk));
  return call.arena.array(chunks);
}

Answer array_range(Invocation& call) {
  if (!call.has(3)) return call.invalid();
  const std::optional<std::int32_t> first = call.truncated(0);
  const std::optional<std::int32_t> last = call.truncated(1);
  const std::optional<std::int32_t> step = call.truncated(2);
  if (!first || !last || !step || *step == 0) return call.invalid();
  std::vector<json::Node> numbers;
  const std::int64_t end = *last;
  for (std::int64_t next = *first; *step > 0 ? next <= end : next >= end; next += *step) {
    if (numbers.size() == kRangeLengthMax) return call.invalid();
    numbers.push_back(call.arena.integer(next));
  }
  return call.arena.array(numbers);
}

Answer array_unique(Invocation& call) {
  if (!call.has(1) || !call[0].is_array()) return call.invalid();
  std::unordered_set<std::string> seen;
  std::vector<json::Node> distinct;
  std::vector<std::int32_t> hashes;
  for (const json::Node& element : call[0]) {
    if (!seen.insert(java::identity_of(element)).second) continue;
    distinct.push_back(element);
    hashes.push_back(java::hash_of(element));
  }
  const std::size_t slots = std::max(kHashSetSlotsMin, java::table_size_for(call[0].size()));
  std::vector<json::Node> ordered;
  for (const std::size_t place : java::iteration_order(hashes, slots)) {
    ordered.push_back(distinct[place]);
  }
  return call.arena.array(ordered);
}

}  // namespace pawl::intrinsics
