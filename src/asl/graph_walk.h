// Visits the states of a definition whose fields are known to be right, in the order of the text.
#pragma once

#include <string_view>

#include "asl/place.h"
#include "json/value.h"

namespace pawl::asl {

// Calls visit(node, place, target) for every place of a state that names a state to go to.
template <class Visit>
void for_each_target(json::Node state, const Place& place, Visit visit) {
  const auto visit_field = [&visit](json::Node object, const Place& at, std::string_view field) {
    const json::Node* target = object.find(field);
    if (target != nullptr && target->is_string()) visit(at.member(field), target->string());
  };
  visit_field(state, place, "Next");
  for (const std::string_view list : {"Choices", "Catch"}) {
    const json::Node* rules = state.find(list);
    if (rules == nullptr) continue;
    const Place list_place = place.member(list);
    for (std::size_t i = 0; i < rules->size(); ++i) {
      const Place rule_place = list_place.element(i);
      visit_field(rules->at(i), rule_place, "Next");
    }
  }
  visit_field(state, place, "Default");
}

// Calls visit(block, place) for the branches or the item processor of a state.
template <class Visit>
void for_each_inner_block(json::Node state, const Place& place, Visit visit) {
  if (const json::Node* branches = state.find("Branches")) {
    const Place list_place = place.member("Branches");
    for (std::size_t i = 0; i < branches->size(); ++i) {
      visit(branches->at(i), list_place.element(i));
    }
  }
  for (const std::string_view name : {"ItemProcessor", "Iterator"}) {
    if (const json::Node* processor = state.find(name)) visit(*processor, place.member(name));
  }
}

// Calls visit(name, state, place) for the states of one block.
template <class Visit>
void for_each_state(json::Node block, const Place& place, Visit visit) {
  const json::Node* states = block.find("States");
  if (states == nullptr) return;
  const Place states_place = place.member("States");
  for (const json::Member& member : states->members()) {
    const Place state_place = states_place.member(member.key.string());
    visit(member.key.string(), member.value, state_place);
  }
}

}  // namespace pawl::asl
