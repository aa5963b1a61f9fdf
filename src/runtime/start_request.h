// What a start pins for the whole life of an execution; in a file of its own for whoever starts
// one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "asl/model.h"
#include "base/clock.h"
#include "json/value.h"
#include "runtime/execution_id.h"
#include "runtime/execution_log.h"

namespace pawl::runtime {

// What a start pins for the whole life of the execution.
struct StartRequest {
  ExecutionNames names;
  std::shared_ptr<const asl::Machine> definition;
  std::string revision;  // content hash of the definition
  std::string revision_id;
  WallMillis revision_time = 0;
  std::int64_t version = 0;  // that the start named or its alias drew; 0: none
  std::string alias{};       // that the start named; empty: none
  std::string role_arn;
  std::string trace_header;
  json::Value input;
  // The task that starts this child; a redelivered start of the same task is the same start.
  std::string started_by;
  std::shared_ptr<const ExecutionLog> log{};  // nullptr: nothing is logged
  std::string map_run{};                      // ARN of the Map Run whose child it is
  std::string map_state{};  // of such a child: pointer of the Map state whose processor it runs
};

}  // namespace pawl::runtime
