// One thread's epoll loop: file descriptors, timers, and work posted by other threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/file_descriptor.h"

namespace pawl::functions {

// Everything but post() belongs to the loop's thread.
class Loop {
 public:
  using Ready = std::function<void(std::uint32_t epoll_events)>;
  using Timers = std::multimap<MonotonicMicros, std::function<void()>>;
  using Timer = Timers::iterator;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs the loop on a new thread; `stop` ends it after the work posted before.
  void start();
  // Ends the loop and joins its thread.
  void stop();

  // Thread-safe. Work runs in call order.
  void post(std::function<void()> work);

  // `fd` stays the caller's and must be forgotten before it is closed.
  void watch(int fd, std::uint32_t epoll_events, Ready ready);
  void change(int fd, std::uint32_t epoll_events);
  void forget(int fd);

  Timer at(MonotonicMicros due, std::function<void()> fire) {
    return timers_.emplace(due, std::move(fire));
  }
  // A place to read into; holds until the next read on this thread.
  std::vector<char>& scratch() { return scratch_; }

  // Of a timer that has not fired.
  void cancel(Timer timer) { timers_.erase(timer); }

 private:
  struct Watch {
    int fd;
    bool forgotten;
    Ready ready;
  };

  void run();
  void run_posted();
  void fire_timers();
  int wait_millis();

  FileDescriptor epoll_;
  FileDescriptor wakeup_;
  Timers timers_;
  std::unordered_map<int, std::unique_ptr<Watch>> watches_;
  std::vector<std::unique_ptr<Watch>> graveyard_;  // until the current round is over
  std::vector<char> scratch_;
  std::mutex posted_mutex_;
  std::vector<std::function<void()>> posted_;  // guarded by posted_mutex_
  bool stopping_ = false;
  std::atomic<std::thread::id> thread_id_;  // of the thread that runs the loop
  std::thread thread_;
};

}  // namespace pawl::functions
