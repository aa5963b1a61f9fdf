// One running call: its arguments, and what the functions need; internal to the layer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/rng.h"
#include "intrinsics/call_node.h"
#include "json/value.h"

namespace pawl::intrinsics {

// Why a call has no value.
struct Failure {
  enum class Stage { kArgument, kFunction } stage = Stage::kFunction;
  std::string message;
};

using Answer = Result<json::Node, Failure>;

struct Invocation {
  const CallNode& call;
  std::vector<json::Node> arguments;
  json::Arena& arena;
  Rng& rng;

  bool has(std::size_t count) const { return arguments.size() == count; }
  const json::Node& operator[](std::size_t index) const { return arguments[index]; }

  // Argument `index` as an int, fraction cut off as Java's Number.intValue does; nothing when it is
  // no number or out of range.
  std::optional<std::int32_t> truncated(std::size_t index) const;
  // The same, rounded as Java's Math.round does: halves go up.
  std::optional<std::int32_t> rounded(std::size_t index) const;

  // "Invalid arguments in States.X": all that the service says of wrong arguments.
  Err<Failure> invalid() const;
  Err<Failure> invalid(const std::string& why) const;
};

Answer array(Invocation& call);
Answer array_contains(Invocation& call);
Answer array_get_item(Invocation& call);
Answer array_length(Invocation& call);
Answer array_partition(Invocation& call);
Answer array_range(Invocation& call);
Answer array_unique(Invocation& call);
Answer base64_decode(Invocation& call);
Answer base64_encode(Invocation& call);
Answer format(Invocation& call);
Answer hash(Invocation& call);
Answer json_merge(Invocation& call);
Answer json_to_string(Invocation& call);
Answer math_add(Invocation& call);
Answer math_random(Invocation& call);
Answer string_split(Invocation& call);
Answer string_to_json(Invocation& call);
Answer uuid(Invocation& call);

}  // namespace pawl::intrinsics
