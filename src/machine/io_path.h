// InputPath, ResultPath, OutputPath (step-functions.md B2.1): which part of the data a state sees,
// and where its result goes.
#pragma once

#include "machine/payload.h"

namespace pawl::machine {

// The state's effective input: its raw input after InputPath.
Result<Payload, Fault> effective_input(Evaluation& evaluation);

Result<Payload, Fault> output_path(Evaluation& evaluation, const Payload& output);

// `result` put into the raw input of the state.
Result<Payload, Fault> result_path(Evaluation& evaluation, const asl::ResultPath& path,
                                   const Payload& result);

}  // namespace pawl::machine
