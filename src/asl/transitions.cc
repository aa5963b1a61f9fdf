// The graph checks, block by block: targets in the order of the text, then what is unreachable.
#include "asl/transitions.h"

#include <set>
#include <string>

#include "asl/graph_walk.h"

namespace pawl::asl {
namespace {

bool is_terminal(json::Node state) {
  const std::string_view type = state.find("Type")->string();
  const json::Node* end = state.find("End");
  return type == "Succeed" || type == "Fail" ||
         (end != nullptr && end->is_boolean() && end->boolean());
}

bool has_terminal_state(json::Node block, const Place& place) {
  bool found = false;
  for_each_state(block, place, [&found](std::string_view, json::Node state, const Place&) {
    found = found || is_terminal(state);
  });
  return found;
}

class TransitionCheck {
 public:
  explicit TransitionCheck(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // Only the top level must be able to end, and where it cannot, nothing is called unreachable.
  void top(json::Node machine, const Place& place) {
    const Targets targets = check_targets(machine, place);
    if (has_terminal_state(machine, place)) {
      check_reached(machine, place, targets);
    } else {
      diagnostics_.rule_of_definition("Workflow has no terminal state", code::kMissingEnd);
    }
  }

  void inner_blocks(json::Node state, const Place& place) {
    for_each_inner_block(state, place, [this](json::Node block, const Place& block_place) {
      check_reached(block, block_place, check_targets(block, block_place));
    });
  }

 private:
  using Targets = std::set<std::string_view>;

  // Checks that the targets exist, inner blocks included; answers those of this block.
  Targets check_targets(json::Node block, const Place& place) {
    Targets targets;
    const json::Node states = *block.find("States");
    const auto visit = [&](const Place& target_place, std::string_view target) {
      targets.insert(target);
      if (states.find(target) != nullptr) return;
      // The service says Next wherever the name stands.
      diagnostics_.broken(target_place, "Missing 'Next' target: " + std::string(target),
                          code::kMissingTarget);
    };
    visit(place.member("StartAt"), block.find("StartAt")->string());
    for_each_state(block, place, [&](std::string_view, json::Node state, const Place& state_place) {
      for_each_target(state, state_place, visit);
      inner_blocks(state, state_place);
    });
    return targets;
  }

  void check_reached(json::Node block, const Place& place, const Targets& targets) {
    for_each_state(block, place, [&](std::string_view name, json::Node, const Place& state_place) {
      if (targets.contains(name)) return;
      diagnostics_.rule(state_place, "State \"" + std::string(name) + "\" is not reachable.",
                        code::kMissingTarget);
    });
  }

  Diagnostics& diagnostics_;
};

}  // namespace

void check_transitions(Diagnostics& diagnostics, json::Node definition, const Place& place,
                       ParseOptions::Text text) {
  TransitionCheck check(diagnostics);
  if (text == ParseOptions::Text::kMachine) {
    check.top(definition, place);
  } else {
    check.inner_blocks(definition, place);
  }
}

}  // namespace pawl::asl
