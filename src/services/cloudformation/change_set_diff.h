// What an update would do to the resources of a stack, as far as it can be told beforehand.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "json/writer.h"
#include "services/cloudformation/records.h"
#include "services/cloudformation/resource_type.h"
#include "templates/evaluate.h"

namespace pawl::cloudformation {

// One side of the comparison: a template with its parameters' values.
struct DiffSide {
  const templates::Template* parsed = nullptr;  // nullptr: there is no stack yet
  const templates::ParameterValues& parameters;
  const templates::ConditionValues& conditions;
  const templates::Surroundings& surroundings;
  std::vector<Tag> tags = {};  // the stack's

  bool wants(const templates::Resource& resource) const;
};

// `Changes` as DescribeChangeSet shows them, sorted by logical id: a JSON array. `resources`: those
// that the stack has.
std::string diff_stacks(const ResourceTypes& types, const DiffSide& before, const DiffSide& after,
                        const std::map<std::string, ResourceRecord>& resources);

}  // namespace pawl::cloudformation
