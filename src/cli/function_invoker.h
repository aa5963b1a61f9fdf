// The engine's function calls, answered by the Lambda service of this process.
#pragma once

#include <utility>

#include "runtime/functions.h"
#include "services/lambda/service.h"

namespace pawl::cli {

class LambdaInvoker final : public runtime::FunctionInvoker {
 public:
  // `service` outlives the invoker.
  explicit LambdaInvoker(lambda::Service& service) : service_(service) {}

  void invoke(runtime::FunctionCall call, Reply reply) override {
    const bool tail = call.log_tail == runtime::FunctionCall::LogTail::kWanted;
    lambda::Invoke invoke{.principal = std::move(call.principal),
                          .function = std::move(call.function),
                          .qualifier = std::move(call.qualifier),
                          .payload = std::move(call.payload),
                          .client_context = std::move(call.client_context),
                          .trace_id = {},
                          .request_id = std::move(call.request_id),
                          .log_tail = tail ? functions::LogTail::kWanted : functions::LogTail::kNone};
    service_.invoke(std::move(invoke),
                    [reply = std::move(reply)](
                        Result<lambda::InvokeOutcome, runtime::ServiceError> answer) {
                      if (!answer.ok()) return reply(Err{std::move(answer).error()});
                      reply(outcome_of(std::move(answer).value()));
                    });
  }

 private:
  static runtime::FunctionOutcome outcome_of(lambda::InvokeOutcome outcome) {
    using Kind = runtime::FunctionOutcome::Kind;
    return {.kind = outcome.kind == lambda::InvokeOutcome::Kind::kSucceeded ? Kind::kSucceeded
                                                                            : Kind::kFunctionError,
            .payload = std::move(outcome.payload),
            .executed_version = std::move(outcome.executed_version),
            .log_tail = std::move(outcome.log_tail)};
  }

  lambda::Service& service_;
};

}  // namespace pawl::cli
