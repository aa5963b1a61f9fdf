// What becomes of a fault that reached a state: tried again, caught, or neither.
#pragma once

#include <optional>

#include "machine/work.h"

namespace pawl::machine {

// retry.cc: the first retrier that matches and has attempts left, with its delay decided.
std::optional<RetryScheduled> find_retry(const Work& work);

// catch.cc: the exit by the first catcher that matches; nothing when none does.
std::optional<NextEvent> find_catch(const Work& work);

// retry.cc: whether a retrier of the container has an attempt left for the fault of `failed`.
bool retries(const asl::State& state, const Strand& container, const Strand& failed);

// Whether a container would retry or catch the fault of `failed`, a strand below it. catch.cc
bool handles(const asl::State& state, const Strand& container, const Strand& failed);

}  // namespace pawl::machine
