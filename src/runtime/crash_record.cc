#include "runtime/crash_record.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "base/read_file.h"

namespace pawl::runtime {

namespace {

// A signal handler can reach nothing but globals. Both are written before they can be read: the
// descriptor once at start-up, the pointer by the thread that the signal hits.
int record_file = -1;
thread_local const ExecutionId* working_on = nullptr;

void record_crash(int signal) {
  if (working_on && record_file >= 0) {
    [[maybe_unused]] const ssize_t written =
        ::write(record_file, working_on->bytes.data(), working_on->bytes.size());
    ::fsync(record_file);
  }
  // SA_RESETHAND has put the default action back: the process dies of the signal itself.
  ::raise(signal);
}

}  // namespace

CrashScope::CrashScope(const ExecutionId& execution) { working_on = &execution; }
CrashScope::~CrashScope() { working_on = nullptr; }

void install_crash_record(const std::string& path) {
  record_file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct sigaction action{};
  action.sa_handler = record_crash;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
    ::sigaction(signal, &action, nullptr);
  }
}

std::vector<ExecutionId> read_crash_record(const std::string& path) {
  const auto bytes = read_file(path);
  std::vector<ExecutionId> ids;
  if (!bytes.ok()) return ids;
  for (std::size_t at = 0; at + 16 <= bytes->size(); at += 16) {
    ids.push_back(ExecutionId::from_bytes(std::string_view(*bytes).substr(at, 16)));
  }
  return ids;
}

}  // namespace pawl::runtime
