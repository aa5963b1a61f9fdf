// Tags of a resource that is updated, by the calls that its service has for them.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "services/cloudformation/types/types.h"

namespace pawl::cloudformation {

enum class TagShape { kMap, kPairs, kLowerCasePairs };

struct TagCalls {
  std::string_view service;
  std::string_view shown_name;  // in a resource's reason
  std::string_view tag, untag;  // operations
  std::string_view tags_member, keys_member;
  TagShape shape = TagShape::kMap;
};

// Takes away the tags that the resource has no more and sets the others; calls nothing where they
// are the same. `place` writes the members that name the resource.
std::optional<Failure> update_tags(const Request& request, const TagCalls& calls,
                                   const std::function<void(json::Writer&)>& place);

}  // namespace pawl::cloudformation
