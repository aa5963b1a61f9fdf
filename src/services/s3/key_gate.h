// Changes of one key happen one after the other; those of different keys do not wait for each
// other.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "runtime/background.h"

namespace pawl::s3 {

class KeyGate {
 public:
  // `threads` outlives the gate: those that had to wait go on there.
  explicit KeyGate(runtime::Background& threads) : threads_(threads) {}

  // Held by whoever is inside; the next one enters when the last copy goes.
  using Pass = std::shared_ptr<void>;

  void enter(std::string key, std::function<void(Pass)> job) {
    {
      const std::lock_guard lock(mutex_);
      const auto [place, entered] = waiting_.try_emplace(key);
      if (!entered) {
        place->second.push_back(std::move(job));
        return;
      }
    }
    job(pass_for(std::move(key)));
  }

 private:
  Pass pass_for(std::string key) {
    return Pass(nullptr, [this, key = std::move(key)](void*) { leave(key); });
  }

  void leave(const std::string& key) {
    std::function<void(Pass)> next;
    {
      const std::lock_guard lock(mutex_);
      const auto place = waiting_.find(key);
      if (place->second.empty()) {
        waiting_.erase(place);
        return;
      }
      next = std::move(place->second.front());
      place->second.pop_front();
    }
    // The thread that leaves is the store's, maybe: it has other things to do.
    threads_.run([this, key, next = std::move(next)] { next(pass_for(key)); });
  }

  runtime::Background& threads_;
  std::mutex mutex_;
  std::map<std::string, std::deque<std::function<void(Pass)>>> waiting_;  // keys with one inside
};

}  // namespace pawl::s3
