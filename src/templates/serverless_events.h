// Events of serverless functions and state machines: the rules, subscriptions, mappings and
// permissions that stand behind them, by the names that AWS's transform gives.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "templates/serverless_parts.h"

namespace pawl::templates {

// What events of functions add to buckets of the template.
struct BucketNotifications {
  std::vector<std::string> configurations;  // of LambdaConfigurations: JSON
  std::vector<std::string> needs;           // logical ids: permissions
};
using NotificationsByBucket = std::map<std::string, BucketNotifications, std::less<>>;

// A function with events.
struct EventTarget {
  std::string name;   // of the function's resource
  std::string alias;  // of the published alias' resource; empty: none
  json::Node resource;
};

// Resources for `properties.Events`. Notifications of buckets are gathered, not written.
Written write_function_events(json::Writer& out, const EventTarget& target, json::Node properties,
                              NotificationsByBucket& notifications);
// Policies that the function's role has for its events.
std::vector<std::string> event_policy_names(json::Node properties);

// Rules, and the role by which each starts the state machine.
Written write_state_machine_events(json::Writer& out, const std::string& name, json::Node resource,
                                   json::Node properties);

// A bucket with what the functions' events add to it.
void write_bucket(json::Writer& out, const std::string& name, json::Node resource,
                  const BucketNotifications& notifications);

}  // namespace pawl::templates
