#include "functions/spawner.h"

#include <fcntl.h>
#include <spawn.h>

#include <csignal>

namespace pawl::functions {
namespace {

// Descriptors that are to be renumbered must lie above all their new numbers.
constexpr int kAboveNewNumbers = 64;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

class Actions {
 public:
  Actions() {
    posix_spawn_file_actions_init(&files_);
    posix_spawnattr_init(&attributes_);
  }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  ~Actions() {
    posix_spawn_file_actions_destroy(&files_);
    posix_spawnattr_destroy(&attributes_);
  }

  // A session of its own, with signals as a fresh process expects them.
  void set_up() {
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }

  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

int spawn(Program& program) {
  Actions actions;
  actions.set_up();
  std::vector<FileDescriptor> high;
  int number = 0;
  for (const FileDescriptor& fd : program.descriptors) {
    high.emplace_back(fcntl(fd.get(), F_DUPFD_CLOEXEC, kAboveNewNumbers));
    if (!high.back().open()) return -errno;
    posix_spawn_file_actions_adddup2(&actions.files_, high.back().get(), number++);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions.files_, number);
  std::vector<char*> arguments = pointers(program.arguments);
  std::vector<char*> environment = pointers(program.environment);
  pid_t pid = 0;
  const int error = posix_spawn(&pid, program.path.c_str(), &actions.files_, &actions.attributes_,
                                arguments.data(), environment.data());
  return error == 0 ? pid : -error;
}

}  // namespace

Spawner::Spawner() {
  thread_ = std::thread([this] { run(); });
}

Spawner::~Spawner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Spawner::start(Program program, Started started) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back({std::move(program), std::move(started)});
  }
  changed_.notify_one();
}

void Spawner::run() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    const int pid = spawn(job.program);
    job.program.descriptors.clear();
    job.started(pid);
  }
}

}  // namespace pawl::functions
