// Where environments may have control groups of their own: a delegated version 2 hierarchy, or the
// memory and pids hierarchies of version 1. Without either, limits are those of setrlimit(2) and
// what the supervisor sees.
#pragma once

#include <string>
#include <vector>

namespace pawl::functions {

// Directories below which an environment's group may be made; empty: none.
struct ControlGroups {
  std::string unified;
  std::string memory;
  std::string pids;

  bool any() const { return !unified.empty() || !memory.empty() || !pids.empty(); }
  // "cgroup v2", "cgroup v1 (memory, pids)", or "rlimits".
  std::string text() const;
  // pawl-environment's arguments for the group `name`.
  std::vector<std::string> arguments(const std::string& name) const;
};

// Makes the directories, named after `owner`, and removes the groups that a server of this owner
// which died has left in them.
ControlGroups find_control_groups(const std::string& owner);
// When no environment is left.
void remove_control_groups(const ControlGroups& groups);

}  // namespace pawl::functions
