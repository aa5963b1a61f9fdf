// A shard as its Map Runs see it: what they ask of it and, by messages, of the shards of their
// children.
#include <utility>

#include "runtime/shard.h"

namespace pawl::runtime {

class Shard::Host final : public MapRunHost {
 public:
  explicit Host(Shard& shard) : shard_(shard), environment_(shard.environment_) {}

  Cell* parent(const ExecutionId& id) override { return shard_.find(id); }
  machine::Context context_of(const Cell& parent) override { return shard_.context_of(parent); }
  bool holds(Cell& parent) override {
    const bool held = shard_.is_held(parent);
    if (held) shard_.keep_for_resume(parent);
    return held;
  }
  void advance(Cell& parent, const machine::Input& input) override {
    shard_.advance(parent, input);
  }

  std::uint64_t batch_number() override { return shard_.batch_number(); }
  store::Batch& batch() override {
    shard_.batch_number();
    return shard_.batch_;
  }
  Gate& gate() override { return *shard_.gate_; }

  void post(std::function<void(MapRuns&)> message) override {
    environment_.post(shard_.id_,
                      [message = std::move(message)](Shard& shard) { message(shard.map_runs_); });
  }

  void start_child(StartRequest request, std::function<void(StartOutcome)> answer) override {
    const ExecutionId id = id_of_execution(request.names.execution_arn());
    environment_.post(id.shard(), [id, request = std::move(request),
                                   answer = std::move(answer)](Shard& shard) mutable {
      shard.start(id, std::move(request), std::move(answer));
    });
  }
  void watch_child(const ExecutionId& child, DescribeReply answer) override {
    environment_.post(child.shard(), [child, answer = std::move(answer)](Shard& shard) {
      shard.watch_end(child, answer);
    });
  }
  void describe_child(const ExecutionId& child, DescribeReply answer) override {
    environment_.post(child.shard(), [child, answer = std::move(answer)](Shard& shard) {
      shard.describe(child, answer);
    });
  }
  void redrive_child(ChildRedriveRequest request,
                     std::function<void(ChildRedrive)> answer) override {
    const store::ShardId owner = request.id.shard();
    environment_.post(owner, [request = std::move(request), answer = std::move(answer)](
                                 Shard& shard) { shard.redrive_child(request, answer); });
  }
  void stop_child(const ExecutionId& child) override {
    environment_.post(child.shard(),
                      [child](Shard& shard) { shard.deliver(child, machine::Stop{}, nullptr); });
  }

 private:
  Shard& shard_;
  ShardEnvironment& environment_;
};

std::unique_ptr<MapRunHost> Shard::make_host() { return std::make_unique<Host>(*this); }

}  // namespace pawl::runtime
