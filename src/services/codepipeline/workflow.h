// The state machine that every execution of a pipeline is.
#pragma once

#include <string_view>

namespace pawl::codepipeline {

inline constexpr std::string_view kPipelineMachine = "pipeline-execution";

// Input: {"pipeline": key, "execution": id, "run": n, "work": {"step": 0}}. pipeline-step decides
// what is next, waiting for its turn where it must; pipeline-action sees one action through.
inline constexpr std::string_view kPipelineDefinition = R"json({
  "StartAt": "Next",
  "States": {
    "Next": {
      "Type": "Task",
      "Resource": "arn:aws:states:::pawl:pipeline-step:1",
      "Parameters": {
        "pipeline.$": "$.pipeline", "execution.$": "$.execution", "run.$": "$.run",
        "after.$": "$.work.step"
      },
      "ResultPath": "$.work",
      "Next": "Over?"
    },
    "Over?": {
      "Type": "Choice",
      "Choices": [{"Variable": "$.work.step", "NumericEquals": -1, "Next": "Over"}],
      "Default": "Act"
    },
    "Act": {
      "Type": "Map",
      "ItemsPath": "$.work.actions",
      "Parameters": {
        "pipeline.$": "$.pipeline", "execution.$": "$.execution",
        "action.$": "$$.Map.Item.Value"
      },
      "Iterator": {
        "StartAt": "Perform",
        "States": {
          "Perform": {
            "Type": "Task", "Resource": "arn:aws:states:::pawl:pipeline-action:1", "End": true
          }
        }
      },
      "ResultPath": null,
      "Next": "Next"
    },
    "Over": {"Type": "Succeed"}
  }
})json";

}  // namespace pawl::codepipeline
