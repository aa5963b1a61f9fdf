// What makes a pipeline's declaration a pipeline (CodePipeline user guide, "Pipeline structure
// reference"): checked when it is made or changed, whole, before anything is kept.
#pragma once

#include <functional>

#include "services/codepipeline/action_types.h"

namespace pawl::codepipeline {

// nullptr: the account has no such type in the region.
using FindType = std::function<const ActionTypeInfo*(const ActionTypeId&)>;

Result<void, ServiceError> check_structure(const Declaration& pipeline, const std::string& region,
                                           const FindType& find_type);

}  // namespace pawl::codepipeline
