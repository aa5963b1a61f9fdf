// A template that came with a call, checked and bound to its parameters.
#pragma once

#include <memory>
#include <string>

#include "services/cloudformation/records.h"
#include "templates/evaluate.h"

namespace pawl::cloudformation {

// Whether a call may apply transforms without CAPABILITY_AUTO_EXPAND.
enum class Expansion { kNeedsCapability, kFree };

struct Prepared {
  std::string text;            // as it was given
  std::string processed_text;  // with its transforms applied, JSON; else the same
  std::shared_ptr<const templates::Template> parsed;
  templates::ConditionValues conditions;
  StackContent content;  // but for outputs

  // The records of both texts.
  void store(Changes& changes) const;
};

std::string hash_of_template(std::string_view text);

// "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_IAM]", or nothing.
std::vector<std::string> needed_capabilities(const templates::Template& parsed);

}  // namespace pawl::cloudformation
