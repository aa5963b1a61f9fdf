// The parts of S3's model.
#pragma once

#include "api/shape_text.h"

namespace pawl::api {

void add_object_operations(ServiceModel& model);
void add_bucket_operations(ServiceModel& model);
void add_configuration_operations(ServiceModel& model);

}  // namespace pawl::api
