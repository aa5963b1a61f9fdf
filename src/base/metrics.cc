#include "base/metrics.h"

#include <algorithm>
#include <charconv>

namespace pawl {

namespace {

// Micros as seconds, shortest text.
std::string seconds_text(std::uint64_t micros) {
  char digits[32];
  const auto end =
      std::to_chars(digits, digits + sizeof digits, static_cast<double>(micros) / 1e6).ptr;
  return {digits, end};
}

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
  out += out.back() == '{' ? "" : ",";
  out.append(name).append("=\"");
  append_escaped(out, value);
  out += '"';
}

}  // namespace

void LatencyHistogram::observe(MonotonicMicros micros) {
  const std::int64_t value = std::max<std::int64_t>(micros, 0);
  const auto bound = std::lower_bound(kBoundsMicros.begin(), kBoundsMicros.end(), value);
  counts_[static_cast<std::size_t>(bound - kBoundsMicros.begin())].fetch_add(
      1, std::memory_order_relaxed);
  sum_micros_.fetch_add(static_cast<std::uint64_t>(value), std::memory_order_relaxed);
}

LatencyHistogram::Snapshot LatencyHistogram::snapshot() const {
  Snapshot snapshot;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    snapshot.counts[i] = counts_[i].load(std::memory_order_relaxed);
  }
  snapshot.sum_micros = sum_micros_.load(std::memory_order_relaxed);
  return snapshot;
}

MetricsText& MetricsText::family(std::string_view name, std::string_view help,
                                 std::string_view type) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
  text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
  return *this;
}

MetricsText& MetricsText::counter(std::string_view name, std::string_view help) {
  return family(name, help, "counter");
}
MetricsText& MetricsText::gauge(std::string_view name, std::string_view help) {
  return family(name, help, "gauge");
}
MetricsText& MetricsText::histogram(std::string_view name, std::string_view help) {
  return family(name, help, "histogram");
}

MetricsText& MetricsText::sample(std::uint64_t value, Labels labels) {
  line("", labels, "", std::to_string(value));
  return *this;
}

MetricsText& MetricsText::sample(const LatencyHistogram::Snapshot& snapshot, Labels labels) {
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < LatencyHistogram::kBoundsMicros.size(); ++i) {
    below += snapshot.counts[i];
    const auto bound = static_cast<std::uint64_t>(LatencyHistogram::kBoundsMicros[i]);
    line("_bucket", labels, seconds_text(bound), std::to_string(below));
  }
  below += snapshot.counts.back();
  line("_bucket", labels, "+Inf", std::to_string(below));
  line("_sum", labels, "", seconds_text(snapshot.sum_micros));
  line("_count", labels, "", std::to_string(below));
  return *this;
}

void MetricsText::line(std::string_view suffix, Labels labels, std::string_view bound,
                       std::string_view value) {
  text_.append(name_).append(suffix);
  if (labels.size() > 0 || !bound.empty()) {
    text_ += '{';
    for (const auto& [name, label] : labels) append_label(text_, name, label);
    if (!bound.empty()) append_label(text_, "le", bound);
    text_ += '}';
  }
  text_.append(" ").append(value).append("\n");
}

}  // namespace pawl
