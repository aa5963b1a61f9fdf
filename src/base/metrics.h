// What a server counts about itself, and how monitoring reads it (Prometheus, "Text-based format",
// version 0.0.4).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace pawl {

// Only grows. Any thread.
class Counter {
 public:
  void add(std::uint64_t count = 1) { value_.fetch_add(count, std::memory_order_relaxed); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// How long something took, in buckets from 50 us to a minute. Any thread.
class LatencyHistogram {
 public:
  static constexpr std::array<std::int64_t, 19> kBoundsMicros = {
      50,        100,       250,        500,        1'000,     2'500,   5'000,
      10'000,    25'000,    50'000,     100'000,    250'000,   500'000, 1'000'000,
      2'500'000, 5'000'000, 10'000'000, 30'000'000, 60'000'000};

  void observe(MonotonicMicros micros);

  struct Snapshot {
    std::array<std::uint64_t, kBoundsMicros.size() + 1> counts{};  // the last: above all bounds
    std::uint64_t sum_micros = 0;
  };
  // Of one moment only as far as nobody observes meanwhile.
  Snapshot snapshot() const;

 private:
  std::array<std::atomic<std::uint64_t>, kBoundsMicros.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_micros_{0};
};

// Builds one page of metrics.
class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Begins a family; its samples follow.
  MetricsText& counter(std::string_view name, std::string_view help);
  MetricsText& gauge(std::string_view name, std::string_view help);
  MetricsText& histogram(std::string_view name, std::string_view help);

  MetricsText& sample(std::uint64_t value, Labels labels = {});
  MetricsText& sample(const LatencyHistogram::Snapshot& snapshot, Labels labels = {});

  std::string take() { return std::move(text_); }

 private:
  MetricsText& family(std::string_view name, std::string_view help, std::string_view type);
  void line(std::string_view suffix, Labels labels, std::string_view bound, std::string_view value);

  std::string text_;
  std::string name_;
};

}  // namespace pawl
