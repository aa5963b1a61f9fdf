// What a template's functions name: checked to be there, and the order that it puts resources in.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "templates/template.h"

namespace pawl::templates {

// Every name that stands in a resource's, an output's or a condition's functions exists; the
// functions have the arguments that they need. Cycles of conditions and resources are told.
Result<void, TemplateError> check_references(const Template& parsed);

// A use of a resource: by Ref (no attribute) or by its attribute.
struct Use {
  std::string resource;
  std::string attribute;
};
// Calls `found` for every use of a resource inside `node`; one that a parameter, a pseudo parameter
// or a name of Fn::Sub's own answers is none. `node` has been checked.
void for_each_use(const Template& parsed, json::Node node,
                  const std::function<void(const Use&)>& found);

// Names of the resources that the resource needs first: uses and DependsOn, each once, in order.
std::vector<std::string> dependencies_of(const Template& parsed, const Resource& resource);

// All resources, each behind those that it needs. Names of a cycle are an error.
Result<std::vector<std::string>, TemplateError> creation_order(const Template& parsed);

}  // namespace pawl::templates
