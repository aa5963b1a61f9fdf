// Calling functions: built in, written as lambdas, partially applied. A call that ends a lambda
// takes the lambda's place, so that tail recursion needs no stack.
#include <algorithm>
#include <array>

#include "jsonata/natives.h"
#include "jsonata/nodes.h"

namespace pawl::jsonata {
namespace {

// Whether jsonata-js notes at the function who called it: it cannot for its own closures.
bool notes_caller(const Function& function) {
  return function.kind != Function::Kind::kRegex && function.kind != Function::Kind::kClosure;
}

void note_caller(const Value& procedure, std::string_view token, std::uint32_t position) {
  if (!procedure.is_function() || !notes_caller(*procedure.function())) return;
  procedure.function()->token = token;
  procedure.function()->position = position;
}

Value apply_native(Evaluation& evaluation, const Native& native, std::span<const Value> arguments,
                   Value input, const Call* call) {
  ScratchList checked(evaluation);
  if (!native.signature.check(evaluation, arguments, input, *checked)) return Value::failed();
  checked->resize(std::max(checked->size(), native.signature.parameter_count()));
  return native.code({evaluation, *checked, input, call});
}

enum class Checks { kSignature, kNone };

Value enter_lambda(Evaluation& evaluation, const Function& function,
                   std::span<const Value> arguments) {
  const Lambda& lambda = *function.lambda;
  if (!evaluation.spend()) return Value::failed();
  Frame* const caller = evaluation.frame;
  const FrameStack::Mark mark = evaluation.frames.mark();
  evaluation.frame = evaluation.make_frame(function.frame, lambda.slots, lambda.captured);
  Value* slots = evaluation.frame->slots();
  for (std::size_t i = 0; i < lambda.parameters.size(); ++i) {
    slots[lambda.parameters[i]] = i < arguments.size() ? arguments[i] : Value::undefined();
  }
  const Value result = evaluate(evaluation, *lambda.body, function.input);
  evaluation.frames.release(mark);
  evaluation.frame = caller;
  return result;
}

Value apply_lambda(Evaluation& evaluation, const Function& function,
                   std::span<const Value> arguments, Value input, Checks checks) {
  const Signature* const signature = function.lambda->signature;
  if (signature == nullptr || checks == Checks::kNone) {
    return enter_lambda(evaluation, function, arguments);
  }
  ScratchList checked(evaluation);
  if (!signature->check(evaluation, arguments, input, *checked)) return Value::failed();
  return enter_lambda(evaluation, function, *checked);
}

// The arguments that were given first, with the open ones filled in.
Value apply_partial(Evaluation& evaluation, const Function& function,
                    std::span<const Value> arguments) {
  ScratchList all(evaluation);
  std::size_t next = 0;
  for (const Value& given : function.arguments) {
    if (given.tag() != Tag::kUnbound) {
      all->push_back(given);
    } else {
      all->push_back(next < arguments.size() ? arguments[next] : Value::undefined());
      ++next;
    }
  }
  const Function& inner = *function.inner;
  switch (inner.kind) {
    case Function::Kind::kLambda:
      return apply_lambda(evaluation, inner, *all, Value::undefined(), Checks::kNone);
    case Function::Kind::kNative: {
      // jsonata-js drops what a function's code has no parameter for.
      const auto arity = static_cast<std::size_t>(inner.native->arity);
      const std::size_t most = std::max(arity, inner.native->signature.parameter_count());
      return apply_native(evaluation, *inner.native,
                          std::span(*all).first(std::min(all->size(), most)), Value::undefined(),
                          nullptr);
    }
    default:
      return apply_function(evaluation, Value::of(&inner), *all, Value::undefined());
  }
}

Value apply_transform(Evaluation& evaluation, const Function& function,
                      std::span<const Value> arguments, Value input) {
  static const Signature signature = Signature::compile("<(oa):o>").value();
  ScratchList checked(evaluation);
  if (!signature.check(evaluation, arguments, input, *checked)) return Value::failed();
  return run_transform(evaluation, function, checked->front());
}

Value apply_chain(Evaluation& evaluation, const Function& function,
                  std::span<const Value> arguments) {
  const Value first = VALUE(
      apply_function(evaluation, Value::of(function.inner), arguments.first(1), Value::null()));
  const Value passed = unwrap(first);
  return apply_function(evaluation, Value::of(function.second), {&passed, 1}, Value::null());
}

Value apply_kind(Evaluation& evaluation, const Function& function, std::span<const Value> arguments,
                 Value input, const Call* call) {
  switch (function.kind) {
    case Function::Kind::kNative:
      return apply_native(evaluation, *function.native, arguments, input, call);
    case Function::Kind::kLambda:
      return apply_lambda(evaluation, function, arguments, input, Checks::kSignature);
    case Function::Kind::kPartial:
      return apply_partial(evaluation, function, arguments);
    case Function::Kind::kRegex:
      return apply_regex(evaluation, function, arguments);
    case Function::Kind::kTransform:
      return apply_transform(evaluation, function, arguments, input);
    case Function::Kind::kClosure:
      return apply_function(evaluation, Value::of(function.inner), arguments, Value::null());
    case Function::Kind::kChain:
      return apply_chain(evaluation, function, arguments);
  }
  return Value::undefined();
}

// One call, without the one that it may end with. A failure inside is reported where the function
// was called.
Value apply_once(Evaluation& evaluation, const Value& procedure, std::span<const Value> arguments,
                 Value input, const Call* call) {
  if (!procedure.is_function()) return evaluation.fail("T1006");
  const Function& function = *procedure.function();
  if (++evaluation.calls > evaluation.calls_max) return evaluation.too_deep();
  const Value result = apply_kind(evaluation, function, arguments, input, call);
  --evaluation.calls;
  if (result.is_failed()) report_at_caller(evaluation, function);
  return result;
}

// What the mistake does not say yet, the call does.
void fill_gaps(Evaluation& evaluation, const Call& call) {
  Mistake& mistake = evaluation.mistake;
  if (mistake.position.value_or(0) == 0) mistake.position = call.position;
  if (!mistake.token && !call.token.empty()) mistake.token = std::string(call.token);
}

Value apply(Evaluation& evaluation, const Value& procedure, std::span<const Value> arguments,
            Value input, const Call* call) {
  const Value result = apply_once(evaluation, procedure, arguments, input, call);
  return result.tag() == Tag::kTailCall ? finish_tail_calls(evaluation, result, input) : result;
}

// A function that is passed on hides where it comes from, and does not see the caller's `$`.
Value as_argument(Evaluation& evaluation, const Value& value) {
  if (!value.is_function() || value.function()->kind == Function::Kind::kClosure) return value;
  Function* closure = evaluation.make_function(Function::Kind::kClosure);
  closure->inner = value.function();
  return Value::of(closure);
}

// The forgotten `$`: `sum(x)` where $sum is meant.
bool meant_a_variable(Evaluation& evaluation, const Call& call, const Value& procedure,
                      Value input) {
  if (!procedure.is_undefined() || call.likely_function == nullptr) return false;
  const Value meant = evaluate(evaluation, *call.likely_function, input);
  return !meant.is_undefined();
}

Value refuse_call(Evaluation& evaluation, const Call& call, std::string_view code) {
  evaluation.fail(code);
  evaluation.mistake.position = call.position;
  if (!call.token.empty()) evaluation.mistake.token = std::string(call.token);
  return Value::failed();
}

constexpr std::size_t kFewArguments = 6;

// Room that nothing is written to before it is needed.
union FewArguments {
  FewArguments() {}
  Value values[kFewArguments];
};

// A built-in function called by its name: no function as a value is needed for it.
Value call_native(Evaluation& evaluation, const Call& call, Value input, const Value* first) {
  const Native& native = *call.native;
  FewArguments room;
  Value* const arguments = room.values;
  std::size_t count = 0;
  if (first != nullptr) arguments[count++] = *first;
  for (const Node* node : call.arguments) {
    Value& argument = arguments[count++];
    argument = operand_value(evaluation, *node, input);
    if (argument.is_failed()) return argument;
  }
  const std::size_t parameters = native.signature.parameter_count();
  for (std::size_t i = count; i < parameters; ++i) arguments[i] = Value::undefined();
  NativeUse& use = evaluation.globals[static_cast<const Global*>(call.procedure)->number].native;
  use.caller = &call;
  if (use.made != nullptr) note_caller(Value::of(use.made), call.token, call.position);
  Value result;
  if (++evaluation.calls > evaluation.calls_max) {
    result = evaluation.too_deep();
  } else {
    switch (native.signature.fit(evaluation, {arguments, kFewArguments}, count)) {
      case Signature::Fit::kFits:
        result = native.code({evaluation, {arguments, parameters}, input, &call});
        break;
      case Signature::Fit::kNeedsCheck:
        result = apply_native(evaluation, native, {arguments, count}, input, &call);
        break;
      case Signature::Fit::kFailed:
        result = Value::failed();
    }
    --evaluation.calls;
  }
  if (result.is_failed()) {
    if (call.position != 0) evaluation.mistake.position = call.position;
    fill_gaps(evaluation, call);
  }
  return result;
}

Value run_call_with(Evaluation& evaluation, const Call& call, Value input, const Value* first) {
  Value procedure;
  if (call.native != nullptr &&
      evaluation.globals[static_cast<const Global*>(call.procedure)->number].bound.tag() ==
          Tag::kUnbound) {
    if (!call.tail && call.arguments.size() < kFewArguments &&
        call.native->signature.parameter_count() <= kFewArguments) {
      return call_native(evaluation, call, input, first);
    }
    procedure = native_value(evaluation, *static_cast<const Global*>(call.procedure));
  } else {
    procedure = VALUE(evaluate(evaluation, *call.procedure, input));
    if (meant_a_variable(evaluation, call, procedure, input)) {
      return refuse_call(evaluation, call, "T1005");
    }
  }
  const bool wraps =
      procedure.is_function() && procedure.function()->kind == Function::Kind::kLambda;
  ScratchList arguments(evaluation);
  if (first != nullptr) arguments->push_back(*first);
  for (const Node* node : call.arguments) {
    const Value argument = operand_value(evaluation, *node, input);
    if (argument.is_failed()) return argument;
    arguments->push_back(wraps && !call.tail ? as_argument(evaluation, argument) : argument);
  }
  if (call.tail) {
    std::swap(*arguments, evaluation.pending.arguments);
    evaluation.pending.procedure = procedure;
    evaluation.pending.token = call.token;
    evaluation.pending.position = call.procedure->position;
    evaluation.pending.call = &call;
    return Value::of_tag(Tag::kTailCall);
  }
  note_caller(procedure, call.token, call.position);
  const Value result = apply(evaluation, procedure, *arguments, input, &call);
  if (result.is_failed()) fill_gaps(evaluation, call);
  return result;
}

}  // namespace

Value finish_tail_calls(Evaluation& evaluation, Value result, Value input) {
  ScratchList arguments(evaluation);
  while (result.tag() == Tag::kTailCall) {
    if (!evaluation.spend()) return Value::failed();
    std::swap(*arguments, evaluation.pending.arguments);
    const Value next = evaluation.pending.procedure;
    note_caller(next, evaluation.pending.token, evaluation.pending.position);
    const Call* const from = evaluation.pending.call;
    result = apply_once(evaluation, next, *arguments, input, from);
    if (result.is_failed()) fill_gaps(evaluation, *from);
  }
  return result;
}

void report_at_caller(Evaluation& evaluation, const Function& function) {
  Mistake& mistake = evaluation.mistake;
  if (!mistake.token && !function.token.empty()) mistake.token = std::string(function.token);
  if (function.position != 0) mistake.position = function.position;
}

Value native_value(Evaluation& evaluation, const Global& name) {
  NativeUse& use = evaluation.globals[name.number].native;
  if (use.made == nullptr) {
    use.made = evaluation.make_function(Function::Kind::kNative);
    use.made->native = name.native;
    if (use.caller != nullptr) {
      note_caller(Value::of(use.made), use.caller->token, use.caller->position);
    }
  }
  return Value::of(use.made);
}

Value apply_function(Evaluation& evaluation, const Value& function,
                     std::span<const Value> arguments, Value input) {
  return apply(evaluation, function, arguments, input, nullptr);
}

int arity_of(const Value& value) {
  if (!value.is_function()) return 1;
  const Function& function = *value.function();
  switch (function.kind) {
    case Function::Kind::kNative:
      return function.native->arity;
    case Function::Kind::kLambda:
      return static_cast<int>(function.lambda->parameters.size());
    case Function::Kind::kPartial:
      return static_cast<int>(
          std::count_if(function.arguments.begin(), function.arguments.end(),
                        [](const Value& argument) { return argument.tag() == Tag::kUnbound; }));
    case Function::Kind::kRegex:
      return 2;
    case Function::Kind::kClosure:
      return arity_of(Value::of(function.inner));
    case Function::Kind::kTransform:
    case Function::Kind::kChain:
      break;
  }
  return 1;
}

Value run_call(Evaluation& evaluation, const Call& call, Value input) {
  return run_call_with(evaluation, call, input, nullptr);
}

// `a ~> f(b)` is f(a, b); `a ~> f` is f(a), or when both are functions, one after the other.
Value run_apply(Evaluation& evaluation, const Apply& node, Value input) {
  const Value left = VALUE(evaluate(evaluation, *node.left, input));
  const Node* right = node.right;
  if (right->op == Op::kRefined) {
    // Filters behind the call are not applied, in jsonata-js neither.
    const Node* inner = static_cast<const Refined*>(right)->inner;
    if (inner->op == Op::kCall) right = inner;
  }
  if (right->op == Op::kCall) {
    return run_call_with(evaluation, static_cast<const Call&>(*right), input, &left);
  }
  const Value function = VALUE(evaluate(evaluation, *right, input));
  if (!function.is_function()) {
    evaluation.fail("T2006", function);
    evaluation.mistake.position = node.position;
    return Value::failed();
  }
  if (!left.is_function()) {
    return apply(evaluation, function, {&left, 1}, Value::null(), nullptr);
  }
  Function* chain = evaluation.make_function(Function::Kind::kChain);
  chain->inner = left.function();
  chain->second = function.function();
  return Value::of(chain);
}

Value run_partial(Evaluation& evaluation, const Partial& partial, Value input) {
  ScratchList arguments(evaluation);
  for (const Node* node : partial.arguments) {
    arguments->push_back(node == nullptr ? Value::of_tag(Tag::kUnbound)
                                         : VALUE(evaluate(evaluation, *node, input)));
  }
  const Value procedure = VALUE(evaluate(evaluation, *partial.procedure, input));
  if (!procedure.is_function()) {
    const bool meant = meant_a_variable(evaluation, partial, procedure, input);
    return refuse_call(evaluation, partial, meant ? "T1007" : "T1008");
  }
  const Value kept = VALUE(evaluation.array(*arguments, 0));
  Function* function = evaluation.make_function(Function::Kind::kPartial);
  function->inner = procedure.function();
  function->arguments = {kept.elements(), kept.size()};
  return Value::of(function);
}

Value run_lambda(Evaluation& evaluation, const Lambda& lambda, Value input) {
  Function* function = evaluation.make_function(Function::Kind::kLambda);
  function->lambda = &lambda;
  function->frame = evaluation.frame;
  function->input = input;
  return Value::of(function);
}

}  // namespace pawl::jsonata
