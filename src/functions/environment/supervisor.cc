#include "functions/environment/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>

#include "functions/environment/memory.h"
#include "functions/environment/message.h"
#include "functions/environment/privileges.h"

namespace pawl::functions::environment {
namespace {

constexpr int kSampleMillisFirst = 5;
constexpr int kSampleMillisChanging = 40;
constexpr int kSampleMillisMax = 1600;
// What may be mapped between two samples: it bounds what a hog can do to the machine.
constexpr rlim_t kDataBytesAboveLimit = 2ull << 30;
// AWS's figures.
constexpr rlim_t kFilesMax = 1'024;
constexpr rlim_t kProcessesMax = 1'024;

void limit(int resource, rlim_t value) {
  const rlimit both{value, value};
  setrlimit(static_cast<__rlimit_resource>(resource), &both);
}

void set_limits(const Plan& plan) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_DATA, (static_cast<rlim_t>(plan.memory_mb) << 20) + kDataBytesAboveLimit);
  limit(RLIMIT_FSIZE, static_cast<rlim_t>(plan.tmp_mb) << 20);
  limit(RLIMIT_NOFILE, kFilesMax);
  // Counted by user, so only where the function has one of its own.
  if (plan.user >= 0 || plan.user_namespace) limit(RLIMIT_NPROC, kProcessesMax);
}

// In this order: each step may need what the next one gives up.
void give_up_privileges(const Plan& plan) {
  empty_bounding_set();
  if (const char* step = become(plan.user)) fail(step, errno);
  if (const char* step = drop_capabilities()) fail(step, errno);
  if (const char* step = filter_system_calls()) fail(step, errno);
  // A change of user has cleared it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

[[noreturn]] void run(const Plan& plan, const sigset_t& old_signals) {
  sigprocmask(SIG_SETMASK, &old_signals, nullptr);
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  set_limits(plan);
  const int score = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (score >= 0) {
    // When the machine itself runs out of memory, a function goes before the server.
    if (write(score, "1000", 4) != 4) errno = 0;
    close(score);
  }
  fcntl(kControlFd, F_SETFD, FD_CLOEXEC);
  give_up_privileges(plan);
  if (chdir(plan.directory) != 0) fail("chdir", errno);
  execvp(plan.command[0], plan.command);
  fail("exec", errno);
}

// Kills every process of the environment but this one and reaps them.
void kill_all(const Plan& plan, pid_t runtime) {
  kill(-runtime, SIGKILL);
  if (plan.world != nullptr) {
    kill(-1, SIGKILL);
    while (waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
    }
    return;
  }
  // Orphans become our children (PR_SET_CHILD_SUBREAPER), also those that left the group.
  for (;;) {
    kill_children();
    if (waitpid(-1, nullptr, 0) < 0 && errno != EINTR) return;
  }
}

class Supervisor {
 public:
  Supervisor(const Plan& plan, int signals, pid_t runtime)
      : plan_(plan), signals_(signals), runtime_(runtime) {}

  [[noreturn]] void loop() {
    for (;;) {
      pollfd fds[2] = {{kControlFd, POLLIN, 0}, {signals_, POLLIN, 0}};
      const int ready = poll(fds, 2, sample_millis_);
      if (ready < 0 && errno != EINTR) end();
      if (ready > 0 && fds[0].revents != 0) end();
      if (ready > 0 && fds[1].revents != 0) read_signal();
      if (ready == 0) sample();
    }
  }

 private:
  [[noreturn]] void end() {
    kill_all(plan_, runtime_);
    _exit(0);
  }

  void read_signal() {
    signalfd_siginfo info{};
    if (read(signals_, &info, sizeof info) != sizeof info) return;
    if (info.ssi_signo == SIGTERM) end();
    int status = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (pid != runtime_) continue;
      kill_all(plan_, runtime_);
      report(kMemory, static_cast<std::int32_t>(peak_));
      report(kExited, status);
      _exit(0);
    }
  }

  // Samples often while the use changes, most of all at the start: a short first invocation ends
  // with a number too. Seldom while it does not.
  void sample() {
    const long used = memory_used_kib();
    const bool quiet = used > last_ - 1024 && used < last_ + 1024;
    const int longest = quiet ? kSampleMillisMax : kSampleMillisChanging;
    sample_millis_ = sample_millis_ * 2 < longest ? sample_millis_ * 2 : longest;
    last_ = used;
    if (used > plan_.memory_mb * 1024) {
      report(kOverMemory, static_cast<std::int32_t>(used));
      kill_all(plan_, runtime_);
      report(kExited, SIGKILL);
      _exit(0);
    }
    if (used > peak_ + 512) {
      peak_ = used;
      report(kMemory, static_cast<std::int32_t>(peak_));
    }
  }

  const Plan& plan_;
  int signals_;
  pid_t runtime_;
  int sample_millis_ = kSampleMillisFirst;
  long last_ = 0;
  long peak_ = 0;
};

}  // namespace

void supervise(const Plan& plan) {
  sigset_t handled;
  sigset_t old;
  sigemptyset(&handled);
  sigaddset(&handled, SIGCHLD);
  sigaddset(&handled, SIGTERM);
  sigprocmask(SIG_BLOCK, &handled, &old);
  const int signals = signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
  const pid_t runtime = fork();
  if (signals < 0 || runtime < 0) fail("fork", errno);
  if (runtime == 0) run(plan, old);
  setpgid(runtime, runtime);
  close(kRuntimeFd);
  close(STDOUT_FILENO);  // or the log pipe would not end with the function
  close(STDERR_FILENO);
  if (plan.world != nullptr) keep_only_kill();
  Supervisor(plan, signals, runtime).loop();
}

}  // namespace pawl::functions::environment
