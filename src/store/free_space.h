// How much space the data directory's file system has left, asked five times a second at most.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

#include "store/rocks_store.h"

namespace pawl::store {

class FreeSpace {
 public:
  explicit FreeSpace(const RocksOptions& options);

  // New work may be taken. Thread-safe.
  bool above_floor() const { return free_bytes() >= floor_bytes_; }
  // What was taken may be written: below, RocksDB's background work could meet a full disk.
  bool above_reserve() const { return free_bytes() >= floor_bytes_ / 4; }

 private:
  std::uint64_t free_bytes() const;

  const std::function<std::uint64_t()> ask_;
  const std::int64_t ask_again_ms_;
  std::uint64_t floor_bytes_;
  mutable std::atomic<std::int64_t> asked_ms_;
  mutable std::atomic<std::uint64_t> free_bytes_;
};

}  // namespace pawl::store
