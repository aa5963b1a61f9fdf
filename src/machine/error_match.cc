#include "machine/error_match.h"

#include <algorithm>

namespace pawl::machine {
namespace {

// No wildcard covers what the interpreter itself cannot do.
bool is_runtime_error(const Fault& fault) { return fault.error == "States.Runtime"; }

bool is_task_failure(const Fault& fault) {
  return fault.error != "States.Timeout" && fault.error != "States.DataLimitExceeded" &&
         !is_runtime_error(fault);
}

bool matches_name(const std::string& name, const Strand& strand) {
  if (name == "States.ALL" && !is_runtime_error(strand.fault)) return true;
  if (name == "States.TaskFailed" && is_task_failure(strand.fault)) return true;
  if (name == "States.HeartbeatTimeout" && strand.fault_heartbeat) return true;
  return strand.fault.error == name;
}

}  // namespace

bool matches(const std::vector<std::string>& error_equals, const Strand& strand) {
  return std::any_of(error_equals.begin(), error_equals.end(),
                     [&](const std::string& name) { return matches_name(name, strand); });
}

}  // namespace pawl::machine
