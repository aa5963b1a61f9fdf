// The role that a serverless resource brings along when it names none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "templates/serverless_parts.h"

namespace pawl::templates {

struct RoleKind {
  std::string_view service, mark;
  std::vector<std::string> managed;  // ARNs that it has in any case
};

// "<name>Role", out of the resource's Policies.
Written write_role(json::Writer& out, const std::string& name, json::Node resource,
                   json::Node properties, RoleKind kind);

// AssumeRolePolicyDocument for one service.
void write_trust(json::Writer& out, std::string_view service);

}  // namespace pawl::templates
