// What a CloudFormation action brings to its stack: a template out of an artifact, and parameters
// (CodePipeline user guide, "AWS CloudFormation deploy action reference"; CloudFormation user
// guide, "Using parameter override functions with CodePipeline pipelines").
#pragma once

#include <string>
#include <vector>

#include "services/codepipeline/action_types.h"

namespace pawl::codepipeline {

struct StackTemplate {
  std::string body;
  TextMap parameters;
  TextMap tags;
  std::string policy;  // JSON, or empty
};

// By TemplatePath, TemplateConfiguration and ParameterOverrides. Blocks.
Result<StackTemplate, std::string> read_stack_template(const Work& work);

// The stack's outputs as OutputFileName in the output artifact, where there is one. Blocks.
Result<void, std::string> write_outputs(const Work& work, const TextMap& outputs);

// At commas.
std::vector<std::string> split(std::string_view list);

}  // namespace pawl::codepipeline
