// The credentials that a function's SDK finds: temporary ones of its role, from STS, as on AWS.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "functions/function_spec.h"
#include "runtime/operations.h"

namespace pawl::lambda {

// Thread-safe. Made by std::make_shared: an answer may come when nobody asks any more.
class RoleCredentials : public std::enable_shared_from_this<RoleCredentials> {
 public:
  using Take = std::function<void(functions::Credentials)>;

  // Both outlive this.
  RoleCredentials(const runtime::Operations& services, const Clock& clock)
      : services_(services), clock_(clock) {}

  // Empty ones where STS gives none. What it gave lately for the same function is given again: an
  // environment ends long before it does.
  void find(const functions::SharedSpec& spec, Take take);

 private:
  struct Issued {
    functions::Credentials credentials;
    WallMillis at = 0;
  };

  void keep(const std::string& key, const functions::Credentials& credentials);

  const runtime::Operations& services_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Issued> issued_;  // guarded by mutex_
};

}  // namespace pawl::lambda
