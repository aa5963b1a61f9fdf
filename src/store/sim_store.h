// In memory, for tests and simulation: commits when told to, and loses what is not synced.
#pragma once

#include <memory>

#include "store/store.h"

namespace pawl::store {

class SimStore : public Store {
 public:
  // Automatic: every batch commits at once, on the caller's thread.
  enum class Mode { kAutomatic, kManual };
  static std::unique_ptr<SimStore> make(Mode mode = Mode::kAutomatic);

  // Manual mode: makes the oldest `count` waiting batches durable and calls back.
  virtual void sync(std::size_t count) = 0;
  virtual std::size_t waiting() const = 0;
  // The process dies: waiting batches are gone, nobody is called back.
  virtual void crash() = 0;
  // The next batch ends as refused or unknown (an unknown one may or may not be there).
  virtual void fail_next(Outcome outcome, bool written) = 0;
  // What has_space() answers from now on; at first true. Any thread.
  virtual void set_space(bool has_space) = 0;
};

}  // namespace pawl::store
