// Retry (ASL, "Retrying After Error"): attempts are counted by retrier and by visit of the state.
#include <cmath>

#include "machine/error_match.h"
#include "machine/recovery.h"

namespace pawl::machine {
namespace {

// The longest delay that the language can name: MaxDelaySeconds ends below 31,622,400.
constexpr double kDelaySecondsMax = 31'622'400;

// min(Interval x Rate^attempts, MaxDelay); FULL jitter draws uniformly from 0 to that.
double delay_seconds(const asl::Retrier& retrier, std::int32_t attempts, Rng& rng) {
  double delay = static_cast<double>(retrier.interval_seconds) *
                 std::pow(retrier.backoff_rate, static_cast<double>(attempts));
  const double most = retrier.max_delay_seconds ? static_cast<double>(*retrier.max_delay_seconds)
                                                : kDelaySecondsMax;
  if (!(delay < most)) delay = most;  // also when the power overflowed
  if (retrier.jitter == asl::Retrier::Jitter::kFull) delay *= uniform_unit(rng);
  return delay;
}

std::int32_t used_attempts(const Strand& strand, std::size_t retrier) {
  return retrier < strand.retries.size() ? strand.retries[retrier] : 0;
}

}  // namespace

namespace {

// The first retrier that matches decides, even when it says no.
std::optional<std::size_t> find_retrier(const asl::State& state, const Strand& visit,
                                        const Strand& failed) {
  for (std::size_t index = 0; index < state.retry.size(); ++index) {
    const asl::Retrier& retrier = state.retry[index];
    if (!matches(retrier.error_equals, failed)) continue;
    if (used_attempts(visit, index) >= retrier.max_attempts) return std::nullopt;
    return index;
  }
  return std::nullopt;
}

}  // namespace

std::optional<RetryScheduled> find_retry(const Work& work) {
  const auto index = find_retrier(work.state, work.strand, work.strand);
  if (!index) return std::nullopt;
  const double seconds =
      delay_seconds(work.state.retry[*index], used_attempts(work.strand, *index), work.rng);
  return RetryScheduled{
      .retrier = static_cast<std::int32_t>(*index),
      .due = work.context.now + static_cast<WallMillis>(std::llround(seconds * 1'000))};
}

bool retries(const asl::State& state, const Strand& container, const Strand& failed) {
  return find_retrier(state, container, failed).has_value();
}

}  // namespace pawl::machine
