// The layout spike: how many closed-at-once runs a second the store takes, at what CPU a run, for
// one layout of rows, with retention and compaction going on. Prints one JSON line.
//
//   store_bench --directory=DIR [--layout=rows3] [--seconds=60] [--retention-seconds=30] ...
//
// See docs/adr/0003-store-layout.md for the layouts and what came out.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "base/rng.h"
#include "store/rocks_database.h"
#include "store/rocks_store.h"

namespace pawl::store {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Settings {
  std::string directory;
  // rows3: index by hash (full summary), list row (short), history.
  // rows3_pointer: index by hash (a pointer), list row (full summary), history.
  // rows2: list row with the summary, history; no way to find a run by its ARN.
  // rows2_inline: index by hash with summary and history in it, list row (short).
  // rows1: all of it in the list row.
  std::string layout = "rows3";
  std::string history_key = "time";  // time: start time, run; hash: run
  std::string families = "two";      // one: everything in the state family
  // filter: rows expire by themselves; rows: each is deleted; range: history by ranges, the others
  // by rows; sweep: as range, and what is expired is found by walking history and reading rows.
  std::string deletion = "filter";
  std::string state_compaction = "level";
  std::string history_compaction = "level";
  std::string compression = "lz4";
  std::uint64_t blob_bytes_min = 0;
  std::uint64_t memtable_mib = 32;
  std::uint64_t level_base_mib = Tuning().state.level_base_bytes >> 20;
  // Divides memtables, files and levels, so that minutes of load make the tree of hours.
  std::uint64_t scale = 1;
  std::uint64_t in_flight = 512;
  std::uint64_t rate = 0;  // runs a second; 0: as many as go
  std::uint64_t seconds = 20;
  std::uint64_t retention_seconds = 0;  // 0: nothing expires
  std::uint64_t history_bytes = 500;
  std::uint64_t lookup = 0;     // 1: asks for the index row first, as StartExecution must
  std::uint64_t table_age = 1;  // 0: expired tables wait for other compaction to come by
  std::uint64_t series = 0;     // 1: a line of progress every ten seconds on stderr
};

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double process_cpu_seconds() {
  rusage usage;
  ::getrusage(RUSAGE_SELF, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

std::uint64_t now_ms() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now().time_since_epoch())
          .count());
}

// Number after `name:` in one of /proc/self's files.
std::uint64_t proc_number(const char* file, std::string_view name) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(name)) return std::strtoull(line.c_str() + name.size() + 1, nullptr, 10);
  }
  return 0;
}

struct Run {
  ShardId shard;
  std::uint64_t start_ms;
  std::uint64_t machine;
  std::string id;  // 16 bytes: the hash of the run's ARN
};

std::string list_key(const Run& run) {
  std::string key = "l";
  put_big_endian_64(key, run.machine);
  put_big_endian_64(key, ~run.start_ms);
  return key + run.id;
}

std::string history_key(const Settings& settings, const Run& run) {
  std::string key = "h";
  if (settings.history_key == "time") put_big_endian_64(key, run.start_ms);
  key += run.id;
  put_big_endian_32(key, 1);
  return key;
}

Space history_space(const Settings& settings) {
  return settings.families == "one" ? Space::kState : Space::kHistory;
}

// Writes what one run leaves behind. Values begin with the time they were closed, so that the
// compaction filter can tell an expired row by itself.
class Generator {
 public:
  explicit Generator(const Settings& settings) : settings_(settings) {
    for (int i = 0; i < (1 << 20); ++i) text_ += static_cast<char>('a' + rng_.next() % 26);
  }

  Run next_run() {
    Run run;
    put_big_endian_64(run.id, rng_.next());
    put_big_endian_64(run.id, rng_.next());
    run.shard = static_cast<ShardId>(rng_.next() % kShardCount);
    run.machine = 0x9e3779b97f4a7c15u * (1 + rng_.next() % 8);
    run.start_ms = now_ms();
    return run;
  }

