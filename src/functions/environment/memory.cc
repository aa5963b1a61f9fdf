#include "functions/environment/memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>

namespace pawl::functions::environment {
namespace {

constexpr int kDepthMax = 16;

struct Use {
  long private_pages = 0;
  long shared_pages_max = 0;
};

// Reads at most `size` - 1 bytes and ends them with a zero.
bool read_file(const char* path, char* text, std::size_t size) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const ssize_t length = read(fd, text, size - 1);
  close(fd);
  if (length <= 0) return false;
  text[length] = 0;
  return true;
}

void add(Use& use, pid_t pid) {
  char path[64];
  char text[256];
  std::snprintf(path, sizeof path, "/proc/%d/statm", pid);
  if (!read_file(path, text, sizeof text)) return;
  char* next = text;
  std::strtol(next, &next, 10);
  const long resident = std::strtol(next, &next, 10);
  const long shared = std::strtol(next, &next, 10);
  use.private_pages += resident - shared;
  if (shared > use.shared_pages_max) use.shared_pages_max = shared;
}

template <class Visit>
void for_each_child(const char* children_path, const Visit& visit) {
  char text[4096];
  if (!read_file(children_path, text, sizeof text)) return;
  char* next = text;
  for (;;) {
    char* end = nullptr;
    const long child = std::strtol(next, &end, 10);
    if (end == next || child <= 0) return;
    visit(static_cast<pid_t>(child));
    next = end;
  }
}

// Numbers from /proc are used with /proc only: where a private one is forbidden, they are not ours.
void add_tree(Use& use, const char* children_path, int depth) {
  if (depth == 0) return;
  for_each_child(children_path, [&](pid_t child) {
    add(use, child);
    char path[64];
    std::snprintf(path, sizeof path, "/proc/%d/task/%d/children", child, child);
    add_tree(use, path, depth - 1);
  });
}

void add_everything(Use& use) {
  DIR* entries = opendir("/proc");
  if (entries == nullptr) return;
  while (const dirent* entry = readdir(entries)) {
    const long pid = std::strtol(entry->d_name, nullptr, 10);
    if (pid > 1) add(use, static_cast<pid_t>(pid));
  }
  closedir(entries);
}

// /proc shows this environment alone.
bool has_private_proc() {
  char self[16];
  return readlink("/proc/self", self, sizeof self) == 1 && self[0] == '1';
}

constexpr const char* kOwnChildren = "/proc/thread-self/children";

}  // namespace

long memory_used_kib() {
  Use use;
  if (has_private_proc()) {
    add_everything(use);
  } else {
    add_tree(use, kOwnChildren, kDepthMax);
  }
  return (use.private_pages + use.shared_pages_max) * (sysconf(_SC_PAGESIZE) / 1024);
}

void kill_children() {
  for_each_child(kOwnChildren, [](pid_t child) { kill(child, SIGKILL); });
}

}  // namespace pawl::functions::environment
