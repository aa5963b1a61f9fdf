// How an execution reacts to each Input. One that fits nothing (any more) emits nothing.
#pragma once

#include "machine/stepper.h"

namespace pawl::machine {

void react(Stepper& stepper, const Start& start);
void react(Stepper& stepper, const TaskTaken& taken);
void react(Stepper& stepper, const TaskAccepted& accepted);
void react(Stepper& stepper, const TaskReturned& returned);
void react(Stepper& stepper, const TaskFaulted& faulted);
void react(Stepper& stepper, const HeartbeatExpired& expired);
void react(Stepper& stepper, const TimerFired& fired);
void react(Stepper& stepper, const MapRunFinished& finished);
void react(Stepper& stepper, const Stop& stop);
void react(Stepper& stepper, const Redrive& redrive);
void react(Stepper& stepper, const TryAgain& try_again);
void react(Stepper& stepper, const GiveUp& give_up);
void react(Stepper& stepper, const Fork& fork);
void react(Stepper& stepper, const Continue& go_on);

}  // namespace pawl::machine
