// A job as its worker gets it: the event of a function, and what a custom worker polls.
#pragma once

#include <string>

#include "base/rng.h"
#include "services/codepipeline/client.h"
#include "services/codepipeline/records.h"

namespace pawl::codepipeline {

struct JobView {
  const Declaration& pipeline;
  const Action& action;
  const std::string& execution_id;
  const ActionRun& run;
};

// Temporary credentials of the pipeline's role, by which the worker reads and writes artifacts; as
// a job has them.
Result<std::string, ServiceError> artifact_credentials(const Client& client, const JobView& job,
                                                       WallMillis now);
// {"CodePipeline.job": ...} (Lambda developer guide, "Using Lambda with CodePipeline").
std::string lambda_event(const Client& client, const JobView& job, const std::string& credentials);
// The members of JobDetails: id, data, accountId; `nonce` where the job is handed out.
void write_job_details(json::Writer& out, const Client& client, const JobView& job,
                       const std::string& credentials);

// A new job of the run in place of its last one, not to be handed out before `due`.
void begin_job(ActionRun& run, Rng& rng, WallMillis due);

}  // namespace pawl::codepipeline
