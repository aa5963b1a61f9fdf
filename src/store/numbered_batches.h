// For tests: batches 1, 2, 3 ... of one shard, and which of them a store still has.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "store/store.h"

namespace pawl::store {

// Hands over numbered batches and keeps count of what became of them.
class Writer {
 public:
  void write(Store& store, int number, std::size_t bytes = 100) {
    Batch batch;
    std::string key;
    put_big_endian_32(key, static_cast<std::uint32_t>(number));
    batch.put(Space::kState, key, std::string(bytes, 'x'));
    batch.put(Space::kHistory, key, "history");
    store.commit(1, std::move(batch), [this, number](Outcome outcome) {
      const std::lock_guard lock(mutex_);
      if (outcome == Outcome::kCommitted) committed_ = number;
      changed_.notify_all();
    });
  }

  void fatal(const std::string& message) {
    const std::lock_guard lock(mutex_);
    if (fatal_.empty()) fatal_ = message;
    changed_.notify_all();
  }

  // Waits until batch `number` is committed or something is fatal; true: committed.
  bool committed(int number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return committed_ >= number || !fatal_.empty(); });
    return committed_ >= number;
  }

  int last_committed() const {
    const std::lock_guard lock(mutex_);
    return committed_;
  }
  std::string fatal_message() const {
    const std::lock_guard lock(mutex_);
    return fatal_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int committed_ = 0;
  std::string fatal_;
};

// The number of the last batch there is; they must be whole and 1, 2, 3 ... without a gap.
inline int last_number(const Store& store) {
  int last = 0;
  store.scan(1, Space::kState, "", "", Store::Direction::kForward,
             [&](std::string_view key, std::string_view) {
               const int number = static_cast<int>(ByteReader(key).big_endian_32());
               EXPECT_EQ(number, last + 1);
               EXPECT_EQ(store.get(1, Space::kHistory, key), "history");
               last = number;
               return true;
             });
  return last;
}

}  // namespace pawl::store
