// The batches that wait for the committer: many threads put, one thread takes all there is.
#pragma once

#include <chrono>
#include <condition_variable>
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
  // Waits up to `period` until the taker has dealt with everything and asks for more, or is gone.
  bool wait_idle(std::chrono::milliseconds period);
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
  enum class Taker { kBusy, kAsking, kGone } taker_ = Taker::kBusy;
  bool idle_is_awaited_ = false;
  bool closed_ = false;
};

}  // namespace pawl::store
