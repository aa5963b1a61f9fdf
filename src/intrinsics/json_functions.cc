// States.JsonMerge, States.JsonToString, States.StringToJson.
#include <algorithm>

#include "intrinsics/invocation.h"
#include "intrinsics/java_hash.h"

namespace pawl::intrinsics {
namespace {

// new HashMap(left), then putAll(right): how many slots the table has in the end.
std::size_t merged_slots(std::size_t left, std::size_t right, std::size_t merged) {
  std::size_t slots = java::table_size_for(left > 0 ? left : right);
  const auto threshold = [&slots] { return slots * 3 / 4; };
  while (right > threshold()) slots *= 2;
  while (merged > threshold()) slots *= 2;
  return slots;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\n\r") == std::string_view::npos;
}

// Where Jackson says the mistake is. Of an unexpected character it names the character's own
// column, in the version that the service runs.
std::size_t column_of(const json::ParseError& error) {
  const bool own = error.message.starts_with("Unexpected character") && error.column > 1;
  return own ? error.column - 1 : error.column;
}

}  // namespace

// Shallow only: `true` for the third argument asks for what the service does not have. Anything
// that is not a boolean counts as false.
Answer json_merge(Invocation& call) {
  if (!call.has(3) || !call[0].is_object() || !call[1].is_object()) return call.invalid();
  if (call[2].is_boolean() && call[2].boolean()) return call.invalid();
  std::vector<json::Member> members;
  for (const json::Member& member : call[0].members()) {
    const json::Node* newer = call[1].find(member.key.string());
    members.push_back({member.key, newer != nullptr ? *newer : member.value});
  }
  for (const json::Member& member : call[1].members()) {
    if (call[0].find(member.key.string()) == nullptr) members.push_back(member);
  }
  std::vector<std::int32_t> hashes;
  for (const json::Member& member : members) hashes.push_back(java::hash_of(member.key.string()));
  const std::size_t slots = merged_slots(call[0].size(), call[1].size(), members.size());
  std::vector<json::Member> ordered;
  for (const std::size_t place : java::iteration_order(hashes, slots)) {
    ordered.push_back(members[place]);
  }
  return call.arena.object(ordered);
}

Answer json_to_string(Invocation& call) {
  if (!call.has(1)) return call.invalid();
  return call.arena.string(json::print(call[0]));
}

Answer string_to_json(Invocation& call) {
  if (!call.has(1) || !call[0].is_string()) return call.invalid();
  const std::string_view text = call.arena.copy(call[0].string());
  if (is_blank(text)) return json::Node::null();
  const auto parsed = json::parse_into(call.arena, text);
  if (parsed.ok()) {
    const bool negative_zero = parsed->is_number() && parsed->number_text() == "-0";
    return negative_zero ? call.arena.integer(0) : *parsed;
  }
  const json::ParseError& error = parsed.error();
  return call.invalid(
      "Cannot convert String to Json in States.StringToJson, caused by: " + error.message +
      "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` "
      "disabled); line: " +
      std::to_string(error.line) + ", column: " + std::to_string(column_of(error)) + "]");
}

}  // namespace pawl::intrinsics
