// What the operations that start an execution share.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "runtime/shard.h"
#include "services/states/arns.h"
#include "services/states/directory.h"
#include "services/states/fields.h"

namespace pawl::states {

// Whom an ARN given to StartExecution or StartSyncExecution names.
struct StartTarget {
  Arn arn;
  std::shared_ptr<const MachineRecord> machine;
  std::int64_t version = 0;  // that the ARN names or its alias has drawn; 0: none
  std::string alias;         // that the ARN names; empty: none
};

// A start, checked.
struct Start {
  std::shared_ptr<const MachineRecord> machine;
  std::shared_ptr<const asl::Machine> definition;
  runtime::ExecutionNames names;
  json::Value input;
};

// The member `input`; without one `{}`.
Result<json::Value, ServiceError> read_execution_input(const Fields& fields, std::size_t bytes_max);

ServiceError not_durable();
// Below the free-space floor (decision D4).
ServiceError no_space();
// "This operation is not supported by this type of state machine".
ServiceError type_not_supported();

// StartExecution's answer.
runtime::OperationResult started(const std::string& arn, const runtime::StartOutcome& outcome);

}  // namespace pawl::states
