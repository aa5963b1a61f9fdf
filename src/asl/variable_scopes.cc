// Scopes of variables: the states of a block, without those of the blocks inside it, share one
// (reference/step-functions.md B3). A name that an outer scope assigns cannot be assigned further
// in.
#include <map>
#include <string>
#include <utility>

#include "asl/graph_walk.h"
#include "asl/template.h"
#include "asl/transitions.h"

namespace pawl::asl {
namespace {

// The children of a Distributed Map are executions of their own, which see no outer variable.
bool is_distributed(json::Node block) {
  const json::Node* config = block.find("ProcessorConfig");
  const json::Node* mode = config == nullptr ? nullptr : config->find("Mode");
  return mode != nullptr && mode->string() == "DISTRIBUTED";
}

class ScopeCheck {
 public:
  ScopeCheck(Diagnostics& diagnostics, json::Node definition) : diagnostics_(diagnostics) {
    const json::Node* language = definition.find("QueryLanguage");
    machine_is_jsonata_ = language != nullptr && language->string() == "JSONata";
  }

  // Own names are checked before they count: they are outer ones only to the blocks inside.
  void block(json::Node node, const Place& place) {
    for_each_state(node, place, [this](std::string_view, json::Node state, const Place& at) {
      check(state, at);
    });
    for_each_state(node, place, [this](std::string_view, json::Node state, const Place& at) {
      count(state, at, 1);
    });
    for_each_state(node, place, [this](std::string_view, json::Node state, const Place& at) {
      inner_blocks(state, at);
    });
    for_each_state(node, place, [this](std::string_view, json::Node state, const Place& at) {
      count(state, at, -1);
    });
  }

  void single_state(json::Node state, const Place& place) {
    count(state, place, 1);
    inner_blocks(state, place);
  }

 private:
  void inner_blocks(json::Node state, const Place& place) {
    for_each_inner_block(state, place, [this](json::Node inner, const Place& at) {
      if (!is_distributed(inner)) return block(inner, at);
      auto outer = std::exchange(assigned_, {});
      block(inner, at);
      assigned_ = std::move(outer);
    });
  }

  void check(json::Node state, const Place& place) {
    const auto visit = [this](const Place& at, std::string_view name) {
      const auto found = assigned_.find(name);
      if (found == assigned_.end() || found->second == 0) return;
      diagnostics_.rule(at,
                        "Invalid variable name '" + std::string(name) +
                            "': a variable of an outer scope has the same name.",
                        code::kInvalidVariable);
    };
    for_each_assign(state, place, visit);
    in_rules(state, place, "Catch", visit);
  }

  void count(json::Node state, const Place& place, int step) {
    for_each_assign(state, place,
                    [this, step](const Place&, std::string_view name) { assigned_[name] += step; });
  }

  // Those of the state and of its rules. What only a catcher assigns does not count for the blocks
  // inside: the service takes it where a branch assigns the same name.
  template <class Visit>
  void for_each_assign(json::Node state, const Place& place, Visit visit) {
    names_of(state, state, place, visit);
    in_rules(state, place, "Choices", visit);
  }

  template <class Visit>
  void in_rules(json::Node state, const Place& place, std::string_view list, Visit visit) {
    const json::Node* rules = state.find(list);
    if (rules == nullptr) return;
    const Place list_place = place.member(list);
    for (std::size_t i = 0; i < rules->size(); ++i) {
      const Place rule_place = list_place.element(i);
      names_of(state, rules->at(i), rule_place, visit);
    }
  }

  template <class Visit>
  void names_of(json::Node state, json::Node object, const Place& place, Visit visit) {
    const json::Node* assign = object.find("Assign");
    if (assign == nullptr) return;
    const json::Node* own = state.find("QueryLanguage");
    const bool jsonata = own == nullptr ? machine_is_jsonata_ : own->string() == "JSONata";
    const Place assign_place = place.member("Assign");
    for (const json::Member& member : assign->members()) {
      const std::string_view key = member.key.string();
      visit(assign_place, jsonata ? key : output_key(key));
    }
  }

  Diagnostics& diagnostics_;
  std::map<std::string_view, int> assigned_;  // by how many states of the open scopes
  bool machine_is_jsonata_ = false;
};

}  // namespace

void check_variable_scopes(Diagnostics& diagnostics, json::Node definition, const Place& place,
                           ParseOptions::Text text) {
  ScopeCheck check(diagnostics, definition);
  if (text == ParseOptions::Text::kMachine) {
    check.block(definition, place);
  } else {
    check.single_state(definition, place);
  }
}

}  // namespace pawl::asl
