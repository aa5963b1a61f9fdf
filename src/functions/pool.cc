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
#include <optional>

#include "base/crc32c.h"
#include "base/log.h"
#include "functions/embedded.h"
#include "functions/environment/message.h"
#include "functions/scheduler.h"
#include "functions/user_ids.h"
#include "functions/world.h"

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
  const std::uint32_t sum = crc32c(node_client()) ^ crc32c(python_client()) * 3 ^
                            crc32c(environment_program()) * 5 ^ crc32c(python2_names()) * 7;
  const std::string runtime = fmt::format("{}/runtime/{:08x}", directory, sum);
  std::error_code error;
  std::filesystem::create_directories(runtime, error);
  if (error) return Err{PoolError{fmt::format("cannot make {}: {}", runtime, error.message())}};
  // Places for the SDKs, which are mounted there.
  std::filesystem::create_directories(runtime + "/node_modules", error);
  std::filesystem::create_directories(runtime + "/python", error);
  chmod(runtime.c_str(), 0755);
  TRY(write_file(runtime + "/index.cjs", node_client(), 0644));
  TRY(write_file(runtime + "/bootstrap.py", python_client(), 0644));
  TRY(write_file(runtime + "/python2.py", python2_names(), 0644));
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

// Asks the kernel by doing it once. Nothing, or what is not allowed here.
std::optional<std::string> probe(Spawner& spawner, const std::string& runtime, const World& world,
                                 const std::vector<std::string>& more) {
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) != 0) return "socketpair";
  const FileDescriptor ours(fds[0]);
  Program program;
  program.path = runtime + "/pawl-environment";
  program.arguments = {"pawl-environment", "probe", "world=" + world.directory,
                       "bind=var/runtime=" + runtime};
  program.arguments.insert(program.arguments.end(), more.begin(), more.end());
  for (const auto& [target, source] : world.binds) {
    program.arguments.push_back(fmt::format("bind={}={}", target, source));
  }
  for (int i = 0; i < environment::kControlFd; ++i) {
    program.descriptors.emplace_back(open("/dev/null", O_RDWR | O_CLOEXEC));
  }
  program.descriptors.emplace_back(fds[1]);
  std::promise<int> started;
  spawner.start(std::move(program), [&](int pid) { started.set_value(pid); });
  const int pid = started.get_future().get();
  if (pid < 0) return fmt::format("start: {}", std::strerror(-pid));
  environment::Message message{};
  pollfd ready{ours.get(), POLLIN, 0};
  const bool answered = poll(&ready, 1, kProbeMillisMax) > 0 &&
                        recv(ours.get(), &message, sizeof message, 0) == sizeof message;
  if (!answered) kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  if (!answered) return "no answer";
  if (message.kind == environment::kReady) return std::nullopt;
  message.step[sizeof message.step - 1] = 0;
  return fmt::format("{}: {}", message.step, std::strerror(message.value));
}

// Lines of /etc/passwd, so that a function's user has a name.
std::string user_lines() {
  std::string lines;
  if (geteuid() != 0) {
    return fmt::format("sbx_user:x:{}:{}::/tmp:/sbin/nologin\n", geteuid(), getegid());
  }
  for (std::uint32_t id = kUserIdFirst; id <= kUserIdLast; ++id) {
    lines += fmt::format("sbx_user{0}:x:{0}:{0}::/tmp:/sbin/nologin\n", id);
  }
  return lines;
}

// What was found to be possible, for the log.
struct FoundIsolation {
  IsolationLevel level = IsolationLevel::kProcess;
  World world;
  ControlGroups groups;
  std::string obstacle;  // why it is not more
};

FoundIsolation find_isolation(Spawner& spawner, const PoolOptions& options,
                              const std::string& runtime) {
  FoundIsolation found;
  if (options.isolation == Isolation::kProcess) {
    found.obstacle = "as asked for";
    return found;
  }
  auto world = make_world(options.directory + "/world", user_lines());
  if (!world.ok()) {
    found.obstacle = std::move(world).error();
    return found;
  }
  found.world = std::move(world).value();
  found.groups = find_control_groups(fmt::format("{:08x}", crc32c(options.directory)));
  const std::string user = fmt::format("user={}", kUserIdLast);
  std::vector<std::string> groups = found.groups.arguments("probe");
  std::vector<std::string> as_user = groups;
  as_user.push_back(user);
  auto obstacle = geteuid() == 0 ? probe(spawner, runtime, found.world, as_user)
                                 : std::optional<std::string>("the server is not root");
  if (!obstacle) {
    found.level = IsolationLevel::kUsers;
    return found;
  }
  found.obstacle = std::move(*obstacle);
  groups.emplace_back("user_namespace");
  obstacle = probe(spawner, runtime, found.world, groups);
  if (!obstacle) {
    found.level = IsolationLevel::kUserNamespace;
    return found;
  }
  found.obstacle += "; in a user namespace, " + *obstacle;
  return found;
}