  Batch rows_of(const Run& run) {
    Batch batch;
    const auto& layout = settings_.layout;
    const bool summary_in_list =
        layout == "rows3_pointer" || layout == "rows2" || layout == "rows1";
    if (layout != "rows2" && layout != "rows1") {
      std::string index = summary_in_list ? value(run, 0) : value(run, 150);
      if (summary_in_list) put_big_endian_64(index, run.machine);
      if (layout == "rows2_inline") index += history_text(run);
      batch.put(Space::kState, "i" + run.id, std::move(index));
    }
    std::string row = summary_in_list ? value(run, 150) : value(run, 40);
    if (layout == "rows1") row += history_text(run);
    batch.put(Space::kState, list_key(run), std::move(row));
    if (layout != "rows2_inline" && layout != "rows1") {
      batch.put(history_space(settings_), history_key(settings_, run),
                value(run, 0) + history_text(run));
    }
    return batch;
  }

  void erase(const Run& run, Batch& batch) const {
    const auto& layout = settings_.layout;
    if (layout != "rows2" && layout != "rows1") batch.erase(Space::kState, "i" + run.id);
    batch.erase(Space::kState, list_key(run));
    if (settings_.deletion == "rows" && layout != "rows2_inline" && layout != "rows1") {
      batch.erase(history_space(settings_), history_key(settings_, run));
    }
  }

 private:
  std::string value(const Run& run, std::size_t bytes) {
    std::string value;
    put_big_endian_64(value, run.start_ms);
    append_text(value, bytes);
    return value;
  }

  // Events as they are: names that come again and again, and identifiers and payloads that do not.
  std::string history_text(const Run& run) {
    std::string text;
    while (text.size() < settings_.history_bytes) {
      text += "\x03\x07HelloWorld\x01{\"Comment\":\"";
      append_text(text, 40);
      text += "\",\"id\":\"";
      text += run.id;
      text += "\",\"status\":\"SUCCEEDED\",\"startDate\":";
      text += std::to_string(run.start_ms);
      text += "}";
    }
    text.resize(settings_.history_bytes);
    return text;
  }

  void append_text(std::string& out, std::size_t bytes) {
    out.append(text_, rng_.next() % (text_.size() - bytes), bytes);
  }

  const Settings& settings_;
  SeededRng rng_{42};
  std::string text_;
};

// Takes batches and does nothing: what the generator itself costs.
class NullStore final : public Store {
 public:
  void commit(ShardId, Batch, Committed done) override { done(Outcome::kCommitted); }
  void drain() override {}
  std::optional<std::string> get(ShardId, Space, std::string_view) const override { return {}; }
  void scan(ShardId, Space, std::string_view, std::string_view, Direction,
            const Visit&) const override {}
  Result<void, StoreError> backup(const std::string&) override { return {}; }
  bool has_space() const override { return true; }
  Stats stats() const override { return {}; }
};

// Latencies in microseconds, in buckets of 2 % width.
class Histogram {
 public:
  void add(double micros) {
    const auto bucket = static_cast<std::size_t>(std::log2(std::max(micros, 1.0)) * 35);
    buckets_[std::min(bucket, buckets_.size() - 1)]++;
    ++count_;
    max_ = std::max(max_, micros);
  }
  double quantile(double part) const {
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
      seen += buckets_[bucket];
      if (static_cast<double>(seen) >= part * static_cast<double>(count_)) {
        return std::exp2((static_cast<double>(bucket) + 0.5) / 35);
      }
    }
    return max_;
  }
  double max() const { return max_; }

 private:
  std::vector<std::uint64_t> buckets_ = std::vector<std::uint64_t>(1200);
  std::uint64_t count_ = 0;
  double max_ = 0;
};

// Keeps `in_flight` runs outstanding and deletes what is older than the retention time.
class Load {
 public:
  Load(const Settings& settings, Store& store) : settings_(settings), store_(store) {}

  void run(double seconds) {
    const auto started = SteadyClock::now();
    auto elapsed = [&started] {
      return std::chrono::duration<double>(SteadyClock::now() - started).count();
    };
    double next_line = 10;
    std::uint64_t runs_at_line = 0;
    while (elapsed() < seconds) {
      wait_for_slot();
      if (settings_.rate > 0) keep_rate(started);
      start_run();
      if (settings_.series > 0 && elapsed() >= next_line) {
        next_line += 10;
        print_progress(elapsed(), runs_ - runs_at_line);
        runs_at_line = runs_;
      }
    }
    std::unique_lock lock(mutex_);
    wake_at_ = settings_.in_flight;
    slot_freed_.wait(lock, [this] { return free_slots_ == settings_.in_flight; });
    seconds_ = elapsed();
  }

