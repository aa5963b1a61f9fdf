// Invoke: Lambda. The function is invoked asynchronously and answers by PutJobSuccessResult or
// PutJobFailureResult; the job's id is the invocation's, so that a job which is handed out again
// after a crash is taken once while it is still in the function's queue.
#include "services/codepipeline/action_types.h"
#include "services/codepipeline/jobs.h"

namespace pawl::codepipeline {

namespace {

// CodePipeline quotas: "the Lambda function must send a result within 20 minutes".
constexpr WallMillis kAnswerMillisMax = 20 * 60'000;

Progress dispatch(Work& work) {
  const JobView job{work.pipeline, work.action, work.execution.id, work.run};
  const auto credentials = artifact_credentials(work.client, job, work.now);
  if (!credentials.ok()) return Failure{"PermissionError", credentials.error().message, {}};
  std::string input;
  json::Writer out(input);
  out.begin_object().key("FunctionName").string(work.text("FunctionName"));
  out.key("InvocationType").string("Event");
  out.key("Payload").raw(lambda_event(work.client, job, *credentials)).end_object();
  const auto answer = work.client.call("lambda", "Invoke", std::move(input), work.run.job.id);
  if (answer.ok()) return Waiting{work.run.job.deadline};
  return Failure{"ConfigurationError",
                 "The AWS Lambda function " + work.text("FunctionName") + " cannot be invoked. " +
                     answer.error().message,
                 {}};
}

Progress perform(Work& work) {
  Job& job = work.run.job;
  if (job.id.empty()) {
    thread_local SystemRng rng;
    begin_job(work.run, rng, work.now);
  }
  if (job.status == "Created") {
    if (job.due > work.now) return Waiting{job.due};
    job.status = "Dispatched";
    job.deadline = work.now + kAnswerMillisMax;
    work.save();
    return dispatch(work);
  }
  if (work.now >= job.deadline) {
    return Failure{"JobFailed",
                   "The AWS Lambda function " + work.text("FunctionName") +
                       " failed to return a result. Check the function to verify that it has "
                       "permission to call the PutJobSuccessResult action and that it made a call "
                       "to PutJobSuccessResult.",
                   {}};
  }
  if (work.first_delivery) return dispatch(work);
  return Waiting{job.deadline};
}

}  // namespace

ActionTypeInfo lambda_invoke() {
  return {
      .id = {"Invoke", "AWS", "Lambda", "1"},
      .inputs = {0, 5},
      .outputs = {0, 5},
      .configuration = {{.name = "FunctionName", .is_required = true}, {.name = "UserParameters"}},
      .perform = perform};
}

}  // namespace pawl::codepipeline
