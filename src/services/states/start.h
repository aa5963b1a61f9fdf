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
  std::string trace_header;  // empty: none was given
};

// The member `input`; without one `{}`.
Result<json::Value, ServiceError> read_execution_input(const Fields& fields, std::size_t bytes_max);

ServiceError not_durable();
ServiceError rate_exceeded();
// Below the free-space floor (decision D4).
ServiceError no_space();
// What the engine would not take on or has lost, in the API's words; `kind` is that of one of its
// outcomes: kOverloaded, kNoSpace where there is one, else kLost.
template <class Kind>
ServiceError refused_by_engine(Kind kind) {
  if (kind == Kind::kOverloaded) return rate_exceeded();
  if constexpr (requires { Kind::kNoSpace; }) {
    if (kind == Kind::kNoSpace) return no_space();
  }
  return not_durable();
}
// "This operation is not supported by this type of state machine".
ServiceError type_not_supported();

// StartExecution's answer.
runtime::OperationResult started(const std::string& arn, const runtime::StartOutcome& outcome);

}  // namespace pawl::states
