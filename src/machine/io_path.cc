#include "machine/io_path.h"

namespace pawl::machine {
namespace {

bool is_whole_input(const jsonpath::Query& query) {
  return query.source == jsonpath::Query::Source::kInput && query.text == "$";
}

Result<Payload, Failure> select(Evaluation& evaluation, const asl::IoPath& path,
                                const Payload& data) {
  if (std::holds_alternative<std::monostate>(path)) return data;
  if (std::holds_alternative<asl::NullPath>(path)) return Payload(evaluation.arena().object({}));
  const auto& query = std::get<jsonpath::Query>(path);
  if (is_whole_input(query)) return data;
  return Payload(TRY(evaluation.select(query, data.node())));
}

// As the service reports it, though the specification says States.ResultPathMatchFailure.
Fault reference_path_conflict(const jsonpath::Path& place, const json::Value& input) {
  std::string cause = "Unable to apply ReferencePath " + place.text() + " to input ";
  cause += input.text();
  return {.error = "States.ReferencePathConflict", .cause = std::move(cause)};
}

}  // namespace

Result<Payload, Failure> effective_input(Evaluation& evaluation) {
  const Work& work = evaluation.work();
  const Payload input = TRY(select(evaluation, work.state.input_path, Payload(work.strand.input)));
  evaluation.note(Stage::kAfterInputPath, input);
  return input;
}

Result<Payload, Failure> output_path(Evaluation& evaluation, const Payload& output) {
  return select(evaluation, evaluation.work().state.output_path, output);
}

Result<Payload, Failure> result_path(Evaluation& evaluation, const asl::ResultPath& path,
                                     const Payload& result) {
  const Work& work = evaluation.work();
  if (std::holds_alternative<std::monostate>(path)) return result;
  if (std::holds_alternative<asl::NullPath>(path)) return Payload(work.strand.input);
  const auto& place = std::get<jsonpath::Path>(path);
  if (place.text() == "$") return result;
  auto merged = place.put(work.strand.input.root(), result.node(), evaluation.arena());
  if (!merged.ok()) return Err{reference_path_conflict(place, work.strand.input)};
  return Payload(*merged);
}

}  // namespace pawl::machine
