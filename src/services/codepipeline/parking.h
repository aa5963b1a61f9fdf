// Where tasks wait that have nothing to do before something of their pipeline changes, or before a
// moment comes. Nothing of it is durable: whoever waits here is asked again after a restart.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "base/clock.h"

namespace pawl::codepipeline {

class Parking {
 public:
  explicit Parking(const Clock& clock);
  ~Parking() { stop(); }

  // How many times the pipeline has changed; taken before the look that finds nothing to do.
  std::uint64_t changes(const std::string& pipeline) const;
  // Calls `look_again`, once, on any thread: when the pipeline changes (or has since `seen`), or at
  // `until` (0: never).
  void wait(const std::string& pipeline, std::uint64_t seen, WallMillis until,
            std::function<void()> look_again);
  void changed(const std::string& pipeline);
  // Who waits is dropped.
  void stop();

 private:
  struct Waiter {
    std::string pipeline;
    WallMillis until = 0;
    std::function<void()> look_again;
  };
  void loop();

  const Clock& clock_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Waiter> waiters_;
  std::map<std::string, std::set<std::uint64_t>> by_pipeline_;
  std::set<std::pair<WallMillis, std::uint64_t>> by_time_;
  std::map<std::string, std::uint64_t> changes_;
  std::thread thread_;
};

}  // namespace pawl::codepipeline
