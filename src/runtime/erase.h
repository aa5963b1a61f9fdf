// What became of a request to delete an execution with all its rows.
#pragma once

namespace pawl::runtime {

enum class EraseOutcome {
  kErased,
  kNotFound,
  kRunning,  // or its Map Run still ends: stop it first
  kLost
};

}  // namespace pawl::runtime
