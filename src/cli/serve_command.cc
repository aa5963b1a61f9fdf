// `pawl serve`: says where it listens, then runs until it is asked to stop.
#include <fmt/core.h>
#include <pthread.h>

#include <csignal>

#include "cli/commands.h"
#include "cli/server.h"

namespace pawl::cli {

namespace {

// Blocked in every thread (they inherit it) and waited for in one, so that stopping is ordinary
// code and no signal handler. A client that goes away must not end the server.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }

  void wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
    log_info("stopping: {}", signal == SIGINT ? "SIGINT" : "SIGTERM");
  }

 private:
  sigset_t set_;
};

}  // namespace

int run(const ServeOptions& options) {
  set_log_level(options.log_level);
  set_log_format(options.log_format);
  const StopSignals signals;
  const auto server = Server::start(options);
  if (!server.ok()) {
    fmt::print(stderr, "pawl serve: {}\n", server.error());
    return 1;
  }
  // Scripts read this line; it is the first on standard output.
  fmt::print("listening on {}\n", (*server)->url());
  std::fflush(stdout);
  signals.wait();
  (*server)->stop();
  return 0;
}

}  // namespace pawl::cli
