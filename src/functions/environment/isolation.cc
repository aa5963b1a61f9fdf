#include "functions/environment/isolation.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

namespace pawl::functions::environment {
namespace {

// A file of the private /tmp costs kernel memory even when it is empty.
constexpr long kFilesPerMb = 256;

bool write_file(const char* path, const char* text) {
  const int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const auto length = static_cast<ssize_t>(std::strlen(text));
  const bool written = write(fd, text, static_cast<std::size_t>(length)) == length;
  close(fd);
  return written;
}

bool map_only(uid_t user, gid_t group) {
  char line[64];
  write_file("/proc/self/setgroups", "deny");
  std::snprintf(line, sizeof line, "%u %u 1", user, user);
  if (!write_file("/proc/self/uid_map", line)) return false;
  std::snprintf(line, sizeof line, "%u %u 1", group, group);
  return write_file("/proc/self/gid_map", line);
}

bool bind(const char* source, const char* target) {
  return mount(source, target, nullptr, MS_BIND | MS_REC, nullptr) == 0;
}

// Everything that is mounted below the world, at once. Flags that an outer mount has stay.
bool make_read_only() {
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
  return mount_setattr(AT_FDCWD, ".", AT_RECURSIVE, &attributes, sizeof attributes) == 0;
}

bool bind_devices() {
  for (const char* name : {"null", "zero", "full", "random", "urandom"}) {
    char source[32];
    std::snprintf(source, sizeof source, "/dev/%s", name);
    if (!bind(source, source + 1)) return false;
  }
  return true;
}

bool mount_tmp(const Plan& plan) {
  char options[96];
  std::snprintf(options, sizeof options, "mode=1777,size=%ldm,nr_inodes=%ld", plan.tmp_mb,
                plan.tmp_mb * kFilesPerMb);
  return mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) == 0;
}

bool mount_proc(const Plan& plan) {
  const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
  if (mount("proc", "proc", "proc", flags, nullptr) == 0) return true;
  // A container may forbid it within a user namespace; then the outer /proc stays: it shows the
  // machine's processes, which are neither to be looked into nor to be signalled from here.
  return plan.user_namespace && bind("/proc", "proc");
}

// What was mounted before is gone, and with it every way to the machine's other directories.
bool change_root() {
  return syscall(SYS_pivot_root, ".", ".") == 0 && umount2(".", MNT_DETACH) == 0 && chdir("/") == 0;
}

}  // namespace

bool unshare_namespaces(const Plan& plan) {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
  if (plan.user_namespace) flags |= CLONE_NEWUSER;
  if (unshare(flags) != 0) return false;
  return !plan.user_namespace || map_only(user, group);
}

const char* enter_world(const Plan& plan) {
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return "private mounts";
  if (mount(plan.world, plan.world, nullptr, MS_BIND, nullptr) != 0 || chdir(plan.world) != 0) {
    return "mount world";
  }
  for (std::size_t i = 0; i < plan.bind_count; ++i) {
    if (!bind(plan.binds[i].source, plan.binds[i].target)) return plan.binds[i].target;
  }
  if (!make_read_only()) return "mount read-only";
  if (!bind_devices()) return "mount /dev";
  if (!mount_tmp(plan)) return "mount /tmp";
  if (!mount_proc(plan)) return "mount /proc";
  if (!change_root()) return "change root";
  // The name that every machine knows the address of. Containers and systemd's ProtectHostname=
  // forbid it to be set; then the machine's name stays, whose address /etc/hosts tells here too.
  constexpr char kHostName[] = "localhost";
  [[maybe_unused]] const int may_fail = sethostname(kHostName, sizeof kHostName - 1);
  return nullptr;
}

}  // namespace pawl::functions::environment
