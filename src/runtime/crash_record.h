// Which execution a thread was working on when the process crashed (decision D17): a run whose step
// or replay ends the process twice is quarantined, and all others start.
//
// Only the process's own crashes count (SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL): they are seen by
// a handler that appends the id to a file. SIGKILL and power loss blame nobody.
#pragma once

#include <string>
#include <vector>

#include "runtime/execution_id.h"

namespace pawl::runtime {

// While it lives, this thread works on `execution`.
class CrashScope {
 public:
  explicit CrashScope(const ExecutionId& execution);
  ~CrashScope();
  CrashScope(const CrashScope&) = delete;
  CrashScope& operator=(const CrashScope&) = delete;
};

// Opens (or makes) the record at `path` and installs the handlers; the default action follows, so
// the process still dies of the signal. Call once, before threads start.
void install_crash_record(const std::string& path);

// Executions that crashed the process, one entry a crash, oldest first.
std::vector<ExecutionId> read_crash_record(const std::string& path);

}  // namespace pawl::runtime
