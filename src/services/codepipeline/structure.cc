#include "services/codepipeline/structure.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/broken_rules.h"
#include "services/codepipeline/variables.h"

namespace pawl::codepipeline {

namespace {

using Checked = Result<void, ServiceError>;

constexpr std::size_t kStagesMax = 50;
constexpr std::size_t kStageActionsMax = 100;
constexpr std::size_t kActionsMax = 1'000;
constexpr std::size_t kStructureNameMax = 100;

Err<ServiceError> structure(std::string message) {
  return Err{error("InvalidStructureException", std::move(message))};
}
Err<ServiceError> of_stage(std::string message) {
  return Err{error("InvalidStageDeclarationException", std::move(message))};
}
Err<ServiceError> of_action(std::string message) {
  return Err{error("InvalidActionDeclarationException", std::move(message))};
}

bool has_letters(std::string_view name, std::string_view more) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [more](char byte) {
    return is_letter_or_digit(byte) || more.find(byte) != std::string_view::npos;
  });
}

bool is_name(std::string_view name, std::string_view more) {
  return name.size() <= kStructureNameMax && has_letters(name, more);
}

constexpr TextRules kPipelineName{
    .length_min = 1,
    .length_max = kStructureNameMax,
    .pattern = "[A-Za-z0-9.@\\-_]+",
    .fits = [](std::string_view name) { return has_letters(name, ".@-_"); }};

// US_EAST_1
std::string shouted(std::string region) {
  std::replace(region.begin(), region.end(), '-', '_');
  return upper_case(region);
}

Checked check_count(const Action& action, const Count& count, std::size_t given,
                    std::string_view what) {
  if (given >= count.min && given <= count.max) return {};
  return of_action(fmt::format(
      "The action '{}' has {} {} artifacts, which is not in the valid range [{}, {}] of action "
      "type (Category: '{}', Provider: '{}', Owner: '{}', Version: '{}')",
      action.name, given, what, count.min, count.max, action.type.category, action.type.provider,
      action.type.owner, action.type.version));
}

Checked check_configuration(const Action& action, const ActionTypeInfo& type) {
  for (const Configuration& each : type.configuration) {
    if (each.is_required && !action.configuration.contains(each.name)) {
      return of_action(
          fmt::format("Action configuration for action '{}' is missing required configuration '{}'",
                      action.name, each.name));
    }
  }
  for (const auto& [name, value] : action.configuration) {
    const bool known = std::any_of(type.configuration.begin(), type.configuration.end(),
                                   [&](const Configuration& each) { return each.name == name; });
    if (!known) {
      return of_action(
          fmt::format("Action configuration for action '{}' contains unknown configuration '{}'",
                      action.name, name));
    }
  }
  return {};
}

// What stands before an action, for what it may refer to.
struct Before {
  std::set<std::string> artifacts;
  std::set<std::string> name_spaces = {"codepipeline", "variables"};
};

Checked check_references(const Declaration& pipeline, const Action& action, const Before& before) {
  for (const std::string& input : action.inputs) {
    if (!before.artifacts.contains(input)) {
      return structure(
          fmt::format("Input Artifact Bundle {} in action {} is not declared as Output artifact in "
                      "any of the preceding actions",
                      input, action.name));
    }
  }
  for (const auto& [name, value] : action.configuration) {
    for (const Reference& reference : references_in(value)) {
      if (!before.name_spaces.contains(reference.name_space)) {
        return of_action(fmt::format(
            "Action configuration '{}' of action '{}' refers to the namespace '{}', which no "
            "preceding action has",
            name, action.name, reference.name_space));
      }
      const bool declared =
          reference.name_space != "variables" ||
          std::any_of(pipeline.variables.begin(), pipeline.variables.end(),
                      [&](const PipelineVariable& each) { return each.name == reference.name; });
      if (!declared) {
        return of_action(fmt::format(
            "Action configuration '{}' of action '{}' refers to the pipeline variable '{}', which "
            "is not declared",
            name, action.name, reference.name));
      }
    }
  }
  return {};
}

Checked check_action(const Action& action, const std::string& region, const FindType& find_type) {
  if (!is_name(action.name, ".@-_")) {
    return of_action(fmt::format("'{}' is not a valid name of an action", action.name));
  }
  if (action.run_order < 1 || action.run_order > 999) {
    return of_action(
        fmt::format("The run order of action '{}' must be between 1 and 999", action.name));
  }
  const ActionTypeInfo* type = find_type(action.type);
  if (type == nullptr) {
    return of_action(fmt::format(
        "ActionType (Category: '{}', Provider: '{}', Owner: '{}', Version: '{}') in action '{}' is "
        "not available in region {}",
        action.type.category, action.type.provider, action.type.owner, action.type.version,
        action.name, shouted(region)));
  }
  TRY(check_count(action, type->inputs, action.inputs.size(), "input"));
  TRY(check_count(action, type->outputs, action.outputs.size(), "output"));
  for (const auto& names : {action.inputs, action.outputs}) {
    for (const std::string& name : names) {
      if (!is_name(name, "_-")) {
        return of_action(fmt::format("'{}' in action '{}' is not a valid name of an artifact", name,
                                     action.name));
      }
    }
  }
  return check_configuration(action, *type);
}

