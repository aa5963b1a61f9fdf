// Counts what is still to call back, so that its owner can wait for it before it goes.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

namespace pawl::s3 {

class Pending {
 public:
  // Counts for as long as a copy lives.
  using Token = std::shared_ptr<void>;

  Token begin() {
    const std::lock_guard lock(mutex_);
    ++count_;
    return Token(static_cast<void*>(this), [this](void*) {
      const std::lock_guard again(mutex_);
      if (--count_ == 0) none_.notify_all();
    });
  }
  void wait() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  int count_ = 0;
};

}  // namespace pawl::s3
