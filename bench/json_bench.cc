// json_bench FILE...: how long parsing, reading, building and printing take on the given documents,
// beside simdjson's own figures in the same run. One JSON line a row; nanoseconds of processor
// time, the median of the repetitions. The documents must be orders: {"items":[{"price":...}...],
// ...}.
#include <simdjson.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "json/number.h"
#include "json/value.h"
#include "json/writer.h"

namespace {

using pawl::json::Arena;
using pawl::json::Node;
using pawl::json::ObjectBuilder;
using pawl::json::Value;

constexpr double kSecondsPerRow = 0.4;

// Where every measured body leaves a number, so that none is optimised away.
volatile std::size_t sink = 0;

// Time this thread was on a processor, so that busy neighbours do not count.
double processor_nanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// The median time of one call, each sample long enough for the clock.
double nanoseconds_per_call(const std::function<std::size_t()>& body) {
  const auto sample = [&body](std::size_t calls) {
    const double start = processor_nanoseconds();
    for (std::size_t i = 0; i < calls; ++i) sink = sink + body();
    return processor_nanoseconds() - start;
  };
  const double once = std::max(50.0, sample(3) / 3);
  const auto calls = static_cast<std::size_t>(std::max(1.0, 1e6 / once));
  std::vector<double> samples;
  for (double spent = 0; spent < kSecondsPerRow * 1e9; spent += samples.back()) {
    samples.push_back(sample(calls));
  }
  std::ranges::nth_element(samples, samples.begin() + static_cast<long>(samples.size() / 2));
  return samples[samples.size() / 2] / static_cast<double>(calls);
}

class Report {
 public:
  Report(std::string document, std::size_t bytes) : document_(std::move(document)), bytes_(bytes) {}

  void row(const char* name, const char* who, const std::function<std::size_t()>& body) const {
    const double nanoseconds = nanoseconds_per_call(body);
    std::string line;
    pawl::json::Writer writer(line);
    writer.begin_object().key("row").string(name).key("who").string(who);
    writer.key("document").string(document_).key("bytes").integer(static_cast<long>(bytes_));
    writer.key("nanoseconds").integer(static_cast<long>(nanoseconds));
    const double megabytes = static_cast<double>(bytes_) * 1e3 / nanoseconds;
    writer.key("megabytes_per_second").integer(static_cast<long>(megabytes)).end_object();
    std::puts(line.c_str());
    std::fflush(stdout);
  }

 private:
  std::string document_;
  std::size_t bytes_;
};

double sum_of_prices(Node order) {
  double sum = 0;
  for (const Node& item : *order.find("items")) {
    sum += pawl::json::to_double(item.find("price")->number_text());
  }
  return sum;
}

// A new order around the untouched items of the old one, as a state's output mostly is.
Node reshaped(Node order, Arena& arena) {
  ObjectBuilder builder(arena);
  builder.set("status", arena.string("priced"));
  builder.set("total", arena.real(129.95));
  builder.set("items", *order.find("items"));
  builder.set("customer", *order.find("customer"));
  return builder.finish();
}

void measure_parsing(const Report& report, const std::string& text) {
  report.row("parse", "pawl", [&] { return Value::parse(text)->root().size(); });
  report.row("parse into arena", "pawl", [&] {
    Arena arena;
    return pawl::json::parse_into(arena, text)->size();
  });
  const simdjson::padded_string padded(text);
  simdjson::dom::parser dom;
  report.row("parse", "simdjson dom, parser reused",
             [&] { return dom.parse(padded).get_object().value_unsafe().size(); });
  report.row("parse", "simdjson dom, fresh parser", [&] {
    simdjson::dom::parser fresh;
    return fresh.parse(padded).get_object().value_unsafe().size();
  });
}

void measure_reading(const Report& report, const std::string& text) {
  const Value order = Value::trusted(text);
  report.row("sum of prices, parsed before", "pawl",
             [&] { return static_cast<std::size_t>(sum_of_prices(order.root())); });
  report.row("sum of prices, with parse", "pawl",
             [&] { return static_cast<std::size_t>(sum_of_prices(Value::trusted(text).root())); });
  const simdjson::padded_string padded(text);
  simdjson::ondemand::parser ondemand;
  report.row("sum of prices, with parse", "simdjson ondemand, parser reused", [&] {
    double sum = 0;
    auto document = ondemand.iterate(padded);
    for (auto item : document["items"]) sum += double(item["price"]);
    return static_cast<std::size_t>(sum);
  });
}

void measure_writing(const Report& report, const std::string& text) {
  const Value order = Value::trusted(text);
  report.row("build and splice", "pawl", [&] {
    Arena arena;
    return Value::of(reshaped(order.root(), arena)).bytes();
  });
  report.row("print, source compact", "pawl", [&] { return print(order.root()).size(); });
  // A blank in every container: nothing can be copied whole.
  std::string spaced;
  for (const char c : text) spaced += (c == '{' || c == '[') ? std::string{c, ' '} : std::string{c};
  const auto loose = Value::parse(spaced);
  report.row("print, every node", "pawl", [&] { return print(loose->root()).size(); });
  simdjson::dom::parser dom;
  const simdjson::dom::element element = dom.parse(text).value_unsafe();
  report.row("print, every node", "simdjson dom",
             [&] { return simdjson::to_string(element).size(); });
  const auto same = Value::parse(text);
  report.row("equal", "pawl", [&] { return std::size_t{equal(loose->root(), same->root())}; });
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    const Report report(std::filesystem::path(argv[i]).stem().string(), text.size());
    measure_parsing(report, text);
    measure_reading(report, text);
    measure_writing(report, text);
  }
  return argc > 1 ? 0 : 2;
}
