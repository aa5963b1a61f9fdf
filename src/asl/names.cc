// State names and labels (reference/step-functions.md B1.2, B6.8).
#include <algorithm>
#include <set>
#include <string>

#include "asl/graph_walk.h"
#include "asl/transitions.h"
#include "asl/variable_name.h"
#include "base/limits.h"

namespace pawl::asl {
namespace {

// A label becomes part of ARNs.
bool is_label_character(char byte) {
  constexpr std::string_view kForbidden = "?*<>{}[]:;,\\|^~$#%&`\"";
  return static_cast<unsigned char>(byte) > 0x20 && byte != 0x7F &&
         kForbidden.find(byte) == std::string_view::npos;
}

std::string too_long(std::string_view kind, std::string_view name, std::size_t limit) {
  return "Invalid " + std::string(kind) + " name: " + std::string(kind) + " '" + std::string(name) +
         "' exceeds the " + std::to_string(limit) + "-character limit allowed by the service";
}

// One set of names for all levels: names are unique in the whole machine (B1.2).
class NameCheck {
 public:
  explicit NameCheck(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void block(json::Node node, const Place& place) {
    for_each_state(node, place, [this](std::string_view name, json::Node state, const Place& at) {
      this->state(name, state, at);
    });
  }

  void state(std::string_view name, json::Node node, const Place& place) {
    if (count_characters(name) > kAwsLimits.state_name_characters_max) {
      diagnostics_.rule(place, too_long("State", name, kAwsLimits.state_name_characters_max),
                        code::kInvalidState);
    }
    if (!states_.insert(name).second) {
      diagnostics_.rule(place, "Duplicate State name: " + std::string(name), code::kDuplicateState);
    }
    if (const json::Node* label = node.find("Label")) this->label(label->string(), place);
    for_each_inner_block(node, place,
                         [this](json::Node inner, const Place& at) { block(inner, at); });
  }

 private:
  void label(std::string_view label, const Place& state) {
    const Place place = state.member("Label");
    if (count_characters(label) > kAwsLimits.label_characters_max) {
      diagnostics_.rule(place, too_long("Label", label, kAwsLimits.label_characters_max),
                        code::kInvalidLabel);
    } else if (!std::all_of(label.begin(), label.end(), is_label_character)) {
      diagnostics_.rule(
          place,
          "Invalid Label name: Label '" + std::string(label) + "' contains invalid characters",
          code::kInvalidLabel);
    }
    if (!labels_.insert(label).second) {
      diagnostics_.rule(place, "Duplicate Label name: " + std::string(label),
                        code::kDuplicateLabel);
    }
  }

  Diagnostics& diagnostics_;
  std::set<std::string_view> states_;
  std::set<std::string_view> labels_;
};

}  // namespace

void check_names(Diagnostics& diagnostics, json::Node definition, const Place& place,
                 ParseOptions::Text text) {
  NameCheck check(diagnostics);
  if (text == ParseOptions::Text::kMachine) {
    check.block(definition, place);
  } else {
    check.state(kSingleStateName, definition, place);
  }
}

}  // namespace pawl::asl
