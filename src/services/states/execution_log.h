// Delivers the events of executions to the log group of their state machine, one JSON line an event
// (step-functions.md D5). Best effort, as on AWS: a group that is gone loses the lines.
#pragma once

#include <memory>
#include <string>

#include "runtime/execution_log.h"
#include "runtime/logs.h"
#include "services/states/directory.h"
#include "services/states/logging_configuration.h"

namespace pawl::states {

class ExecutionLog final : public runtime::ExecutionLog {
 public:
  // `logs` outlives the log.
  ExecutionLog(runtime::Logs& logs, LoggingConfiguration configuration, runtime::LogGroupName group,
               std::string machine)
      : logs_(logs),
        configuration_(std::move(configuration)),
        group_(std::move(group)),
        machine_(std::move(machine)) {}

  Delivery prepare(const machine::Identity& identity, std::int32_t redrive_count,
                   const std::vector<machine::Event>& events) const override;

 private:
  runtime::Logs& logs_;
  LoggingConfiguration configuration_;
  runtime::LogGroupName group_;
  std::string machine_;
};

// Where the executions of this revision log; nullptr when they do not.
std::shared_ptr<const runtime::ExecutionLog> execution_log_of(const MachineRecord& machine,
                                                              runtime::Logs& logs);

}  // namespace pawl::states