Checked check_stage(const Stage& stage) {
  if (!is_name(stage.name, ".@-_")) {
    return of_stage(fmt::format("'{}' is not a valid name of a stage", stage.name));
  }
  if (stage.actions.empty()) {
    return of_stage(
        fmt::format("Stage {} has no actions. A stage must have at least one action", stage.name));
  }
  if (stage.actions.size() > kStageActionsMax) {
    return of_stage(fmt::format("Stage {} has more than {} actions", stage.name, kStageActionsMax));
  }
  std::set<std::string> names;
  for (const Action& action : stage.actions) {
    if (!names.insert(action.name).second) {
      return of_stage(fmt::format("Action name '{}' is used more than once in stage {}",
                                  action.name, stage.name));
    }
  }
  return {};
}

// In the order of running: what actions of one number make, only those of later ones see.
Checked check_actions(const Declaration& pipeline, const Stage& stage, const std::string& region,
                      const FindType& find_type, Before& before) {
  for (const int order : stage.run_orders()) {
    Before after = before;
    for (const Action& action : stage.actions) {
      if (action.run_order != order) continue;
      TRY(check_action(action, region, find_type));
      TRY(check_references(pipeline, action, before));
      for (const std::string& output : action.outputs) {
        if (!after.artifacts.insert(output).second) {
          return structure(fmt::format(
              "Output Artifact Bundle name must be unique within the pipeline. {} has been used "
              "more than once",
              output));
        }
      }
      if (action.name_space.empty()) continue;
      if (!after.name_spaces.insert(action.name_space).second) {
        return of_action(fmt::format("The namespace '{}' of action '{}' is in use already",
                                     action.name_space, action.name));
      }
    }
    before = std::move(after);
  }
  return {};
}

Checked check_sources(const Declaration& pipeline) {
  for (std::size_t at = 0; at < pipeline.stages.size(); ++at) {
    for (const Action& action : pipeline.stages[at].actions) {
      const bool source = action.type.category == "Source";
      if (at == 0 && !source) {
        return structure("Pipeline should start with a stage that only contains source actions");
      }
      if (at > 0 && source) {
        return structure(fmt::format(
            "Action {} in stage {} is a source action. Source actions may only occur in the first "
            "stage",
            action.name, pipeline.stages[at].name));
      }
    }
  }
  return {};
}

Checked check_pipeline(const Declaration& pipeline) {
  if (auto broken = broken_rules("pipeline.name", pipeline.name, kPipelineName)) {
    return Err{validation_error(std::move(*broken))};
  }
  if (pipeline.stages.size() < 2) {
    return structure(fmt::format(
        "Pipeline has only {} stage(s). There should be a minimum of 2 stages in a pipeline",
        pipeline.stages.size()));
  }
  if (pipeline.stages.size() > kStagesMax) {
    return structure(fmt::format("Pipeline has more than {} stages", kStagesMax));
  }
  if (pipeline.stores.empty()) {
    return structure("Pipeline must have an artifact store: artifactStore or artifactStores");
  }
  if (pipeline.stores.contains("") && pipeline.stores.size() > 1) {
    return structure("Pipeline may have either artifactStore or artifactStores, not both");
  }
  for (const auto& [region, store] : pipeline.stores) {
    if (store.bucket.empty()) return Err{missing("pipeline.artifactStore.location")};
  }
  const bool second = pipeline.type == "V2";
  if (!second && pipeline.type != "V1") {
    return structure(fmt::format("'{}' is not a valid pipeline type", pipeline.type));
  }
  if (!second && pipeline.mode != ExecutionMode::kSuperseded) {
    return structure(fmt::format("Pipelines of type V1 do not support the execution mode {}",
                                 name_of(pipeline.mode)));
  }
  if (!second && !pipeline.variables.empty()) {
    return structure("Pipelines of type V1 do not support variables at the pipeline level");
  }
  return {};
}

}  // namespace

Checked check_structure(const Declaration& pipeline, const std::string& region,
                        const FindType& find_type) {
  TRY(check_pipeline(pipeline));
  std::set<std::string> names;
  std::size_t actions = 0;
  for (const Stage& stage : pipeline.stages) {
    TRY(check_stage(stage));
    actions += stage.actions.size();
    if (!names.insert(stage.name).second) {
      return structure(
          fmt::format("Stage name '{}' is used more than once. Stage names must be "
                      "unique within a pipeline",
                      stage.name));
    }
  }
  if (actions > kActionsMax) {
    return structure(fmt::format("Pipeline has more than {} actions", kActionsMax));
  }
  TRY(check_sources(pipeline));
  Before before;
  for (const Stage& stage : pipeline.stages) {
    TRY(check_actions(pipeline, stage, region, find_type, before));
  }
  return {};
}

}  // namespace pawl::codepipeline
