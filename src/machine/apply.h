// The parts of `apply`, one overload an event body.
#pragma once

#include "machine/execution.h"

namespace pawl::machine {

// apply.cc
void apply_body(Execution&, const Event&, const ExecutionStarted&);
void apply_body(Execution&, const Event&, const ExecutionSucceeded&);
void apply_body(Execution&, const Event&, const ExecutionFailed&);
void apply_body(Execution&, const Event&, const ExecutionAborted&);
void apply_body(Execution&, const Event&, const ExecutionTimedOut&);
// apply_state.cc
void apply_body(Execution&, const Event&, const StateEntered&);
void apply_body(Execution&, const Event&, const StateExited&);
void apply_body(Execution&, const Event&, const StateAborted&);
void apply_body(Execution&, const Event&, const WaitStarted&);
void apply_body(Execution&, const Event&, const RetryScheduled&);
void apply_body(Execution&, const Event&, const EvaluationFailed&);
// apply_task.cc
void apply_body(Execution&, const Event&, const TaskScheduled&);
void apply_body(Execution&, const Event&, const TaskStarted&);
void apply_body(Execution&, const Event&, const TaskSubmitted&);
void apply_body(Execution&, const Event&, const TaskSucceeded&);
void apply_body(Execution&, const Event&, const TaskFailed&);
// apply_container.cc
void apply_body(Execution&, const Event&, const ParallelStarted&);
void apply_body(Execution&, const Event&, const MapStarted&);
void apply_body(Execution&, const Event&, const MapIterationStarted&);
void apply_body(Execution&, const Event&, const MapIterationEnded&);
void apply_body(Execution&, const Event&, const ContainerSucceeded&);
void apply_body(Execution&, const Event&, const ContainerFailed&);
void apply_body(Execution&, const Event&, const FaultRaised&);
// apply_map_run.cc
void apply_body(Execution&, const Event&, const DistributedMapStarted&);
void apply_body(Execution&, const Event&, const MapRunStarted&);
void apply_body(Execution&, const Event&, const MapRunEnded&);
void apply_body(Execution&, const Event&, const MapRunRedriven&);

// apply_redrive.cc
void apply_body(Execution&, const Event&, const ExecutionRedriven&);
void apply_body(Execution&, const Event&, const ExecutionForked&);
void apply_body(Execution&, const Event&, const HaltChanged&);

}  // namespace pawl::machine
