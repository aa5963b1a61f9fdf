// The gate (decision D4): effects of a batch run when it is durable, and so do answers that saw
// what the batch holds. One gate a shard; opened by the store's callbacks, filled by the shard.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace pawl::runtime {

// kLost: the batch did not become durable; nothing of it may be told as a fact, nor of what was
// built on it.
enum class GateOutcome { kDurable, kLost };
using Effect = std::function<void(GateOutcome)>;

class Gate {
 public:
  // Batches are numbered 1, 2, 3 ... Begins the next one.
  std::uint64_t begin_batch();

  // The number of the last batch that was begun.
  std::uint64_t begun() const;

  // Runs `effect` when batch `number` is durable; at once, on this thread, when it already is.
  // `number` 0 is durable from the start. Once a batch was lost, no other one is durable.
  void after(std::uint64_t number, Effect effect);

  bool is_durable(std::uint64_t number) const;
  // A batch was lost: memory tells what never became true, until it is read anew behind a new gate.
  bool is_lost() const;
  // Runs all effects that still wait as lost. Batches that end later find nobody. When it returns
  // no other thread runs an effect, nor will.
  void close();
  // The same, and what still waits is dropped: for an owner that ends.
  void abandon();

  // Batch `number` ended; batches end in order. Runs its effects on this thread, and before them
  // `lost`, if it was.
  void end_batch(std::uint64_t number, GateOutcome outcome,
                 const std::function<void()>& lost = nullptr);

 private:
  std::deque<std::vector<Effect>> shut();

  mutable std::mutex mutex_;
  std::condition_variable told_;
  std::thread::id teller_;  // runs effects; nobody's: none does
  std::uint64_t begun_ = 0;
  std::uint64_t ended_ = 0;
  bool lost_ = false;
  std::deque<std::vector<Effect>> waiting_;  // of batches ended_ + 1 .. begun_
};

}  // namespace pawl::runtime
