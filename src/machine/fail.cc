// Fail: ends the execution, branch or iteration with a fault (ASL, "Fail State").
#include "machine/payload.h"
#include "machine/states.h"

namespace pawl::machine {
namespace {

// A string as it is, anything else as its JSON text.
std::string text_of(json::Node node) {
  return node.is_string() ? std::string(node.string()) : json::print(node);
}

Result<std::optional<std::string>, Failure> fault_text(
    Evaluation& evaluation, const std::optional<asl::FailState::Text>& form,
    std::string_view field) {
  if (!form) return std::optional<std::string>();
  if (const auto* literal = std::get_if<std::string>(&*form)) {
    return std::optional<std::string>(*literal);
  }
  if (const auto* jsonata = std::get_if<asl::TemplateJsonata>(&*form)) {
    const json::Node text = TRY(evaluation.jsonata(*jsonata, json::Kind::kString));
    return std::optional<std::string>(std::string(text.string()));
  }
  const json::Node found = TRY(evaluation.expression(std::get<asl::Expression>(*form), field,
                                                     Payload(evaluation.work().strand.input)));
  return std::optional<std::string>(text_of(found));
}

}  // namespace

NextEvent begin_fail(const Work& work, const asl::FailState& state) {
  Evaluation evaluation(work);
  Fault fault;
  fault.error = TRY(fault_text(evaluation, state.error, "ErrorPath"));
  fault.cause = TRY(fault_text(evaluation, state.cause, "CausePath"));
  return Event::Body(FaultRaised{.fault = within_limits(std::move(fault), work.context.limits),
                                 .caused_by = work.strand.tail});
}

}  // namespace pawl::machine
