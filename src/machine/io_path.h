// InputPath, ResultPath, OutputPath (step-functions.md B2.1): which part of the data a state sees,
// and where its result goes.
#pragma once

#include "machine/payload.h"

namespace pawl::machine {

// The state's effective input: its raw input after InputPath.
Result<Payload, Failure> effective_input(Evaluation& evaluation);

Result<Payload, Failure> output_path(Evaluation& evaluation, const Payload& output);

// `result` put into the raw input of the state.
Result<Payload, Failure> result_path(Evaluation& evaluation, const asl::ResultPath& path,
                                     const Payload& result);

}  // namespace pawl::machine
