// $eval: an expression compiled and run within another one (JSONata, "$eval").
#include "jsonata/compiler.h"
#include "jsonata/evaluation.h"
#include "jsonata/function_families.h"
#include "jsonata/program.h"

namespace pawl::jsonata {
namespace {

std::span<const OuterName> names_around(const Evaluation& evaluation, const Call* call) {
  const auto find = [call](const Program& program) -> std::span<const OuterName> {
    for (const auto& [at, names] : program.outer_names) {
      if (at == call) return names;
    }
    return {};
  };
  if (call == nullptr) return {};
  std::span<const OuterName> names = find(evaluation.program);
  for (std::size_t i = 0; names.empty() && i < evaluation.evaluated_programs.size(); ++i) {
    names = find(*evaluation.evaluated_programs[i]);
  }
  return names;
}

// An input array counts as one item.
Value wrapped(Evaluation& evaluation, const Value& input) {
  if (!input.is_array() || input.is_sequence()) return input;
  return evaluation.array({&input, 1}, Value::kSequence | Value::kOuterWrapper);
}

Value refuse(Evaluation& evaluation, std::string_view code, const Mistake& reason,
             std::string_view text) {
  Mistake mistake;
  mistake.code = code;
  mistake.value = json_text(to_error(reason, text).message);
  return evaluation.fail(std::move(mistake));
}

Value eval(const Invocation& call) {
  Evaluation& evaluation = call.evaluation;
  if (call[0].is_undefined()) return call[0];
  Value input = call.input;
  if (!call[1].is_undefined()) input = VALUE(wrapped(evaluation, call[1]));
  Surroundings surroundings;
  surroundings.names = names_around(evaluation, call.call);
  surroundings.kept_regexes = static_cast<std::uint32_t>(evaluation.regexes.size());
  surroundings.globals = evaluation.global_names();
  auto compiled = compile(std::string(call[0].text()), evaluation.program.dialect, surroundings);
  if (!compiled.ok()) return refuse(evaluation, "D3120", compiled.error(), call[0].text());
  evaluation.adopt(*compiled);
  const Program& program = *evaluation.evaluated_programs.back();
  Frame* const caller = evaluation.frame;
  evaluation.frame = evaluation.make_frame(caller, program.slots, true);
  const Value result = evaluate(evaluation, *program.root, input);
  evaluation.frame = caller;
  if (!result.is_failed()) return result;
  if (evaluation.mistake.code == "U1001") return result;
  return refuse(evaluation, "D3121", evaluation.mistake, program.text);
}

constexpr Native kFunctions[] = {
    {"eval", "<sx?:x>", 2, eval, Native::Availability::kFull},
};

}  // namespace

std::span<const Native> system_functions() { return kFunctions; }

}  // namespace pawl::jsonata
