#include "functions/environment/control_group.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace pawl::functions::environment {
namespace {

// Beside what the function may have: the files of its /tmp, which are memory too, and what the
// kernel and the supervisor need. The limit itself is watched by the supervisor.
constexpr long kSpareMb = 64;
constexpr long kProcessesMax = 1'024;  // AWS's figure, threads included

bool write_file(const ControlGroup& group, const char* name, const char* text) {
  char path[4096];
  std::snprintf(path, sizeof path, "%s/%s", group.directory, name);
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const auto length = static_cast<ssize_t>(std::strlen(text));
  const bool written = write(fd, text, static_cast<std::size_t>(length)) == length;
  const int error = errno;
  close(fd);
  errno = error;
  return written;
}

bool write_number(const ControlGroup& group, const char* name, long value) {
  char text[32];
  std::snprintf(text, sizeof text, "%ld", value);
  return write_file(group, name, text);
}

}  // namespace

const char* make_groups(const Plan& plan) {
  const long bytes = (plan.memory_mb + plan.tmp_mb + kSpareMb) << 20;
  for (std::size_t i = 0; i < plan.group_count; ++i) {
    const ControlGroup& group = plan.groups[i];
    if (mkdir(group.directory, 0755) != 0 && errno != EEXIST) return "make group";
    const char* const memory = group.is_unified ? "memory.max" : "memory.limit_in_bytes";
    if (group.has_memory && !write_number(group, memory, bytes)) return "limit memory";
    if (group.is_unified) write_file(group, "memory.swap.max", "0");  // absent without swap
    if (group.has_pids && !write_number(group, "pids.max", kProcessesMax)) return "limit pids";
  }
  return nullptr;
}

const char* join_groups(const Plan& plan) {
  for (std::size_t i = 0; i < plan.group_count; ++i) {
    if (!write_file(plan.groups[i], "cgroup.procs", "0")) return "join group";
  }
  return nullptr;
}

void remove_groups(const Plan& plan) {
  for (std::size_t i = 0; i < plan.group_count; ++i) rmdir(plan.groups[i].directory);
}

}  // namespace pawl::functions::environment
