// The layer's front: compiling and evaluating.
#include "jsonata/expression.h"

#include <cmath>

#include "json/selection.h"
#include "jsonata/answer_node.h"
#include "jsonata/compiler.h"
#include "jsonata/evaluation.h"
#include "jsonata/program.h"

namespace pawl::jsonata {
namespace {

// An input array counts as one item.
Value input_of(Evaluation& evaluation, const std::optional<json::Node>& input) {
  if (!input) return Value::undefined();
  const Value value = Value::of(*input);
  if (!value.is_array()) return value;
  return evaluation.array({&value, 1}, Value::kSequence | Value::kOuterWrapper);
}

// Filled in where the caller finds it: only what was written long before is quickly copied.
Result<Answer, Error> answer_of(Answer::Kind kind, const Value& node) {
  Result<Answer, Error> result{Answer{}};
  result->kind = kind;
  node.write_to(result->node);
  return result;
}

std::string_view name_of_non_finite(double value) {
  if (std::isnan(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

Result<Answer, Error> memory_used_up(Evaluation& evaluation, std::string_view text) {
  evaluation.has_room(evaluation.scope.budget.bytes_max + 1);
  return Err{to_error(evaluation.mistake, text)};
}

}  // namespace

Result<Expression, Error> Expression::compile(std::string_view text, Dialect dialect) {
  auto program = jsonata::compile(std::string(text), dialect, {});
  if (!program.ok()) return Err{to_error(program.error(), text)};
  return Expression(std::move(program).value());
}

const std::string& Expression::text() const { return program_->text; }

const std::set<std::string, std::less<>>& Expression::free_variables() const {
  return program_->free_variables;
}

bool Expression::reads_state_member(std::string_view name) const {
  const StatesPath* path = program_->states_paths;
  while (path != nullptr && path->member != name) path = path->previous;
  return path != nullptr;
}

json::Selection Expression::states_selection() const {
  if (program_->reads_all_states) return json::Selection::everything();
  json::Selection states = json::Selection::nothing();
  for (const StatesPath* path = program_->states_paths; path != nullptr; path = path->previous) {
    json::Selection* reached = &states;
    for (const Step& name : path->steps.subspan(1, path->names)) {
      reached = &reached->add_member(name.name);
    }
    if (!path->counted) reached->add_everything();
  }
  return states;
}

Result<Answer, Error> Expression::evaluate(const Scope& scope, json::Arena& arena) const {
  Evaluation evaluation(*program_, scope, arena);
  evaluation.frame = evaluation.make_frame(nullptr, program_->slots, false);
  const Value input = input_of(evaluation, scope.input);
  const Value value = jsonata::evaluate(evaluation, *program_->root, input);
  switch (value.tag()) {
    case Tag::kFailed:
      return Err{to_error(evaluation.mistake, program_->text)};
    case Tag::kUndefined:
    case Tag::kUnbound:
    case Tag::kTuples:
    case Tag::kTailCall:
      return answer_of(Answer::Kind::kUndefined, Value::null());
    case Tag::kFunction:
      return answer_of(Answer::Kind::kFunction, Value::null());
    case Tag::kReal:
      if (std::isfinite(value.real())) break;
      return answer_of(Answer::Kind::kNonFinite, Value::string(name_of_non_finite(value.real())));
    default:
      break;
  }
  const Value node = answer_node(evaluation, value);
  if (node.is_failed()) return memory_used_up(evaluation, program_->text);
  return answer_of(Answer::Kind::kValue, node);
}

}  // namespace pawl::jsonata
