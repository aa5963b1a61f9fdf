#include "functions/environment/isolation.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

namespace pawl::functions::environment {
namespace {

constexpr std::size_t kPathMax = 4096;

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

// A bind mount takes read-only in a second step. In a user namespace flags that the outer mount has
// locked must be repeated, hence the further tries.
bool make_read_only(const char* target) {
  const unsigned long base = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID;
  for (const unsigned long more :
       {0ul, (unsigned long)MS_NODEV, (unsigned long)MS_RELATIME,
        (unsigned long)(MS_NODEV | MS_RELATIME), (unsigned long)(MS_NODEV | MS_NOATIME)}) {
    if (mount(nullptr, target, nullptr, base | more, nullptr) == 0) return true;
  }
  return false;
}

bool is_directory(const char* path) {
  struct stat status{};
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool copy_link(int directory, const char* name, const char* target) {
  char text[kPathMax];
  const ssize_t length = readlinkat(directory, name, text, sizeof text - 1);
  if (length < 0) return false;
  text[length] = 0;
  return symlink(text, target) == 0;
}

// One entry of the old /var appears again in the new one. Plain files do not: none is needed.
void keep_entry(int old_var, const dirent& entry) {
  char source[kPathMax];
  char target[kPathMax];
  std::snprintf(source, sizeof source, "/proc/self/fd/%d/%s", old_var, entry.d_name);
  std::snprintf(target, sizeof target, "/var/%s", entry.d_name);
  if (entry.d_type == DT_LNK) {
    copy_link(old_var, entry.d_name, target);
  } else if (entry.d_type == DT_DIR && mkdir(target, 0755) == 0) {
    bind(source, target);
  }
}

// The host has no /var/task to mount over, and must not get one: /var becomes a small file system
// of our own with every directory of the old one bound into it.
bool rebuild_var() {
  const int old_var = open("/var", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (old_var < 0) return false;
  if (mount("tmpfs", "/var", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=64k") != 0) return false;
  DIR* entries = fdopendir(dup(old_var));
  if (entries == nullptr) return false;
  while (const dirent* entry = readdir(entries)) {
    const char* name = entry->d_name;
    if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0) continue;
    if (std::strcmp(name, "task") == 0 || std::strcmp(name, "runtime") == 0) continue;
    keep_entry(old_var, *entry);
  }
  closedir(entries);
  close(old_var);
  return mkdir("/var/task", 0755) == 0 && mkdir("/var/runtime", 0755) == 0;
}

bool bind_read_only(int directory, const char* target) {
  char source[64];
  std::snprintf(source, sizeof source, "/proc/self/fd/%d", directory);
  return bind(source, target) && make_read_only(target);
}

}  // namespace

bool unshare_namespaces() {
  const uid_t user = geteuid();
  const gid_t group = getegid();
  int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC;
  if (user != 0) flags |= CLONE_NEWUSER;
  if (unshare(flags) != 0) {
    // A container's root may lack the capability and still be allowed a user namespace.
    if (user != 0 || unshare(flags | CLONE_NEWUSER) != 0) return false;
    return map_only(user, group);
  }
  return user == 0 || map_only(user, group);
}

const char* mount_private_tree(const Plan& plan) {
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return "private mounts";
  // Opened first: either may lie below a directory that is about to be covered.
  const int code = open(plan.code, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (code < 0) return "code directory";
  const int runtime = open(plan.runtime, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (runtime < 0) return "runtime directory";
  if (!(is_directory("/var/task") && is_directory("/var/runtime")) && !rebuild_var()) {
    return "mount /var";
  }
  if (!bind_read_only(code, "/var/task")) return "mount /var/task";
  if (!bind_read_only(runtime, "/var/runtime")) return "mount /var/runtime";
  char options[64];
  std::snprintf(options, sizeof options, "mode=1777,size=%ldm", plan.tmp_mb);
  if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) != 0) return "mount /tmp";
  // A container may forbid it; then the outer /proc stays, whose /proc/self is right all the same.
  mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
  close(code);
  close(runtime);
  return nullptr;
}

}  // namespace pawl::functions::environment
