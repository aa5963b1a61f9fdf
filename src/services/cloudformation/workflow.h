// The state machine that every operation on a stack is.
#pragma once

#include <string_view>

namespace pawl::cloudformation {

inline constexpr std::string_view kStackMachine = "stack-operation";

// Input: {"stack": id, "operation": id, "work": {"phase": ""}}. next-phase tells the phase and its
// resources; handle-resource deals with one, and says how long to wait where it is not done.
inline constexpr std::string_view kStackDefinition = R"json({
  "StartAt": "Next",
  "States": {
    "Next": {
      "Type": "Task",
      "Resource": "arn:aws:states:::pawl:next-phase:1",
      "Parameters": {
        "stack.$": "$.stack", "operation.$": "$.operation", "after.$": "$.work.phase"
      },
      "ResultPath": "$.work",
      "Next": "Over?"
    },
    "Over?": {
      "Type": "Choice",
      "Choices": [{"Variable": "$.work.phase", "StringEquals": "end", "Next": "Over"}],
      "Default": "Work"
    },
    "Work": {
      "Type": "Map",
      "ItemsPath": "$.work.items",
      "Parameters": {
        "stack.$": "$.stack", "operation.$": "$.operation", "phase.$": "$.work.phase",
        "resource.$": "$$.Map.Item.Value"
      },
      "Iterator": {
        "StartAt": "Handle",
        "States": {
          "Handle": {
            "Type": "Task",
            "Resource": "arn:aws:states:::pawl:handle-resource:1",
            "ResultPath": "$.state",
            "Next": "Settled?"
          },
          "Settled?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.state.wait", "NumericEquals": 0, "Next": "Settled"}],
            "Default": "Wait"
          },
          "Wait": {"Type": "Wait", "SecondsPath": "$.state.wait", "Next": "Handle"},
          "Settled": {"Type": "Succeed", "OutputPath": "$.resource"}
        }
      },
      "ResultPath": null,
      "Next": "Next"
    },
    "Over": {"Type": "Succeed"}
  }
})json";

}  // namespace pawl::cloudformation
