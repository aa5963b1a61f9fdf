// Custom actions: a worker polls for the job, acknowledges it, and sends its result.
#include "services/codepipeline/action_types.h"
#include "services/codepipeline/jobs.h"

namespace pawl::codepipeline {

namespace {

constexpr WallMillis kAnswerMillisMax = 24 * 3'600'000;  // CodePipeline quotas

}  // namespace

Progress perform_custom(Work& work) {
  if (work.run.job.id.empty()) {
    thread_local SystemRng rng;
    begin_job(work.run, rng, work.now);
    work.save();
  }
  const WallMillis deadline = work.run.started + kAnswerMillisMax;
  if (work.now < deadline) return Waiting{deadline};
  return Failure{"JobFailed", "The job worker did not complete the job in time", {}};
}

}  // namespace pawl::codepipeline
