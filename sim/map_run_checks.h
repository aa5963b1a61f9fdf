// What must hold of Map Runs, by their rows and their children's.
//
// Throughout: no more children run than may; a run that has ended stays ended but for a redrive.
// When its parent has ended: the run has too, and so has each child; of a run that succeeded every
// child has been counted as it ended, within the tolerated failures.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "runtime/stored_views.h"
#include "store/store.h"

namespace pawl::sim {

class MapRunChecks {
 public:
  // What is wrong, or nothing.
  std::optional<std::string> look(const store::Store& store, const runtime::ExecutionId& parent);
  std::optional<std::string> finish(const store::Store& store, const runtime::ExecutionId& parent);

  std::size_t count() const { return runs_.size(); }
  std::size_t children() const { return children_; }

 private:
  struct Known {
    std::int32_t redrives = 0;
    bool ended = false;
  };
  std::map<std::string, Known> runs_;
  std::size_t children_ = 0;
};

}  // namespace pawl::sim
