// One seed, one history of a world: real shards on a simulated clock and store, random state
// machines, Map Runs, and everything that goes wrong around them (decision D14). The same seed
// gives the same run, so a finding is its seed.
//
// Faults: the process dies at any moment; a batch is refused, or its outcome is unknown and it may
// be there or not; workers are slow, answer twice, answer what was never asked, or fail. Executions
// and their machine are paused and resumed at any moment, redriven, and in some worlds they halt
// where they would fail. Messages between shards come late.
//
// For Map Runs see map_run_checks.h. Checked throughout: what was acknowledged stays true; the
// durable history only ever grows at its end; ids have no gaps and times never go back; no timer
// fires early; what is acknowledged as paused takes no step. Checked at the end, after the faults
// have stopped: every acknowledged execution has closed, once, and nothing is left that start-up
// would hand out again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace pawl::sim {

struct Options {
  int executions = 6;
  int rounds = 250;  // with faults; the time to settle comes on top
};

struct Report {
  // What was found wrong, with the round; nothing when all held.
  std::optional<std::string> problem;
  int crashes = 0;
  int lost_batches = 0;
  int acknowledged = 0;
  int answers = 0;  // of workers
  int pauses = 0;   // acknowledged, of an execution or the machine
  int redrives = 0;
  std::size_t map_runs = 0;
  std::size_t children = 0;  // of Map Runs
  std::uint64_t events = 0;
};

Report simulate(std::uint64_t seed, const Options& options = {});

}  // namespace pawl::sim
