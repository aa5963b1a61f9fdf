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

#include "functions/environment/control_group.h"
#include "functions/environment/isolation.h"
#include "functions/environment/message.h"
#include "functions/environment/plan.h"
#include "functions/environment/privileges.h"
#include "functions/environment/supervisor.h"

namespace environment = pawl::functions::environment;

namespace {

// The namespace's outer half: all it does is to be the parent whose death the kernel announces, and
// to remove the control groups that the environment was in.
[[noreturn]] void wait_for(pid_t first, const environment::Plan& plan) {
  for (int fd = 0; fd <= environment::kControlFd; ++fd) close(fd);
  while (waitpid(first, nullptr, 0) < 0 && errno == EINTR) {
  }
  environment::remove_groups(plan);
  _exit(0);
}

// Forks, and goes on as process 1 of a new process namespace, in the function's world.
void enter_namespaces(const environment::Plan& plan) {
  if (const char* step = environment::make_groups(plan)) environment::fail(step, errno);
  if (!environment::unshare_namespaces(plan)) environment::fail("unshare", errno);
  const pid_t first = fork();
  if (first < 0) environment::fail("fork", errno);
  if (first > 0) wait_for(first, plan);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (!environment::server_lives()) _exit(1);
  if (const char* step = environment::join_groups(plan)) environment::fail(step, errno);
  if (const char* step = environment::enter_world(plan)) environment::fail(step, errno);
}

// Whether everything that an environment gives up can be given up here.
[[noreturn]] void answer_probe(const environment::Plan& plan) {
  environment::empty_bounding_set();
  if (const char* step = environment::become(plan.user)) environment::fail(step, errno);
  if (const char* step = environment::drop_capabilities()) environment::fail(step, errno);
  if (const char* step = environment::filter_system_calls()) environment::fail(step, errno);
  _exit(environment::report(environment::kReady, 0) ? 0 : 1);
}

}  // namespace

int main(int argc, char** argv) {
  const environment::Plan plan = environment::read_plan(argc, argv);
  // Session mode has to clean up by hand, so it must survive the signal: SIGTERM is read there.
  prctl(PR_SET_PDEATHSIG, plan.world != nullptr ? SIGKILL : SIGTERM);
  if (!environment::server_lives()) return 1;
  if (plan.world != nullptr) {
    enter_namespaces(plan);
  } else {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  if (plan.probe) answer_probe(plan);
  environment::supervise(plan);
}
