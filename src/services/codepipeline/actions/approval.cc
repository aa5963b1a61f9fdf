// Approval: Manual. Somebody answers by PutApprovalResult.
#include "base/rng.h"
#include "services/codepipeline/action_types.h"

namespace pawl::codepipeline {

namespace {

constexpr WallMillis kAnswerMillisMax = 7 * 24 * 3'600'000LL;  // CodePipeline quotas

Progress perform(Work& work) {
  if (work.run.token.empty()) {
    thread_local SystemRng rng;
    work.run.token = make_uuid(rng);
    work.save();
  }
  const WallMillis patience =
      work.action.timeout_minutes > 0 ? work.action.timeout_minutes * 60'000LL : kAnswerMillisMax;
  const WallMillis deadline = work.run.started + patience;
  if (work.now < deadline) return Waiting{deadline};
  return Failure{"JobFailed", "The approval was not answered in time", {}};
}

}  // namespace

ActionTypeInfo manual_approval() {
  return {.id = {"Approval", "AWS", "Manual", "1"},
          .inputs = {0, 0},
          .outputs = {0, 0},
          .configuration = {{.name = "NotificationArn"},
                            {.name = "CustomData"},
                            {.name = "ExternalEntityLink"}},
          .perform = perform};
}

}  // namespace pawl::codepipeline
