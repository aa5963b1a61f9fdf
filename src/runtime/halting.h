// Machines that want an execution to halt where it would fail (docs/operate.md, docs/adr/0026), and
// what is asked of an execution that has halted.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <shared_mutex>
#include <string>

#include "asl/model.h"
#include "base/clock.h"

namespace pawl::runtime {

// Thread-safe. Costs next to nothing where no machine asks for it.
class HaltingMachines {
 public:
  bool has(std::uint64_t machine) const;
  void set(std::set<std::uint64_t> machines);

 private:
  std::atomic<bool> any_{false};
  mutable std::shared_mutex mutex_;
  std::set<std::uint64_t> machines_;  // by digest_of_machine
};

// The definition with which a halted execution is tried again, in place of the one that it pinned.
struct NewRevision {
  std::shared_ptr<const asl::Machine> definition;
  std::string revision;  // content hash
  std::string revision_id;
  WallMillis revision_time = 0;
};

struct TryAgainOutcome {
  enum class Kind { kGoesOn, kNotFound, kNotHalted, kRefused, kLost } kind = Kind::kLost;
  std::string why{};  // of kRefused: the other definition does not fit
};
using TryAgainReply = std::function<void(TryAgainOutcome)>;

}  // namespace pawl::runtime
