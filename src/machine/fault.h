// What events are numbered by, and the fault that they carry.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pawl::machine {

// Ids of visible events: 1, 2, 3 ... without gaps. 0 means none.
using EventId = std::int64_t;
// A strand is one thread of control: the top level, a Parallel branch, a Map iteration. 0 is the
// top level; numbers are given in order of creation and never reused within an execution.
using StrandId = std::uint32_t;

// What a workflow can Catch. Absent parts are absent in AWS's answers too.
struct Fault {
  std::optional<std::string> error;
  std::optional<std::string> cause;
  friend bool operator==(const Fault&, const Fault&) = default;
};

}  // namespace pawl::machine
