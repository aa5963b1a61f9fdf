// Security Token Service: who the caller is. Roles and temporary credentials come with IAM.
#pragma once

#include "runtime/operations.h"

namespace pawl::sts {

// Adds the operations to the table, under the signing name "sts".
void add_operations(runtime::Operations& operations);

}  // namespace pawl::sts
