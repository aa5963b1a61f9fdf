// What each state type does once it is entered, or when its retrier's delay is over: one file a
// type, named as it.
#pragma once

#include "machine/work.h"

namespace pawl::machine {

NextEvent begin_pass(const Work& work, const asl::PassState& state);
NextEvent begin_choice(const Work& work, const asl::ChoiceState& state);
NextEvent begin_succeed(const Work& work);
// The fault that the state stands for reaches its strand.
NextEvent begin_fail(const Work& work, const asl::FailState& state);
// Exits at once when the time has come already, else WaitStarted.
NextEvent begin_wait(const Work& work, const asl::WaitState& state);
// The time of a Wait state has come.
NextEvent end_wait(const Work& work);
NextEvent begin_task(const Work& work, const asl::TaskState& state);
NextEvent begin_parallel(const Work& work, const asl::ParallelState& state);
NextEvent begin_map(const Work& work, const asl::MapState& state);
// distributed_map.cc: MapStateStarted, then MapRunStarted with everything that the run needs,
// or MapRunRedriven.
NextEvent begin_distributed_map(const Work& work, const asl::MapState& state);
NextEvent start_map_run(const Work& work, const asl::MapState& state);
// The next MapIterationStarted of a Map state with room.
NextEvent start_iteration(const Work& work, const asl::MapState& state);
// TestState: what stands for the work of the state's children, if anything.
std::optional<Event::Body> mocked_children(const Work& work);
// ContainerSucceeded with the outputs of all children, in order; a fault of the state, as a Task's,
// when they are too large together.
NextEvent collect_results(const Work& work);

}  // namespace pawl::machine
