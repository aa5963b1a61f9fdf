// The types of resources, a family a function. A new type is a new file and a line in
// all_resource_types().
#pragma once

#include "services/cloudformation/services.h"

namespace pawl::cloudformation {

class Service;

void add_lambda_types(ResourceTypes& types);
void add_lambda_layer_types(ResourceTypes& types);
void add_lambda_source_types(ResourceTypes& types);
void add_stepfunctions_types(ResourceTypes& types);
void add_logs_types(ResourceTypes& types);
void add_iam_types(ResourceTypes& types);
void add_codecommit_types(ResourceTypes& types);
void add_codepipeline_types(ResourceTypes& types);
void add_s3_types(ResourceTypes& types);
void add_ssm_types(ResourceTypes& types);
// Kept as records only: nothing stands behind them.
void add_record_types(ResourceTypes& types);
// Those that wait for somebody ask the service itself.
void add_waiting_types(ResourceTypes& types, Service& service);
void add_custom_resource_type(ResourceTypes& types, Service& service);
void add_nested_stack_type(ResourceTypes& types, Service& service);

}  // namespace pawl::cloudformation
