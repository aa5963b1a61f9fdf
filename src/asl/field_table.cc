// The table of fields: one row a field, its query languages and the state types that have it.
#include "asl/field_table.h"

#include <array>
#include <utility>

namespace pawl::asl {
namespace {

using enum StateType;
using enum Languages;

constexpr TypeSet kAllButFail = kAnyType & static_cast<TypeSet>(~types(kFail));
constexpr TypeSet kWithResult = types(kTask, kParallel, kMap);
constexpr TypeSet kWithNext = types(kTask, kWait, kPass, kParallel, kMap);

constexpr FieldRule kStateFields[] = {
    {"Type"},
    {"Comment"},
    {"QueryLanguage"},
    {"Next", kBoth, kWithNext},
    {"End", kBoth, kWithNext},

    // Data in and out. Parameters of a Map are the old name of ItemSelector.
    {"InputPath", kJsonPath, kAllButFail},
    {"OutputPath", kJsonPath, kAllButFail},
    {"ResultPath", kJsonPath, kWithResult | types(kPass)},
    {"Parameters", kJsonPath, kWithResult | types(kPass)},
    {"ResultSelector", kJsonPath, kWithResult},
    {"Arguments", kJsonata, types(kTask, kParallel)},
    {"Output", kJsonata, kAllButFail},
    {"Assign", kBoth, kAllButFail& static_cast<TypeSet>(~types(kSucceed))},
    {"Retry", kBoth, kWithResult},
    {"Catch", kBoth, kWithResult},

    // Pass. JSONata states have Output instead of Result.
    {"Result", kJsonPath, types(kPass)},

    // Task
    {"Resource", kBoth, types(kTask)},
    {"Credentials", kBoth, types(kTask)},
    {"TimeoutSeconds", kBoth, types(kTask)},
    {"TimeoutSecondsPath", kJsonPath, types(kTask)},
    {"HeartbeatSeconds", kBoth, types(kTask)},
    {"HeartbeatSecondsPath", kJsonPath, types(kTask)},

    // Choice
    {"Choices", kBoth, types(kChoice)},
    {"Default", kBoth, types(kChoice)},

    // Wait
    {"Seconds", kBoth, types(kWait)},
    {"SecondsPath", kJsonPath, types(kWait)},
    {"Timestamp", kBoth, types(kWait)},
    {"TimestampPath", kJsonPath, types(kWait)},

    // Fail
    {"Error", kBoth, types(kFail)},
    {"ErrorPath", kJsonPath, types(kFail)},
    {"Cause", kBoth, types(kFail)},
    {"CausePath", kJsonPath, types(kFail)},

    // Parallel
    {"Branches", kBoth, types(kParallel)},

    // Map, inline or distributed: the service takes the fields of a Distributed Map in both.
    {"ItemProcessor", kBoth, types(kMap)},
    {"Iterator", kBoth, types(kMap)},
    {"Items", kJsonata, types(kMap)},
    {"ItemsPath", kJsonPath, types(kMap)},
    {"ItemSelector", kBoth, types(kMap)},
    {"ItemReader", kBoth, types(kMap)},
    {"ItemBatcher", kBoth, types(kMap)},
    {"ResultWriter", kBoth, types(kMap)},
    {"MaxConcurrency", kBoth, types(kMap)},
    {"MaxConcurrencyPath", kJsonPath, types(kMap)},
    {"ToleratedFailureCount", kBoth, types(kMap)},
    {"ToleratedFailureCountPath", kJsonPath, types(kMap)},
    {"ToleratedFailurePercentage", kBoth, types(kMap)},
    {"ToleratedFailurePercentagePath", kJsonPath, types(kMap)},
    {"Label", kBoth, types(kMap)},
};

constexpr FieldRule kMachineFields[] = {{"Comment"},        {"QueryLanguage"}, {"StartAt"},
                                        {"TimeoutSeconds"}, {"Version"},       {"States"}};
// Workflows inside others do not choose the query language: their states inherit the machine's.
constexpr FieldRule kBranchFields[] = {{"Comment"}, {"StartAt"}, {"States"}};
constexpr FieldRule kItemProcessorFields[] = {
    {"Comment"}, {"ProcessorConfig"}, {"StartAt"}, {"States"}};

constexpr std::array<std::pair<std::string_view, StateType>, 8> kTypeNames = {
    {{"Task", kTask},
     {"Wait", kWait},
     {"Pass", kPass},
     {"Succeed", kSucceed},
     {"Fail", kFail},
     {"Choice", kChoice},
     {"Parallel", kParallel},
     {"Map", kMap}}};

}  // namespace

std::optional<StateType> state_type_named(std::string_view name) {
  for (const auto& [type_name, type] : kTypeNames) {
    if (type_name == name) return type;
  }
  return std::nullopt;
}

Shape::Verdict Shape::verdict(std::string_view field) const {
  for (const FieldRule& rule : rules) {
    if (rule.name != field) continue;
    if ((rule.types & type) == 0) return Verdict::kUnknown;
    if (rule.languages == kBoth) return Verdict::kAllowed;
    const Languages own = language == QueryLanguage::kJsonPath ? kJsonPath : kJsonata;
    return rule.languages == own ? Verdict::kAllowed : Verdict::kOtherLanguage;
  }
  return Verdict::kUnknown;
}

Shape machine_shape() { return {kMachineFields}; }
Shape branch_shape() { return {kBranchFields}; }
Shape item_processor_shape() { return {kItemProcessorFields}; }
Shape state_shape(StateType type, QueryLanguage language) {
  return {kStateFields, language, types(type)};
}

}  // namespace pawl::asl
