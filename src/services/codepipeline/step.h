// What a pipeline's execution does next: decided by its records alone, as one durable change.
#pragma once

#include "services/codepipeline/action_types.h"
#include "services/codepipeline/edit.h"

namespace pawl::codepipeline {

struct Step {
  enum class Kind {
    kWait,  // for another execution, a transition: look again when the pipeline has changed
    kAct,   // these runs of actions go on, side by side
    kEnd,   // the execution is over
  } kind = Kind::kWait;
  std::vector<std::string> runs;
};

// Goes on to where something outside is needed. What is open of `execution` is settled, or asked
// for again.
Step next_step(Edit& edit, ExecutionRecord& execution);

// What came of a run, into it. It must be open.
void settle(ActionRun& run, const Progress& progress, WallMillis now);

// The end of an execution that is stopped: whatever is open of it is abandoned.
void abandon(ExecutionRecord& execution, WallMillis now);

// The stage's actions that failed, or all, are to run again.
void retry_stage(ExecutionRecord& execution, const Declaration& declared, std::size_t stage,
                 RetryMode mode);

}  // namespace pawl::codepipeline
