// A Map Run hears of its children by messages, in whatever order they come.
#include <set>

#include "runtime/shard_harness.h"

namespace pawl::runtime {
namespace {

class ShardMapRuns : public ShardHarness {
 protected:
  ShardMapRuns() {
    define(R"({"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{
      "ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
      "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}}}})");
    environment_->run_blocking = [](const std::function<void()>& job) { job(); };
    // Children belong to shards of their own.
    environment_->post = [this](store::ShardId id, std::function<void(Shard&)> message) {
      const bool last_first = id == id_.shard() && parent_hears_last_first_;
      posted_.insert(last_first ? posted_.begin() : posted_.end(),
                     [this, id, message = std::move(message)](Shard&) { message(shard_of(id)); });
    };
  }

  Shard& shard_of(store::ShardId id) {
    if (id == id_.shard()) return *shard_;
    auto& other = others_[id];
    if (!other) other = std::make_unique<Shard>(id, *environment_);
    return *other;
  }

  // Until nothing moves any more.
  void settle() {
    do {
      turn();
      for (const auto& [id, other] : others_) {
        while (other->end_turn()) other->go_on();
      }
      store_->sync(store_->waiting());
    } while (!posted_.empty() || store_->waiting() > 0);
  }

  std::map<store::ShardId, std::unique_ptr<Shard>> others_;
  bool parent_hears_last_first_ = false;
};

TEST_F(ShardMapRuns, EndsWithTheResultsOfItsChildren) {
  start("[1,2,3]");
  settle();
  EXPECT_EQ(status(), machine::Status::kSucceeded);
  EXPECT_EQ(output(), "[1,2,3]");
}

// Which executions had steps.
class StepsTold final : public ExecutionLog {
 public:
  Delivery prepare(const machine::Identity& identity, std::int32_t,
                   const std::vector<machine::Event>&) const override {
    return [this, machine = identity.state_machine_name] { told.insert(machine); };
  }
  mutable std::multiset<std::string> told;
};

TEST_F(ShardMapRuns, ItsChildrenLogWhereItsParentDoes) {
  const auto log = std::make_shared<StepsTold>();
  StartRequest request = start_request("[1,2,3]");
  request.log = log;
  shard_->start(id_, std::move(request), [](const StartOutcome&) {});
  settle();
  EXPECT_EQ(status(), machine::Status::kSucceeded);
  EXPECT_EQ(log->told.size() - log->told.count("m"), 3u);
}

TEST_F(ShardMapRuns, AnEndThatIsToldBeforeItsStartCounts) {
  parent_hears_last_first_ = true;
  start("[1,2,3]");
  settle();
  EXPECT_EQ(status(), machine::Status::kSucceeded);
  EXPECT_EQ(output(), "[1,2,3]");
}

}  // namespace
}  // namespace pawl::runtime
