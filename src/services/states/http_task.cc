// `arn:aws:states:::http:invoke` (step-functions.md C4): a request to any HTTP endpoint that
// configuration names.
#include "services/states/http_request.h"
#include "services/states/task_runner.h"

namespace pawl::states {

void TaskRunner::run_http_invoke(const runtime::TaskRequest& request) {
  if (operations_.find("http", "Invoke") == nullptr) {
    return fail(request, {"States.Runtime",
                          "Pawl may not call HTTP endpoints: name their origins "
                          "with --http-endpoints"});
  }
  auto asked = http_request(request.scheduled.parameters, request.names.region);
  if (!asked.ok()) return fail(request, std::move(asked).error());
  call(request, "http", "Invoke", std::move(asked).value(),
       [this, request](const runtime::OperationResult& answer) {
         if (!answer.ok()) return fail(request, {answer.error().code, answer.error().message});
         auto result = http_result(*answer);
         if (!result.ok()) return fail(request, std::move(result).error());
         succeed(request, std::move(result).value());
       });
}

}  // namespace pawl::states
