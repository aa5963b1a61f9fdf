// A type of resource: its schema as data, and how to make, change and remove one by calls of
// services. One file a family under types/; register_* in types.h names them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/value.h"
#include "json/writer.h"
#include "runtime/operations.h"
#include "services/cloudformation/records.h"

namespace pawl::cloudformation {

class Services;

// What a property's value is made of scalars that templates write loosely ("60", "true").
enum class PropertyKind { kAny, kText, kInteger, kBoolean, kTexts, kTextMap, kDocument };
// Whether changing the property makes another physical resource.
enum class Replaces { kNever, kConditionally, kAlways };
enum class Need { kOptional, kRequired };

struct Property {
  std::string_view name;
  PropertyKind kind = PropertyKind::kAny;
  Replaces replaces = Replaces::kNever;
  Need need = Need::kOptional;
};

// A call that failed, as the resource's status reason tells it.
struct Failure {
  std::string message;
};
struct Made {
  std::string physical_id;
  std::string attributes = "{}";  // what GetAtt answers
};
// Not over yet: ask again.
struct Pending {
  std::string physical_id;
  int seconds = 1;
};
using Outcome = std::variant<Made, Pending, Failure>;

enum class Attempt { kFirst, kRepeated };

// What a type works with. References live for the call.
struct Request {
  const Services& services;
  const StackRecord& stack;
  std::string logical_id;
  std::string type;  // as the template has it: Custom::Thing
  json::Node properties;
  json::Node previous;            // of an update: what the resource has now
  std::string physical_id;        // chosen before a creation, or of the resource that there is
  std::string attributes = "{}";  // of the resource that there is
  std::string token;  // the same for every attempt of the same creation, change or removal
  // A repeated attempt may find what the first one made before the server stopped: it adopts that.
  Attempt attempt = Attempt::kFirst;
  // The resource's CreationPolicy; null: there is none.
  json::Node creation_policy = {};
  // When the first attempt began.
  WallMillis since = 0;
  WallMillis now = 0;

  runtime::Principal principal() const;
  // The text of a property; empty when there is none.
  std::string text(std::string_view property) const;
};

struct ResourceType {
  std::string_view name;
  std::vector<Property> properties;
  std::vector<std::string_view> attributes;  // "Outputs.*" stands for all that begin so
  std::string_view name_property = {};       // names the resource where the template gives it
  // The physical id before the creation; empty: the service gives it.
  std::function<std::string(const Request&)> choose_id;
  // Whether a resource of that name is there, asked before the first creation of a resource that
  // the template names.
  std::function<bool(const Request&)> exists = nullptr;
  std::function<Outcome(const Request&)> create;
  std::function<Outcome(const Request&)> update;
  std::function<Outcome(const Request&)> remove;
  bool takes_any_property = false;

  const Property* find(std::string_view property) const;
  bool has_attribute(std::string_view attribute) const;
};

class ResourceTypes {
 public:
  void add(ResourceType type);
  // Custom::Anything is AWS::CloudFormation::CustomResource. nullptr: no such type.
  const ResourceType* find(std::string_view name) const;

 private:
  std::map<std::string, ResourceType, std::less<>> types_;
};

// The properties with their scalars as the type has them; the error is the resource's reason.
Result<json::Value, std::string> conform_properties(const ResourceType& type,
                                                    std::string_view logical_id,
                                                    json::Node properties);

// The properties with the stack's tags under the resource's own, where the type has tags.
json::Value with_stack_tags(const ResourceType& type, json::Value properties,
                            const std::vector<Tag>& tags);

// Names of the properties in which two resources of the type differ.
std::vector<std::string> changed_properties(json::Node left, json::Node right);

enum class Letters { kMixed, kLower };
// "<stack>-<logical id>-<12 characters>", which follow from what is named: a repeated creation gets
// the same name.
std::string generated_name(const Request& request, std::size_t characters_max,
                           Letters letters = Letters::kMixed);
// "<logical id>-<12 characters>".
std::string short_generated_name(const Request& request, std::size_t characters_max);

}  // namespace pawl::cloudformation
