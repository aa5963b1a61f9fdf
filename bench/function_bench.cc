// What the pool adds to a function: the same Node code called directly over a pipe, and through the
// pool, at 1 and at 64 in flight. Prints one JSON line.
//
//   function_bench [SECONDS]
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <vector>

#include "functions/pool.h"

namespace {

using pawl::functions::InvocationResult;

constexpr const char* kHandler = "exports.handler = async (event) => ({ n: event.n + 1 })\n";
// The same handler behind the leanest protocol there is: a JSON text a line.
constexpr const char* kDirect = R"(
const fs = require('fs');
const { handler } = require('./index.js');
const buffer = Buffer.allocUnsafe(65536);
const next = async () => {
  const text = buffer.utf8Slice(0, fs.readSync(0, buffer, 0, buffer.length, null));
  if (text === '') return;
  fs.writeSync(1, JSON.stringify(await handler(JSON.parse(text))) + '\n');
  setImmediate(next);
};
next();
)";
constexpr const char* kPayload =
    R"({"n":41,"name":"a payload of an ordinary kind","list":[1,2,3]})";

double now_micros() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

double own_cpu_micros() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto micros = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
  };
  return micros(usage.ru_utime) + micros(usage.ru_stime);
}

double p50(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

// A Node process at the other end of two pipes.
class Direct {
 public:
  explicit Direct(const std::string& directory) {
    int down[2];
    int up[2];
    ENSURE(pipe(down) == 0 && pipe(up) == 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(down[0], 0);
      dup2(up[1], 1);
      for (const int fd : {down[0], down[1], up[0], up[1]}) close(fd);
      if (chdir(directory.c_str()) == 0) execlp("node", "node", "direct.js", nullptr);
      _exit(1);
    }
    close(down[0]);
    close(up[1]);
    to_ = down[1];
    from_ = up[0];
  }
  Direct(const Direct&) = delete;
  Direct& operator=(const Direct&) = delete;
  ~Direct() {
    close(to_);
    close(from_);
    waitpid(pid_, nullptr, 0);
  }
  void call() {
    char answer[4096];
    const std::string_view payload = kPayload;
    ENSURE(write(to_, payload.data(), payload.size()) > 0 && read(from_, answer, 4096) > 0);
  }

 private:
  pid_t pid_ = 0;
  int to_ = -1;
  int from_ = -1;
};

double direct_p50(const std::string& directory, double seconds) {
  Direct process(directory);
  for (int i = 0; i < 2'000; ++i) process.call();
  std::vector<double> times;
  const double end = now_micros() + seconds * 1e6;
  for (double start = now_micros(); start < end; start = now_micros()) {
    process.call();
    times.push_back(now_micros() - start);
  }
  return p50(times);
}

// Keeps `in_flight` invocations running for a while.
class Load {
 public:
  Load(pawl::functions::Pool& pool, pawl::functions::SharedSpec spec)
      : pool_(pool), spec_(std::move(spec)) {}

  void run(int in_flight, double seconds) {
    times_.clear();
    open_ = in_flight;
    end_ = now_micros() + seconds * 1e6;
    for (int i = 0; i < in_flight; ++i) start();
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return open_ == 0; });
  }
  std::vector<double>& times() { return times_; }

 private:
  void start() {
    const double started = now_micros();
    pawl::functions::Invocation invocation;
    invocation.request_id = fmt::format("00000000-0000-4000-8000-{:012x}", ++id_);
    invocation.payload = payload_;
    pool_.invoke(spec_, std::move(invocation), [this, started](const InvocationResult& result) {
      ENSURE(result.kind == InvocationResult::Kind::kSucceeded, result.payload);
      finished(started);
    });
  }
  void finished(double started) {
    const double now = now_micros();
    {
      const std::lock_guard lock(mutex_);
      times_.push_back(now - started);
      if (now >= end_) {
        if (--open_ == 0) ended_.notify_one();
        return;
      }
    }
    start();
  }

  pawl::functions::Pool& pool_;
  pawl::functions::SharedSpec spec_;
  const pawl::json::Value payload_ = pawl::json::Value::trusted(kPayload);
  std::mutex mutex_;
  std::condition_variable ended_;
  std::vector<double> times_;
  std::atomic<std::uint64_t> id_{0};
  int open_ = 0;
  double end_ = 0;
};

void write_file(const std::string& path, const char* text) { std::ofstream(path) << text; }

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
  std::string directory = (std::filesystem::temp_directory_path() / "pawl-bench-XXXXXX").string();
  ENSURE(mkdtemp(directory.data()) != nullptr);
  ::chmod(directory.c_str(), 0755);  // functions run as users of their own
  write_file(directory + "/index.js", kHandler);
  write_file(directory + "/direct.js", kDirect);
  const double direct = direct_p50(directory, seconds);

  const pawl::SystemClock clock;
  pawl::functions::PoolOptions options;
  options.directory = directory + "/functions";
  auto opened = pawl::functions::Pool::open(options, clock);
  ENSURE(opened.ok());
  auto spec = std::make_shared<pawl::functions::FunctionSpec>();
  spec->identity = spec->name = "bench";
  spec->arn = "arn:aws:lambda:us-east-1:000000000000:function:bench";
  spec->runtime = "nodejs20.x";
  spec->handler = "index.handler";
  spec->code_directory = directory;
  {
    Load load(**opened, spec);
    load.run(1, 1);
    load.run(1, seconds);
    const double pool_1 = p50(load.times());
    load.run(64, 2);
    const double cpu = own_cpu_micros();
    const double start = now_micros();
    load.run(64, seconds);
    const auto count = static_cast<double>(load.times().size());
    const double spent = (now_micros() - start) / 1e6;
    fmt::print(
        R"({{"bench":"function","direct_p50_us":{:.1f},"pool_1_p50_us":{:.1f},"added_us":{:.1f},)"
        R"("pool_64_per_s":{:.0f},"pool_64_p50_us":{:.0f},"pool_cpu_us":{:.1f},"environments":{}}})"
        "\n",
        direct, pool_1, pool_1 - direct, count / spent, p50(load.times()),
        (own_cpu_micros() - cpu) / count, (*opened)->stats().environments);
  }
  opened->reset();
  std::filesystem::remove_all(directory);
  return 0;
}
