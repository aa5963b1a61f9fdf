#include "runtime/halting.h"

#include <mutex>
#include <utility>

namespace pawl::runtime {

bool HaltingMachines::has(std::uint64_t machine) const {
  if (!any_) return false;
  const std::shared_lock lock(mutex_);
  return machines_.contains(machine);
}

void HaltingMachines::set(std::set<std::uint64_t> machines) {
  const std::unique_lock lock(mutex_);
  machines_ = std::move(machines);
  any_ = !machines_.empty();
}

}  // namespace pawl::runtime
