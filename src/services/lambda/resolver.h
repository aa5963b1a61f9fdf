// From a name in a request to what runs: the function's version and, for an alias with weights, the
// second one. Answers are cached until the function changes; a call costs one lookup.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/secret_key.h"
#include "functions/code_store.h"
#include "functions/function_spec.h"
#include "runtime/catalog.h"
#include "services/lambda/configuration.h"
#include "services/lambda/function_name.h"

namespace pawl::lambda {

// Invocations of one function that are running, of how many it may have (reserved concurrency).
struct Reservation {
  std::int64_t limit = 0;
  std::shared_ptr<std::atomic<std::int64_t>> running;
};

struct Target {
  functions::SharedSpec spec;
  functions::SharedSpec second;  // of an alias with weights, else null
  double second_weight = 0;
  std::string invoked_arn;  // as the function sees it: with the qualifier, if one was given
  std::shared_ptr<const Reservation> reservation;  // null: not limited
};
using SharedTarget = std::shared_ptr<const Target>;

// Thread-safe.
class Resolver {
 public:
  // All outlive the resolver.
  Resolver(const runtime::Catalog& catalog, functions::CodeStore& codes, const SecretKey& key)
      : catalog_(catalog), codes_(codes), key_(key) {}

  Result<SharedTarget, ServiceError> resolve(const runtime::Principal& principal,
                                             std::string_view function, std::string_view qualifier);
  // Something has changed: everything is looked up again.
  void forget();

 private:
  Result<SharedTarget, ServiceError> look_up(const FunctionName& name);
  Result<functions::SharedSpec, ServiceError> spec_of(Configuration configuration);
  std::shared_ptr<std::atomic<std::int64_t>> running_of(const std::string& function_key);

  const runtime::Catalog& catalog_;
  functions::CodeStore& codes_;
  const SecretKey& key_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, SharedTarget> targets_;                      // guarded by mutex_
  std::uint64_t changes_ = 0;                                                  // guarded by mutex_
  std::map<std::string, std::shared_ptr<std::atomic<std::int64_t>>> running_;  // guarded by mutex_
};

}  // namespace pawl::lambda
