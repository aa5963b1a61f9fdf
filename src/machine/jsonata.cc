// JSONata in states: what an expression reads, and the service's words for what goes wrong with it
// (step-functions.md B4).
#include <cmath>
#include <vector>

#include "json/kind_name.h"
#include "json/number.h"
#include "machine/payload.h"
#include "machine/strand_tree.h"

namespace pawl::machine {
namespace {

// "T1006: Attempted to invoke a non-function"; some errors have no code.
std::string thrown(const jsonata::Error& error) {
  if (error.code.empty()) return "threw an error during evaluation: " + error.message;
  return "threw an error during evaluation. " + error.code + ": " + error.message;
}

}  // namespace

EvaluationFailed Evaluation::jsonata_failure(const asl::TemplateJsonata& form,
                                             std::string_view what) const {
  std::string cause = "The JSONata expression '" + form.expression;
  cause += "' specified for the field '" + form.field + "' ";
  cause += what;
  return evaluation_failure(work_, cause, form.field);
}

// `$states`: what is not there is undefined to the expression.
json::Node Evaluation::states() {
  if (!states_) {
    json::ObjectBuilder states(arena_);
    states.set("input", work_.strand.input.root());
    states.set("context", context());
    if (result_) states.set("result", *result_);
    if (error_output_) states.set("errorOutput", *error_output_);
    states_ = states.finish();
  }
  return *states_;
}

const json::Value* Evaluation::find_variable(std::string_view name) const {
  for (const Strand* strand = &work_.strand;;
       strand = &strand_at(work_.execution, strand->parent)) {
    const auto found = strand->variables.find(name);
    if (found != strand->variables.end()) return &found->second;
    if (is_top(*strand)) return nullptr;
  }
}

Result<json::Node, Failure> Evaluation::jsonata(const asl::TemplateJsonata& form) {
  if (!form.compiled.ok()) return Err{jsonata_failure(form, thrown(form.compiled.error()))};
  std::vector<jsonata::Binding> bindings;
  for (const std::string& name : form.compiled->free_variables()) {
    if (name == "states") {
      bindings.push_back({name, states()});
    } else if (const json::Value* value = find_variable(name)) {
      bindings.push_back({name, value->root()});
    }
  }
  const Limits& limits = work_.context.limits;
  jsonata::Budget budget;
  budget.milliseconds_max = limits.jsonata_milliseconds_max;
  budget.bytes_max = limits.jsonata_bytes_max;
  const jsonata::Scope scope{.input = std::nullopt,
                             .bindings = bindings,
                             .now = work_.now,
                             .rng = work_.rng,
                             .budget = budget};
  auto answer = form.compiled->evaluate(scope, arena_);
  if (!answer.ok()) return Err{jsonata_failure(form, thrown(answer.error()))};
  switch (answer->kind) {
    case jsonata::Answer::Kind::kValue:
      // As JSON.stringify prints minus zero.
      if (answer->node.is_number() && answer->node.number_text() == "-0") return arena_.integer(0);
      return answer->node;
    case jsonata::Answer::Kind::kNonFinite:  // the service passes its name on
      return answer->node;
    case jsonata::Answer::Kind::kUndefined:
      return Err{jsonata_failure(form, "returned nothing (undefined).")};
    case jsonata::Answer::Kind::kFunction:
      break;
  }
  return Err{jsonata_failure(form, "returned an unsupported result type.")};
}

Failure Evaluation::unexpected_type(const asl::TemplateJsonata& form, std::string_view expected,
                                    json::Node found) const {
  std::string text = "returned an unexpected result type. Expected '";
  text += expected;
  text += "', but was '";
  text += json::name_of(found.kind());
  return jsonata_failure(form, text + "' for value: " + json::print(found));
}

Result<json::Node, Failure> Evaluation::jsonata(const asl::TemplateJsonata& form, json::Kind kind) {
  const json::Node found = TRY(jsonata(form));
  if (found.kind() == kind) return found;
  return Err{unexpected_type(form, json::name_of(kind), found)};
}

Result<std::int64_t, Failure> Evaluation::integer(const asl::TemplateJsonata& form) {
  const json::Node found = TRY(jsonata(form, json::Kind::kNumber));
  if (const auto value = json::to_int64(found.number_text())) return *value;
  constexpr double kExactMax = 9'007'199'254'740'992.0;  // 2^53
  const double value = json::to_double(found.number_text());
  if (std::trunc(value) == value && std::abs(value) <= kExactMax) {
    return static_cast<std::int64_t>(value);
  }
  return Err{unexpected_type(form, "integer", found)};
}

Result<double, Failure> Evaluation::real(const asl::TemplateJsonata& form) {
  return json::to_double(TRY(jsonata(form, json::Kind::kNumber)).number_text());
}

}  // namespace pawl::machine
