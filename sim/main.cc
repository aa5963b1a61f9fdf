// pawl_sim: runs many simulated worlds, one a seed. Prints the first seed that breaks a promise and
// ends with 1; otherwise one JSON line about what the worlds went through.
//
//   pawl_sim [--seed FIRST] [--count N] [--rounds N]
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "simulation.h"

int main(int argc, char** argv) {
  std::uint64_t first = 1;
  std::uint64_t count = 1'000;
  pawl::sim::Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const auto value = std::strtoull(argv[i + 1], nullptr, 10);
    if (name == "--seed") first = value;
    if (name == "--count") count = value;
    if (name == "--rounds") options.rounds = static_cast<int>(value);
  }
  pawl::sim::Report sum;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const pawl::sim::Report report = pawl::sim::simulate(seed, options);
    if (report.problem) {
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed),
                  report.problem->c_str());
      return 1;
    }
    sum.crashes += report.crashes;
    sum.lost_batches += report.lost_batches;
    sum.acknowledged += report.acknowledged;
    sum.answers += report.answers;
    sum.pauses += report.pauses;
    sum.redrives += report.redrives;
    sum.map_runs += report.map_runs;
    sum.children += report.children;
    sum.events += report.events;
  }
  std::printf(
      R"({"worlds":%llu,"crashes":%d,"lost_batches":%d,"executions":%d,"answers":%d,)"
      R"("pauses":%d,"redrives":%d,"map_runs":%zu,"children":%zu,"events":%llu,"problems":0})"
      "\n",
      static_cast<unsigned long long>(count), sum.crashes, sum.lost_batches, sum.acknowledged,
      sum.answers, sum.pauses, sum.redrives, sum.map_runs, sum.children,
      static_cast<unsigned long long>(sum.events));
}
