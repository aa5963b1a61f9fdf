// What the server asks pawl-environment to do: its command line,
//   pawl-environment [ARGUMENT...] -- PROGRAM ARGUMENT...
// with the members of Plan as NAME=VALUE.
#pragma once

#include <cstddef>

namespace pawl::functions::environment {

// `source` of the machine appears read-only at `target` of the function's world.
struct Bind {
  const char* target = nullptr;  // relative to the world
  const char* source = nullptr;
};

// A control group that is made for this environment alone, of a version 1 or 2 hierarchy.
struct ControlGroup {
  const char* directory = nullptr;
  bool has_memory = false;
  bool has_pids = false;
  bool is_unified = false;
};

struct Plan {
  static constexpr std::size_t kBindsMax = 48;
  static constexpr std::size_t kGroupsMax = 2;

  bool probe = false;           // set everything up, say kReady, end
  const char* world = nullptr;  // the function's root directory: private namespaces; else none
  bool user_namespace = false;  // made without root's rights
  long user = -1;               // who the function runs as, -1: who we are
  Bind binds[kBindsMax];        // bind=TARGET=SOURCE
  std::size_t bind_count = 0;
  ControlGroup groups[kGroupsMax];  // memory_group=, pids_group=, unified_group=
  std::size_t group_count = 0;
  const char* directory = "/";  // where PROGRAM starts
  long tmp_mb = 512;            // size of the private /tmp, and of the largest file
  long memory_mb = 128;         // of all the environment's processes together
  char** command = nullptr;     // PROGRAM ARGUMENT..., null-terminated
};

Plan read_plan(int argc, char** argv);

}  // namespace pawl::functions::environment
