// A few threads for work that blocks: reading and writing objects. Jobs end before the destructor
// does; jobs that wait then are dropped.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pawl::runtime {

class Background {
 public:
  explicit Background(unsigned threads);
  ~Background() { stop(); }

  // Thread-safe.
  void run(std::function<void()> job);
  void stop();

 private:
  void loop();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace pawl::runtime
