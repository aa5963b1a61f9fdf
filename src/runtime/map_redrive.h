// How a child says that a redrive of its Map Run has reached it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/map_run.h"
#include "runtime/rows.h"

namespace pawl::runtime {

// Stands among the client tokens of the child's redrives, or at the end of what it was started by.
inline std::string token_of_redrive(const MapRunRecord& record) {
  return "map-run-redrive/" + std::to_string(record.redrive.count);
}

inline bool was_redriven(const Summary& child, std::string_view token) {
  return std::any_of(child.redrive_tokens.begin(), child.redrive_tokens.end(),
                     [token](const auto& one) { return one.token == token; });
}

}  // namespace pawl::runtime
