// Which fields which object may have, and in which query language
// (reference/step-functions.md A5.2 and B1.4, measured at the service).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "asl/model.h"

namespace pawl::asl {

enum class StateType { kTask, kWait, kPass, kSucceed, kFail, kChoice, kParallel, kMap };

// "Task" -> kTask.
std::optional<StateType> state_type_named(std::string_view name);

// A set of state types, one bit each.
using TypeSet = std::uint8_t;
constexpr TypeSet types() { return 0; }
template <class... More>
constexpr TypeSet types(StateType first, More... more) {
  return static_cast<TypeSet>((1u << static_cast<unsigned>(first)) | types(more...));
}
inline constexpr TypeSet kAnyType = 0xFF;

enum class Languages { kBoth, kJsonPath, kJsonata };

struct FieldRule {
  std::string_view name;
  Languages languages = Languages::kBoth;
  TypeSet types = kAnyType;
};

// What one kind of object may hold: the rules that apply to a state of `type` in `language`.
struct Shape {
  std::span<const FieldRule> rules;
  QueryLanguage language = QueryLanguage::kJsonPath;
  TypeSet type = kAnyType;
  // Whether fields of the other query language are reported.
  enum class OtherLanguage { kReported, kPassedOver };
  OtherLanguage other_language = OtherLanguage::kReported;

  enum class Verdict { kAllowed, kOtherLanguage, kUnknown };
  Verdict verdict(std::string_view field) const;
};

Shape machine_shape();
Shape branch_shape();          // of Parallel
Shape item_processor_shape();  // of Map
Shape state_shape(StateType type, QueryLanguage language);

}  // namespace pawl::asl
