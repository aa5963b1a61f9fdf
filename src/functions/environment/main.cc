// pawl-environment: the first process of one execution environment, a small static program that the
// server embeds, starts once per environment and talks to over one socket (message.h).
//
// Invariant: nothing of the environment outlives the server. Three independent threads hold that:
// the parent-death signal, the end of the control socket (seen by poll), and, where namespaces are
// allowed, the kernel, which kills a process namespace with its first process.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "functions/environment/isolation.h"
#include "functions/environment/message.h"
#include "functions/environment/plan.h"
#include "functions/environment/supervisor.h"

namespace environment = pawl::functions::environment;

namespace {

// The namespace's outer half: all it does is to be the parent whose death the kernel announces.
[[noreturn]] void wait_for(pid_t first) {
  for (int fd = 0; fd <= environment::kControlFd; ++fd) close(fd);
  while (waitpid(first, nullptr, 0) < 0 && errno == EINTR) {
  }
  _exit(0);
}

// In namespaces: forks, and goes on as process 1 of the new process namespace.
void enter_namespaces(const environment::Plan& plan) {
  if (!environment::unshare_namespaces()) environment::fail("unshare", errno);
  const pid_t first = fork();
  if (first < 0) environment::fail("fork", errno);
  if (first > 0) wait_for(first);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!environment::server_lives()) _exit(1);
  if (const char* step = environment::mount_private_tree(plan)) environment::fail(step, errno);
}

}  // namespace

int main(int argc, char** argv) {
  const environment::Plan plan = environment::read_plan(argc, argv);
  // Session mode has to clean up by hand, so it must survive the signal: SIGTERM is read there.
  prctl(PR_SET_PDEATHSIG, plan.namespaces ? SIGKILL : SIGTERM);
  if (!environment::server_lives()) return 1;
  if (plan.namespaces) {
    enter_namespaces(plan);
  } else {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  if (plan.probe) return environment::report(environment::kReady, 0) ? 0 : 1;
  environment::supervise(plan);
}
