#include "functions/pool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>

#include "base/crc32c.h"
#include "functions/embedded.h"
#include "functions/environment/message.h"
#include "functions/scheduler.h"

namespace pawl::functions {
namespace {

constexpr int kProbeMillisMax = 5'000;
constexpr MonotonicMicros kStopMicrosMax = 5'000'000;

Result<void, PoolError> write_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string draft = path + ".new";
  FileDescriptor file(open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  const bool written = file.open() && write(file.get(), bytes.data(), bytes.size()) ==
                                          static_cast<ssize_t>(bytes.size());
  file.reset();
  if (!written || rename(draft.c_str(), path.c_str()) != 0) {
    return Err{PoolError{fmt::format("cannot write {}: {}", path, std::strerror(errno))}};
  }
  return {};
}

// Where the runtime clients of this build lie on disk.
Result<std::string, PoolError> install_runtime(const std::string& directory) {
  const std::uint32_t sum =
      crc32c(node_client()) ^ crc32c(python_client()) * 3 ^ crc32c(environment_program()) * 5;
  const std::string runtime = fmt::format("{}/runtime/{:08x}", directory, sum);
  std::error_code error;
  std::filesystem::create_directories(runtime, error);
  if (error) return Err{PoolError{fmt::format("cannot make {}: {}", runtime, error.message())}};
  TRY(write_file(runtime + "/index.cjs", node_client(), 0644));
  TRY(write_file(runtime + "/bootstrap.py", python_client(), 0644));
  TRY(write_file(runtime + "/pawl-environment", environment_program(), 0755));
  return runtime;
}

// Leftovers of a server that died.
Result<std::string, PoolError> fresh_directory(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  std::filesystem::create_directories(path, error);
  if (error) return Err{PoolError{fmt::format("cannot make {}: {}", path, error.message())}};
  return path;
}

// Asks the kernel by doing it once: are private mounts and process ids allowed here?
bool namespaces_allowed(Spawner& spawner, const std::string& runtime) {
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) return false;
  const FileDescriptor ours(fds[0]);
  Program program;
  program.path = runtime + "/pawl-environment";
  program.arguments = {"pawl-environment", "namespaces", "probe", "code=" + runtime,
                       "runtime=" + runtime};
  for (int i = 0; i < environment::kControlFd; ++i) {
    program.descriptors.emplace_back(open("/dev/null", O_RDWR | O_CLOEXEC));
  }
  program.descriptors.emplace_back(fds[1]);
  std::promise<int> started;
  spawner.start(std::move(program), [&](int pid) { started.set_value(pid); });
  const int pid = started.get_future().get();
  if (pid < 0) return false;
  environment::Message message{};
  pollfd ready{ours.get(), POLLIN, 0};
  const bool answered = poll(&ready, 1, kProbeMillisMax) > 0 &&
                        recv(ours.get(), &message, sizeof message, 0) == sizeof message;
  if (!answered) kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  return answered && message.kind == environment::kReady;
}

std::string path_variable() {
  const char* path = std::getenv("PATH");
  return path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
}

class ProcessPool final : public Pool {
 public:
  ProcessPool(PoolOptions options, const Clock& clock, std::string runtime, std::string tmp_root)
      : logs_(options.directory + "/logs", options.logs),
        namespaces_(options.isolation == Isolation::kBest &&
                    namespaces_allowed(*spawner_, runtime)) {
    Interpreters interpreters = options.interpreters;
    const std::string path = path_variable();
    if (interpreters.node.empty()) interpreters.node = find_on_path("node", path);
    if (interpreters.python.empty()) interpreters.python = find_on_path("python3", path);
    EnvironmentSetting setting{loop_,        *spawner_,
                               logs_,        clock,
                               interpreters, runtime + "/pawl-environment",
                               runtime,      std::move(tmp_root),
                               namespaces_,  options.endpoint_url};
    scheduler_ = std::make_unique<Scheduler>(std::move(setting), options);
    loop_.start();
  }

  ~ProcessPool() override {
    on_loop([this] { scheduler_->stop(); });
    const MonotonicMicros give_up = monotonic_now() + kStopMicrosMax;
    while (!on_loop([this] { return scheduler_->all_gone(); }) && monotonic_now() < give_up) {
      poll(nullptr, 0, 2);
    }
    spawner_.reset();
    loop_.stop();
    scheduler_.reset();
  }

  void invoke(SharedSpec spec, Invocation invocation, Done done) override {
    loop_.post([this, spec = std::move(spec), invocation = std::move(invocation),
                done = std::move(done)]() mutable {
      scheduler_->add(std::move(spec), std::move(invocation), std::move(done));
    });
  }

  void retire(std::string identity) override {
    loop_.post([this, identity = std::move(identity)] { scheduler_->retire(identity); });
  }

  void set_endpoint(std::string url) override {
    loop_.post([this, url = std::move(url)] { scheduler_->set_endpoint(url); });
  }

  PoolStats stats() override {
    return on_loop([this] { return scheduler_->stats(); });
  }

  bool namespaces() const override { return namespaces_; }

 private:
  // Runs `question` on the loop's thread and waits for its answer.
  template <class Question>
  auto on_loop(Question question) -> decltype(question()) {
    std::packaged_task<decltype(question())()> task(std::move(question));
    auto answer = task.get_future();
    loop_.post([&task] { task(); });
    return answer.get();
  }

  std::unique_ptr<Spawner> spawner_ = std::make_unique<Spawner>();
  LogStore logs_;
  bool namespaces_;
  Loop loop_;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace

Result<std::unique_ptr<Pool>, PoolError> Pool::open(PoolOptions options, const Clock& clock) {
  std::error_code error;
  options.directory = std::filesystem::absolute(options.directory, error).string();
  std::string runtime = TRY(install_runtime(options.directory));
  std::string tmp = TRY(fresh_directory(options.directory + "/tmp"));
  return std::unique_ptr<Pool>(
      std::make_unique<ProcessPool>(std::move(options), clock, std::move(runtime), std::move(tmp)));
}

}  // namespace pawl::functions
