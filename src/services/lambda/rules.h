// What a function's configuration must hold to: AWS's constraints, and what Pawl does not have.
#pragma once

#include "base/result.h"
#include "json/value.h"
#include "services/lambda/configuration.h"

namespace pawl::lambda {

// Of the merged configuration; `input` is the request, for members that we do not keep.
Result<void, ServiceError> check_configuration(const Configuration& configuration,
                                               json::Node input);

}  // namespace pawl::lambda
