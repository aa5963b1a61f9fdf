// The service integrations that the service itself knows ("optimized"): their actions, the patterns
// they offer and the request fields they insist on (reference/step-functions.md C1, C1.2).
#pragma once

#include <span>
#include <string_view>

#include "asl/model.h"

namespace pawl::asl {

// The ways a task's end may be awaited, one bit each; request/response always goes.
enum Patterns : unsigned char {
  kRequestOnly = 0,
  kSync = 1,
  kSync2 = 2,
  kToken = 4,
};

struct Integration {
  std::string_view service;
  std::string_view action;
  unsigned char patterns = kRequestOnly;
  std::span<const std::string_view> required = {};

  bool offers(const TaskResource& resource) const;
};

// nullptr when the service has no such optimized integration.
const Integration* find_integration(std::string_view service, std::string_view action);

}  // namespace pawl::asl
