// Starts processes from one long-living thread: the kernel's parent-death signal counts the thread
// that forked as the parent, so it must not end before the pool does.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/file_descriptor.h"

namespace pawl::functions {

struct Program {
  std::string path;
  std::vector<std::string> arguments;    // with argv[0]
  std::vector<std::string> environment;  // "NAME=value"
  // Become file descriptors 0, 1, 2 ... of the new process; nothing else is inherited.
  std::vector<FileDescriptor> descriptors;
};

class Spawner {
 public:
  // `pid` > 0, or -errno. Called on the spawner's thread.
  using Started = std::function<void(int pid)>;

  Spawner();
  // Starts what is queued, then joins.
  ~Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  void start(Program program, Started started);

 private:
  struct Job {
    Program program;
    Started started;
  };
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;   // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace pawl::functions
