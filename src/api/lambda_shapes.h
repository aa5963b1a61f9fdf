// The parts of Lambda's model.
#pragma once

#include "api/model.h"

namespace pawl::api {

// `function`: the shape of a function's name. Function URLs, and mappings of sources to functions.
void add_function_url_operations(ServiceModel& model, const Shape* function);
void add_event_source_operations(ServiceModel& model, const Shape* function);

}  // namespace pawl::api
