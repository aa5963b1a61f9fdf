// What is paused: single executions say so in their summaries, machines and everything here
// (docs/operate.md). A value; every shard has the one it was last told.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace pawl::runtime {

struct Pause {
  WallMillis since = 0;
  std::string by;
  std::string reason;
};

struct Pauses {
  std::optional<Pause> everything;
  std::map<std::uint64_t, Pause> machines;  // by digest_of_machine

  bool empty() const { return !everything && machines.empty(); }
  // nullptr: neither everything nor this machine is paused.
  const Pause* of(std::uint64_t machine) const;
};

// The row of an execution that a resume has to see to ('h', docs/formats/store.md).
struct Hold {
  bool paused = false;  // the execution itself is: the row lives as long as the pause
  // Its open tasks were not handed out again by the process that found it paused.
  bool tasks_kept = false;
  std::uint64_t machine = 0;  // whose pause it is under

  friend bool operator==(const Hold&, const Hold&) = default;
};
std::string encode(const Hold& hold);
// Empty: damaged or of an unknown version.
std::optional<Hold> decode_hold(std::string_view row);

}  // namespace pawl::runtime
