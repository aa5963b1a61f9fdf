// How long a call takes at its best.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>

namespace pawl::bench {

// Where every measured body leaves a number, so that none is optimised away.
inline volatile std::size_t sink = 0;

// Nanoseconds a call, of the fastest of all batches within `measured_ns`; a batch takes a
// millisecond or more, so that the clock does not count.
inline double best_nanoseconds(const std::function<std::size_t()>& body, double measured_ns) {
  using Clock = std::chrono::steady_clock;
  constexpr double kNanosecondsPerBatch = 1e6;
  const auto batch = [&body](std::size_t calls) {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < calls; ++i) sink = sink + body();
    return std::chrono::duration<double, std::nano>(Clock::now() - start).count();
  };
  std::size_t calls = 1;
  while (batch(calls) < kNanosecondsPerBatch) calls *= 2;
  double best = 1e18;
  for (double spent = 0; spent < measured_ns;) {
    const double taken = batch(calls);
    best = std::min(best, taken / static_cast<double>(calls));
    spent += taken;
  }
  return best;
}

}  // namespace pawl::bench
