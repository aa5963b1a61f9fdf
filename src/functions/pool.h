// Runs functions: keeps execution environments warm, starts new ones when that pays, queues what
// waits, and ends the idle ones. One loop thread does it all; no thread per invocation.
//
// Invariant: every invocation that is taken gets exactly one result, and no environment outlives
// the pool.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "functions/function_spec.h"
#include "functions/invocation.h"
#include "functions/log_store.h"
#include "functions/runtimes.h"

namespace pawl::functions {

enum class Isolation {
  kAuto,     // the most that this machine and user allow
  kFull,     // namespaces; without them the pool does not open
  kProcess,  // a session only: no private /tmp, /var/task
};

using FindCredentials =
    std::function<void(const SharedSpec& spec, std::function<void(Credentials)> take)>;

struct PoolOptions {
  std::string directory;      // <data-dir>/functions
  Interpreters interpreters;  // empty members: looked for on PATH
  Isolation isolation = Isolation::kAuto;
  // With node_modules/ and python/: what a function finds beside its package. Empty: nothing.
  std::string sdk_directory;
  std::size_t environments_max = 0;  // of all functions together; 0: 64
  std::size_t starting_max = 0;      // at the same time; 0: one for each processor
  std::size_t queued_max = 100'000;
  std::size_t queued_bytes_max = 256u << 20;
  int idle_seconds_max = 300;
  std::string endpoint_url;  // where functions find Pawl (AWS_ENDPOINT_URL); may be empty
  // Asked, on the pool's thread, before each start of an environment; answers once, on any thread,
  // and before long. None: the account's number stands for a key.
  FindCredentials find_credentials{};
  LogLimits logs;
};

struct PoolError {
  std::string message;
};

struct PoolStats {
  std::size_t environments = 0;
  std::size_t idle = 0;
  std::size_t queued = 0;
  std::uint64_t started = 0;
  std::uint64_t invocations = 0;
};

class Pool {
 public:
  // Writes the runtime clients to the directory and begins to find out which isolation is allowed;
  // waits for that only where it must be full. `clock` outlives the pool.
  static Result<std::unique_ptr<Pool>, PoolError> open(PoolOptions options, const Clock& clock);
  virtual ~Pool() = default;

  // Thread-safe; never blocks.
  virtual void invoke(SharedSpec spec, Invocation invocation, Done done) = 0;
  // The function has changed or is gone: its environments end as soon as they are idle.
  // Thread-safe.
  virtual void retire(std::string identity) = 0;
  // In place of the options' endpoint_url, for environments started from now on. Thread-safe.
  virtual void set_endpoint(std::string url) = 0;
  // Thread-safe; these wait for the loop.
  virtual PoolStats stats() = 0;
  virtual IsolationLevel isolation() = 0;
};

}  // namespace pawl::functions
