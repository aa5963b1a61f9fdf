// What the environment's processes use, read from /proc.
#pragma once

namespace pawl::functions::environment {

// Private memory of every process of the environment, and the largest share of file pages among
// them, in KiB. This process, the supervisor, does not count.
long memory_used_kib();

// SIGKILL to each direct child of this process.
void kill_children();

}  // namespace pawl::functions::environment
