#include "jsonata/callback.h"

namespace pawl::jsonata {

Callback::Callback(Evaluation& evaluation, const Value& function, int offered, int least)
    : evaluation_(evaluation),
      function_(function),
      passed_(static_cast<std::size_t>(std::clamp(arity_of(function), least, offered))),
      mark_(evaluation.frames.mark()) {
  const Function* inner = function.is_function() ? function.function() : nullptr;
  for (; inner != nullptr && inner->kind == Function::Kind::kClosure; inner = inner->inner) {
    ++calls_;
  }
  if (inner == nullptr || inner->kind != Function::Kind::kLambda) return;
  if (inner->lambda->signature != nullptr || inner->lambda->captured) return;
  lambda_ = inner;
  frame_ = evaluation.make_frame(inner->frame, inner->lambda->slots, false);
}

Value Callback::run_lambda(std::span<const Value> arguments) {
  const Lambda& lambda = *lambda_->lambda;
  if ((evaluation_.calls += calls_) > evaluation_.calls_max) return evaluation_.too_deep();
  Value* slots = frame_->slots();
  // The variables of the call before.
  for (std::size_t i = 0; i < lambda.slots; ++i) slots[i] = Value::of_tag(Tag::kUnbound);
  for (std::size_t i = 0; i < lambda.parameters.size(); ++i) {
    slots[lambda.parameters[i]] = i < arguments.size() ? arguments[i] : Value::undefined();
  }
  Frame* const caller = std::exchange(evaluation_.frame, frame_);
  Value result = evaluate(evaluation_, *lambda.body, lambda_->input);
  evaluation_.frame = caller;
  evaluation_.calls -= calls_;
  if (result.is_failed()) {
    report_at_caller(evaluation_, *lambda_);
  } else if (result.tag() == Tag::kTailCall) {
    result = finish_tail_calls(evaluation_, result, Value::null());
  }
  return result;
}

}  // namespace pawl::jsonata