void log_isolation(const FoundIsolation& found) {
  switch (found.level) {
    case IsolationLevel::kUsers:
      return log_info("functions run isolated: a user, namespaces and a root directory each, {}",
                      found.groups.text());
    case IsolationLevel::kUserNamespace:
      return log_info(
          "functions run isolated: namespaces and a root directory each, {}; all as this user ({})",
          found.groups.text(), found.obstacle);
    case IsolationLevel::kProcess:
      return log_warning(
          "functions run as processes of this user, not isolated from each other or the server "
          "({})",
          found.obstacle);
  }
}

std::string path_variable() {
  const char* path = std::getenv("PATH");
  return path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path;
}

// The absolute path of `name` in `directory`; empty when there is no such directory.
std::string existing(const std::string& directory, const char* name) {
  std::error_code error;
  const auto path = std::filesystem::canonical(directory + "/" + name, error);
  return directory.empty() || error ? std::string() : path.string();
}

class ProcessPool final : public Pool {
 public:
  ProcessPool(PoolOptions options, const Clock& clock, std::string runtime, std::string tmp_root)
      : logs_(options.directory + "/logs", options.logs) {
    loop_.start();
    // What the kernel allows takes a process to find out: others start meanwhile.
    loop_.post([this, options = std::move(options), &clock, runtime = std::move(runtime),
                tmp_root = std::move(tmp_root)] { prepare(options, clock, runtime, tmp_root); });
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
    remove_control_groups(isolation_.groups);
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

  IsolationLevel isolation() override {
    return on_loop([this] { return isolation_.level; });
  }
  std::string obstacle() {
    return on_loop([this] { return isolation_.obstacle; });
  }

 private:
  // On the loop, before anything else.
  void prepare(const PoolOptions& options, const Clock& clock, const std::string& runtime,
               const std::string& tmp_root) {
    isolation_ = find_isolation(*spawner_, options, runtime);
    log_isolation(isolation_);
    Interpreters interpreters = options.interpreters;
    const std::string path = path_variable();
    if (interpreters.node.empty()) interpreters.node = find_on_path("node", path);
    if (interpreters.python.empty()) interpreters.python = find_on_path("python3", path);
    EnvironmentSetting setting{.loop = loop_,
                               .spawner = *spawner_,
                               .logs = logs_,
                               .clock = clock,
                               .interpreters = interpreters,
                               .program = runtime + "/pawl-environment",
                               .runtime_directory = runtime,
                               .tmp_root = tmp_root,
                               .node_modules = existing(options.sdk_directory, "node_modules"),
                               .python_modules = existing(options.sdk_directory, "python"),
                               .isolation = isolation_.level,
                               .world = isolation_.world,
                               .node = interpreter_in_world(interpreters.node),
                               .python = interpreter_in_world(interpreters.python),
                               .groups = isolation_.groups,
                               .users = nullptr,
                               .endpoint_url = options.endpoint_url,
                               .find_credentials = options.find_credentials};
    if (isolation_.level == IsolationLevel::kUsers) {
      users_ = std::make_unique<UserIds>("/run/pawl/users");
      setting.users = users_.get();
    }
    scheduler_ = std::make_unique<Scheduler>(std::move(setting), options);
  }

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
  FoundIsolation isolation_;
  std::unique_ptr<UserIds> users_;  // outlives the environments
  Loop loop_;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace

Result<std::unique_ptr<Pool>, PoolError> Pool::open(PoolOptions options, const Clock& clock) {
  std::error_code error;
  options.directory = std::filesystem::absolute(options.directory, error).string();
  std::string runtime = TRY(install_runtime(options.directory));
  std::string tmp = TRY(fresh_directory(options.directory + "/tmp"));
  const bool must_isolate = options.isolation == Isolation::kFull;
  auto pool =
      std::make_unique<ProcessPool>(std::move(options), clock, std::move(runtime), std::move(tmp));
  if (must_isolate && pool->isolation() == IsolationLevel::kProcess) {
    return Err{PoolError{"functions cannot be isolated here: " + pool->obstacle()}};
  }
  return std::unique_ptr<Pool>(std::move(pool));
}

}  // namespace pawl::functions
