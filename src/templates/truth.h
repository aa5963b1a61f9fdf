// The boolean functions of the Conditions and Rules blocks: each condition once, others on demand.
// Names and cycles of conditions have been checked with the template.
#pragma once

#include <string_view>
#include <vector>

#include "templates/evaluate.h"

namespace pawl::templates {

// The block that an expression stands in: rules have functions of their own.
enum class Block { kConditions, kRules };

class Truths {
 public:
  using Truth = Result<bool, TemplateError>;

  // The first three outlive the object.
  Truths(const Template& parsed, const ParameterValues& parameters,
         const Surroundings& surroundings, Block block)
      : template_(parsed),
        scope_{parsed, parameters, surroundings, values_, nothing_},
        block_(block) {}

  Result<ConditionValues, TemplateError> all_conditions();
  Truth truth(json::Node node);

 private:
  // conditions.cc
  Truth value_of(const Condition& condition);
  Truth truth_of_call(std::string_view key, json::Node argument);
  Truth truth_of_value(json::Node node);
  Truth named(std::string_view name);
  Truth equals(json::Node argument);
  Truth all(json::Node argument);
  Truth any(json::Node argument);
  Truth negated(json::Node argument);

  // rules.cc
  Truth contains(json::Node argument);
  Truth each_member_equals(json::Node argument);
  Truth each_member_in(json::Node argument);
  Result<std::vector<std::string>, TemplateError> texts(json::Node node);

  const Template& template_;
  ConditionValues values_;
  const Knowledge nothing_;
  const Scope scope_;
  const Block block_;
};

}  // namespace pawl::templates