  std::uint64_t runs() const { return runs_; }
  double seconds() const { return seconds_; }
  const Histogram& latencies() const { return latencies_; }

 private:
  void wait_for_slot() {
    std::unique_lock lock(mutex_);
    if (free_slots_ == 0) slot_freed_.wait(lock, [this] { return free_slots_ > 0; });
    --free_slots_;
  }

  void keep_rate(SteadyClock::time_point started) {
    const auto due = started + std::chrono::nanoseconds(runs_ * 1'000'000'000 / settings_.rate);
    if (due - SteadyClock::now() > std::chrono::milliseconds(1)) std::this_thread::sleep_until(due);
  }

  void start_run() {
    Run run = generator_.next_run();
    ++runs_;
    if (settings_.lookup > 0 && store_.get(run.shard, Space::kState, "i" + run.id)) std::abort();
    const auto handed_over = SteadyClock::now();
    store_.commit(run.shard, generator_.rows_of(run), [this, handed_over](Outcome) {
      const std::chrono::duration<double, std::micro> taken = SteadyClock::now() - handed_over;
      const std::lock_guard lock(mutex_);
      latencies_.add(taken.count());
      if (++free_slots_ == wake_at_) slot_freed_.notify_one();
    });
    if (settings_.retention_seconds == 0 || settings_.deletion == "filter") return;
    if (settings_.deletion != "sweep") alive_[run.shard].push_back(std::move(run));
    // Each shard in its turn, so that each batch deletes what 64 * 64 starts have let expire.
    if (runs_ % 64 != 0) return;
    const auto shard = static_cast<ShardId>(runs_ / 64 % kShardCount);
    const std::uint64_t horizon_ms = now_ms() - settings_.retention_seconds * 1000;
    Batch batch =
        settings_.deletion == "sweep" ? sweep(shard, horizon_ms) : retire(shard, horizon_ms);
    if (!batch.empty()) store_.commit(shard, std::move(batch), [](Outcome) {});
  }

  Batch retire(ShardId shard, std::uint64_t horizon_ms) {
    std::deque<Run>& alive = alive_[shard];
    Batch batch;
    while (!alive.empty() && alive.front().start_ms < horizon_ms) {
      generator_.erase(alive.front(), batch);
      alive.pop_front();
    }
    if (settings_.deletion == "range" && !batch.empty()) drop_history(horizon_ms, batch);
    return batch;
  }

  // Finds expired runs by their history, as one must who does not keep them in memory.
  Batch sweep(ShardId shard, std::uint64_t horizon_ms) {
    Batch batch;
    store_.scan(shard, history_space(settings_), "h", history_bound(horizon_ms),
                Store::Direction::kForward, [&](std::string_view key, std::string_view) {
                  ByteReader reader(key.substr(1));
                  Run run{shard, reader.big_endian_64(), 0, std::string(reader.take(16))};
                  const auto pointer = store_.get(shard, Space::kState, "i" + run.id);
                  if (!pointer) return true;
                  run.machine = ByteReader(std::string_view(*pointer).substr(8)).big_endian_64();
                  if (store_.get(shard, Space::kState, list_key(run))) {
                    generator_.erase(run, batch);
                  }
                  return true;
                });
    if (!batch.empty()) drop_history(horizon_ms, batch);
    return batch;
  }

  static std::string history_bound(std::uint64_t horizon_ms) {
    std::string bound = "h";
    put_big_endian_64(bound, horizon_ms);
    return bound;
  }

  void drop_history(std::uint64_t horizon_ms, Batch& batch) const {
    batch.deleted_ranges.push_back({history_space(settings_), "h", history_bound(horizon_ms)});
  }

  void print_progress(double elapsed, std::uint64_t runs) {
    const Store::Stats stats = store_.stats();
    std::fprintf(
        stderr, "%5.0fs %8.0f runs/s  %6.0f MB on disk  %6.0f MB debt  %4.0f MB resident\n",
        elapsed, static_cast<double>(runs) / 10, static_cast<double>(stats.disk_bytes) / 1e6,
        static_cast<double>(stats.compaction_debt_bytes) / 1e6,
        static_cast<double>(proc_number("/proc/self/status", "VmRSS")) / 1e3);
  }

  const Settings& settings_;
  Store& store_;
  Generator generator_{settings_};
  std::uint64_t runs_ = 0;
  double seconds_ = 0;
  std::deque<Run> alive_[kShardCount];
  std::mutex mutex_;
  std::condition_variable slot_freed_;
  std::uint64_t free_slots_ = settings_.in_flight;
  // Not at the first slot: real clients do not all wait for one thread.
  std::uint64_t wake_at_ = (settings_.in_flight + 1) / 2;
  Histogram latencies_;
};

double generator_cpu_micros(Settings settings) {
  settings.rate = 0;
  settings.series = 0;
  NullStore store;
  Load load(settings, store);
  const double before = process_cpu_seconds();
  load.run(2);
  return (process_cpu_seconds() - before) * 1e6 / static_cast<double>(load.runs());
}

// The median of appending 4 KiB and fdatasync, on the same file system.
double fdatasync_p50_micros(const std::string& directory) {
  const std::string path = directory + "/fdatasync";
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const std::string block(4096, 'x');
  std::vector<double> taken;
  for (int i = 0; i < 1000; ++i) {
    const auto before = SteadyClock::now();
    if (::write(file, block.data(), block.size()) < 0 || ::fdatasync(file) != 0) std::abort();
    taken.push_back(std::chrono::duration<double, std::micro>(SteadyClock::now() - before).count());
  }
  ::close(file);
  std::filesystem::remove(path);
  std::nth_element(taken.begin(), taken.begin() + 500, taken.end());
  return taken[500];
}

rocksdb::CompactionStyle compaction_style(const std::string& name) {
  return name == "universal" ? rocksdb::kCompactionStyleUniversal : rocksdb::kCompactionStyleLevel;
}

Tuning tuning_of(const Settings& settings) {
  Tuning tuning;
  tuning.state.compaction = compaction_style(settings.state_compaction);
  tuning.history.compaction = compaction_style(settings.history_compaction);
  for (FamilyTuning* family : {&tuning.state, &tuning.history}) {
    family->compression = settings.compression == "zstd"   ? rocksdb::kZSTD
                          : settings.compression == "none" ? rocksdb::kNoCompression
                                                           : rocksdb::kLZ4Compression;
    family->memtable_bytes = (settings.memtable_mib << 20) / settings.scale;
    family->level_base_bytes = (settings.level_base_mib << 20) / settings.scale;
    family->file_bytes /= settings.scale;
  }
  tuning.history.blob_bytes_min = settings.blob_bytes_min;
  if (settings.layout == "rows2_inline" || settings.families == "one" ||
      settings.layout == "rows1") {
    tuning.state.blob_bytes_min = settings.blob_bytes_min;
  }
  return tuning;
}

RocksOptions options_of(const Settings& settings) {
  RocksOptions options;
  options.directory = settings.directory + "/store";
  if (settings.retention_seconds > 0 && settings.deletion == "filter") {
    const std::uint64_t retention_ms = settings.retention_seconds * 1000;
    if (settings.table_age > 0) options.expires_after_seconds = settings.retention_seconds;
    options.expired = [retention_ms](Space, std::string_view, std::string_view value) {
      return ByteReader(value).big_endian_64() + retention_ms < now_ms();
    };
  }
  return options;
}

void print_row(const Settings& settings, const Load& load, double cpu_seconds,
               double generator_micros, const Store& store, std::uint64_t written_bytes) {
  const Store::Stats stats = store.stats();
  const auto runs = static_cast<double>(load.runs());
  std::printf(
      "{\"bench\":\"store\",\"layout\":\"%s\",\"history_key\":\"%s\",\"families\":\"%s\","
      "\"deletion\":\"%s\",\"state\":\"%s\",\"history\":\"%s\",\"compression\":\"%s\","
      "\"blob_bytes_min\":%lu,\"memtable_mib\":%lu,\"level_base_mib\":%lu,\"scale\":%lu,"
      "\"in_flight\":%lu,\"retention_s\":%lu,"
      "\"history_bytes\":%lu,\"seconds\":%.1f,\"runs_per_s\":%.0f,\"cpu_us_per_run\":%.1f,"
      "\"generator_us_per_run\":%.1f,\"cores\":%.2f,\"runs_per_sync\":%.1f,\"p50_us\":%.0f,"
      "\"p99_us\":%.0f,\"p999_us\":%.0f,\"max_ms\":%.0f,\"bytes_per_run\":%.0f,"
      "\"written_per_run\":%.0f,\"disk_mb\":%.0f,\"debt_mb\":%.0f,\"peak_rss_mb\":%.0f,"
      "\"fdatasync_p50_us\":%.0f}\n",
      settings.layout.c_str(), settings.history_key.c_str(), settings.families.c_str(),
      settings.deletion.c_str(), settings.state_compaction.c_str(),
      settings.history_compaction.c_str(), settings.compression.c_str(), settings.blob_bytes_min,
      settings.memtable_mib, settings.level_base_mib, settings.scale, settings.in_flight,
      settings.retention_seconds, settings.history_bytes, load.seconds(), runs / load.seconds(),
      cpu_seconds * 1e6 / runs - generator_micros, generator_micros, cpu_seconds / load.seconds(),
      runs / static_cast<double>(stats.syncs), load.latencies().quantile(0.5),
      load.latencies().quantile(0.99), load.latencies().quantile(0.999),
      load.latencies().max() / 1e3, static_cast<double>(stats.bytes) / runs,
      static_cast<double>(written_bytes) / runs, static_cast<double>(stats.disk_bytes) / 1e6,
      static_cast<double>(stats.compaction_debt_bytes) / 1e6,
      static_cast<double>(proc_number("/proc/self/status", "VmHWM")) / 1e3,
      fdatasync_p50_micros(settings.directory));
}

bool parse(int count, char** arguments, Settings& settings) {
  const std::map<std::string_view, std::string*> texts = {
      {"directory", &settings.directory},        {"layout", &settings.layout},
      {"history-key", &settings.history_key},    {"families", &settings.families},
      {"deletion", &settings.deletion},          {"state", &settings.state_compaction},
      {"history", &settings.history_compaction}, {"compression", &settings.compression}};
  const std::map<std::string_view, std::uint64_t*> numbers = {
      {"blob-bytes-min", &settings.blob_bytes_min},
      {"memtable-mib", &settings.memtable_mib},
      {"level-base-mib", &settings.level_base_mib},
      {"scale", &settings.scale},
      {"in-flight", &settings.in_flight},
      {"rate", &settings.rate},
      {"seconds", &settings.seconds},
      {"retention-seconds", &settings.retention_seconds},
      {"history-bytes", &settings.history_bytes},
      {"lookup", &settings.lookup},
      {"table-age", &settings.table_age},
      {"series", &settings.series}};
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    const std::size_t equals = argument.find('=');
    if (!argument.starts_with("--") || equals == std::string_view::npos) return false;
    const std::string_view name = argument.substr(2, equals - 2);
    const std::string value(argument.substr(equals + 1));
    if (const auto text = texts.find(name); text != texts.end()) {
      *text->second = value;
    } else if (const auto number = numbers.find(name); number != numbers.end()) {
      *number->second = std::strtoull(value.c_str(), nullptr, 10);
    } else {
      return false;
    }
  }
  return !settings.directory.empty();
}

int main_of(int count, char** arguments) {
  Settings settings;
  if (!parse(count, arguments, settings)) {
    std::fprintf(stderr, "wrong arguments; the first lines of store_bench.cc name them\n");
    return 2;
  }
  std::filesystem::create_directories(settings.directory);
  const double generator_micros = generator_cpu_micros(settings);
  auto opened = open_rocks_store(options_of(settings), tuning_of(settings));
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().message.c_str());
    return 1;
  }
  const std::unique_ptr<Store> store = std::move(opened).value();
  Load load(settings, *store);
  const double cpu_before = process_cpu_seconds();
  const std::uint64_t written_before = proc_number("/proc/self/io", "wchar");
  load.run(static_cast<double>(settings.seconds));
  const double cpu_seconds = process_cpu_seconds() - cpu_before;
  const std::uint64_t written = proc_number("/proc/self/io", "wchar") - written_before;
  print_row(settings, load, cpu_seconds, generator_micros, *store, written);
  return 0;
}

}  // namespace
}  // namespace pawl::store

int main(int count, char** arguments) { return pawl::store::main_of(count, arguments); }
