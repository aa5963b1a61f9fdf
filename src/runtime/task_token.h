// Task tokens: what SendTaskSuccess names a task by. Versioned, authenticated, and needing no row
// (decision D5): base64 of version, execution id, task event id and a truncated HMAC-SHA-256.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "machine/event.h"
#include "runtime/execution_id.h"

namespace pawl::runtime {

class TaskTokens {
 public:
  // `key` is the store's secret; tokens made under another key are not accepted.
  explicit TaskTokens(std::string key) : key_(std::move(key)) {}

  struct Task {
    ExecutionId execution;
    machine::EventId task = 0;
  };
  std::string make(const Task& task) const;
  // Empty: no token of ours.
  std::optional<Task> parse(std::string_view token) const;

 private:
  std::string sign(std::string_view body) const;
  std::string key_;
};

}  // namespace pawl::runtime
