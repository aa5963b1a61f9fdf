// Parallel: runs its branches on the same input and collects their outputs (ASL, "Parallel State").
#include "machine/io_path.h"
#include "machine/states.h"

namespace pawl::machine {

NextEvent begin_parallel(const Work& work, const asl::ParallelState& state) {
  Evaluation evaluation(work);
  Payload input = TRY(effective_input(evaluation));
  if (state.parameters) input = Payload(TRY(evaluation.instantiate(*state.parameters, input)));
  ParallelStarted started{.branch_pointers = {}, .input = input.value()};
  if (started.input.bytes() > work.context.limits.payload_bytes_max) {
    return Err{parameters_too_large(work.state.name)};
  }
  if (const auto stand_in = mocked_children(work)) return *stand_in;
  for (const asl::Block& branch : state.branches) {
    started.branch_pointers.push_back(asl::state_pointer(branch.pointer, branch.start_at));
  }
  return Event::Body(std::move(started));
}

namespace {

// Without a tolerance of the state's own, a mock's failed items are the mock's business.
bool tolerates(const Inspection& inspection, const json::Value& result) {
  const std::int64_t failed = inspection.failed_children;
  const auto results = static_cast<std::int64_t>(result.root().size());
  const std::int64_t total = inspection.items.value_or(results);
  if (inspection.tolerated_failure_count && failed > *inspection.tolerated_failure_count) {
    return false;
  }
  if (!inspection.tolerated_failure_percentage || total == 0) return true;
  return static_cast<double>(failed) * 100 / static_cast<double>(total) <=
         *inspection.tolerated_failure_percentage;
}

}  // namespace

std::optional<Event::Body> mocked_children(const Work& work) {
  const Inspection* inspection = work.context.inspection;
  if (!inspection || !inspection->children) return std::nullopt;
  if (const auto* fault = std::get_if<Fault>(&*inspection->children)) {
    return Event::Body(FaultRaised{.fault = within_limits(*fault, work.context.limits),
                                   .caused_by = work.strand.tail});
  }
  const json::Value& result = std::get<json::Value>(*inspection->children);
  if (tolerates(*inspection, result)) {
    return Event::Body(ContainerSucceeded{.type = work.strand.state_type, .result = result});
  }
  return Event::Body(
      FaultRaised{.fault = {.error = "States.ExceedToleratedFailureThreshold",
                            .cause = "The specified tolerated failure threshold was exceeded"},
                  .caused_by = work.strand.tail});
}

NextEvent collect_results(const Work& work) {
  // Joined as texts: what the children only passed on keeps its blanks.
  std::string result = "[";
  for (const std::optional<json::Value>& output : work.strand.results) {
    ENSURE(output.has_value(), work.strand.id);
    if (result.size() > 1) result += ',';
    result += output->text();
  }
  result += ']';
  if (result.size() > work.context.limits.payload_bytes_max) {
    return Event::Body(
        FaultRaised{.fault = result_too_large(work.state.name), .caused_by = work.strand.tail});
  }
  return Event::Body(ContainerSucceeded{.type = work.strand.state_type,
                                        .result = json::Value::trusted(std::move(result))});
}

}  // namespace pawl::machine
