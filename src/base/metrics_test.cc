#include "base/metrics.h"

#include <gtest/gtest.h>

namespace pawl {
namespace {

TEST(Metrics, APageIsWhatPrometheusReads) {
  Counter starts;
  starts.add(3);
  MetricsText text;
  text.counter("pawl_starts_total", "Executions started.").sample(starts.value());
  text.gauge("pawl_queue", "What waits.").sample(0, {{"of", "a"}}).sample(7, {{"of", "b\"\\\n"}});
  EXPECT_EQ(text.take(),
            "# HELP pawl_starts_total Executions started.\n"
            "# TYPE pawl_starts_total counter\n"
            "pawl_starts_total 3\n"
            "# HELP pawl_queue What waits.\n"
            "# TYPE pawl_queue gauge\n"
            "pawl_queue{of=\"a\"} 0\n"
            "pawl_queue{of=\"b\\\"\\\\\\n\"} 7\n");
}

TEST(Metrics, BucketsOfAHistogramAddUp) {
  LatencyHistogram histogram;
  histogram.observe(-1);
  histogram.observe(50);
  histogram.observe(51);
  histogram.observe(90'000'000);
  MetricsText text;
  text.histogram("t_seconds", "Time.").sample(histogram.snapshot(), {{"kind", "x"}});
  const std::string page = text.take();
  EXPECT_NE(page.find("t_seconds_bucket{kind=\"x\",le=\"5e-05\"} 2\n"), std::string::npos) << page;
  EXPECT_NE(page.find("t_seconds_bucket{kind=\"x\",le=\"1e-04\"} 3\n"), std::string::npos) << page;
  EXPECT_NE(page.find("t_seconds_bucket{kind=\"x\",le=\"60\"} 3\n"), std::string::npos) << page;
  EXPECT_NE(page.find("t_seconds_bucket{kind=\"x\",le=\"+Inf\"} 4\n"), std::string::npos) << page;
  EXPECT_NE(page.find("t_seconds_sum{kind=\"x\"} 90.000101\n"), std::string::npos) << page;
  EXPECT_NE(page.find("t_seconds_count{kind=\"x\"} 4\n"), std::string::npos) << page;
}

}  // namespace
}  // namespace pawl
