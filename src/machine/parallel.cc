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
  for (const asl::Block& branch : state.branches) {
    started.branch_pointers.push_back(asl::state_pointer(branch.pointer, branch.start_at));
  }
  return Event::Body(std::move(started));
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
    return Err{result_too_large(work.state.name)};
  }
  return Event::Body(ContainerSucceeded{.type = work.strand.state_type,
                                        .result = json::Value::trusted(std::move(result))});
}

}  // namespace pawl::machine
