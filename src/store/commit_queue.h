// The batches that wait for the committer: many threads put, one thread takes all there is.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "store/store.h"

namespace pawl::store {

struct PendingCommit {
  ShardId shard;
  Batch batch;
  Committed done;
};

class CommitQueue {
 public:
  void put(PendingCommit commit);
  // Waits for the first one, never for more. Empty: the queue was closed and is drained.
  std::vector<PendingCommit> take_all();
  // How many were put so far.
  std::uint64_t put_count() const;
  // Waits up to `period` until the taker has dealt with the first `count` of them, which it has of
  // what it took when it asks for more; or until it is gone.
  bool wait_dealt_with(std::uint64_t count, std::chrono::milliseconds period);
  // The taker will not ask again.
  void end_taking();
  // Wakes the taker; what is queued is still handed out.
  void close();
  bool closed() const;
  std::size_t waiting() const;
  // Waits up to `period`, or until the queue is closed.
  void wait_closed(std::chrono::milliseconds period);

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<PendingCommit> queued_;
  std::uint64_t put_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t dealt_with_ = 0;
  bool is_awaited_ = false;
  bool taker_is_gone_ = false;
  bool closed_ = false;
};

}  // namespace pawl::store
