// Executions that halt where they would fail: what is durable of it, and what goes on.
#include "runtime/selection.h"
#include "runtime/shard_harness.h"

namespace pawl::runtime {
namespace {

using machine::Status;

constexpr const char* kTask =
    R"({"StartAt":"T","States":{"T":{"Type":"Task",
        "Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","End":true}}})";
constexpr const char* kMended =
    R"({"StartAt":"T","States":{"T":{"Type":"Task",
        "Resource":"arn:aws:lambda:us-east-1:000000000000:function:mended","Next":"P"},
        "P":{"Type":"Pass","Result":"mended","End":true}}})";
constexpr const char* kOther = R"({"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}})";
constexpr const char* kPath =
    R"({"StartAt":"P","States":{"P":{"Type":"Pass","InputPath":"$.absent","End":true}}})";

class Halting : public ShardHarness {
 protected:
  void choose() { halting_.set({digest_of_machine(names_.machine_arn())}); }
  void fail_last_task() {
    deliver(machine::TaskFaulted{tasks_->requests.back().task,
                                 machine::TaskFailure::kFailed,
                                 {.error = "E", .cause = "why"}});
    sync();
  }
  void halt() {
    choose();
    define(kTask);
    start();
    sync();
    fail_last_task();
  }
  void try_again(const std::optional<NewRevision>& revision = std::nullopt) {
    shard_->try_again(id_, revision,
                      [this](TryAgainOutcome outcome) { outcomes_.push_back(outcome); });
    sync();
  }
  NewRevision revision(const std::string& hash, const std::string& definition) {
    definitions_[hash] = asl::parse(definition).machine;
    return {definitions_[hash], hash, "revision", 7};
  }
  Summary summary() { return *read_summary(*store_, id_, {}); }
  void return_last(const std::string& output) {
    deliver(machine::TaskReturned{tasks_->requests.back().task, json::Value::trusted(output)});
    sync();
  }
  std::size_t selected() {
    return select_executions(*store_, {.halted = true}, {}, 10, {}).matches.size();
  }

  std::vector<TryAgainOutcome> outcomes_;
};

TEST_F(Halting, ItHaltsThroughCrashesAndIsTriedAgain) {
  halt();
  for (int life = 0; life < 2; ++life) {
    EXPECT_EQ(status(), Status::kRunning);
    EXPECT_EQ(summary().halt, (HaltNote{clock_.wall, "T", "E"}));
    EXPECT_EQ(metrics_.halted, 1);
    EXPECT_EQ(metrics_.open, 1);
    EXPECT_EQ(selected(), 1u);
    crash();
    EXPECT_TRUE(tasks_->requests.empty());
  }
  try_again();
  EXPECT_EQ(outcomes_.back().kind, TryAgainOutcome::Kind::kGoesOn);
  EXPECT_EQ(summary().halt, std::nullopt);
  EXPECT_EQ(metrics_.halted, 0);
  EXPECT_EQ(selected(), 0u);
  ASSERT_EQ(tasks_->requests.size(), 1u);
  crash();
  ASSERT_EQ(tasks_->requests.size(), 1u);
  return_last("1");
  EXPECT_EQ(status(), Status::kSucceeded);
  try_again();
  EXPECT_EQ(outcomes_.back().kind, TryAgainOutcome::Kind::kNotHalted);
}

TEST_F(Halting, WhatIsNotSyncedHasNotHalted) {
  choose();
  define(kTask);
  start();
  sync();
  deliver(machine::TaskFaulted{tasks_->requests.back().task, machine::TaskFailure::kFailed, {}});
  turn();
  crash();
  EXPECT_EQ(metrics_.halted, 0);
  EXPECT_EQ(tasks_->requests.size(), 1u);
}

TEST_F(Halting, GivenUpItFailsAndIsRedrivable) {
  halt();
  deliver(machine::GiveUp{});
  sync();
  EXPECT_EQ(status(), Status::kFailed);
  EXPECT_EQ(summary().halt, std::nullopt);
  EXPECT_EQ(metrics_.halted, 0);
  EXPECT_EQ(metrics_.open, 0);
  deliver(machine::GiveUp{});
  sync();
  EXPECT_EQ(deliveries_.back(), Delivery::Kind::kStale);
  shard_->redrive(id_, {}, [](const RedriveOutcome&) {});
  sync();
  fail_last_task();
  EXPECT_EQ(summary().halt->error, "E");
  EXPECT_EQ(metrics_.halted, 1);
}

TEST_F(Halting, AnotherDefinitionTakesThePlaceOfThePinnedOne) {
  halt();
  try_again(revision("other", kOther));
  EXPECT_EQ(outcomes_.back().kind, TryAgainOutcome::Kind::kRefused);
  EXPECT_NE(outcomes_.back().why, "");
  EXPECT_EQ(summary().revision, "hash");
  try_again(revision("mended", kMended));
  EXPECT_EQ(outcomes_.back().kind, TryAgainOutcome::Kind::kGoesOn);
  EXPECT_EQ(summary().revision, "mended");
  EXPECT_EQ(summary().revision_id, "revision");
  crash();
  ASSERT_EQ(tasks_->requests.size(), 1u);
  EXPECT_EQ(tasks_->requests.back().scheduled.resource,
            "arn:aws:lambda:us-east-1:000000000000:function:mended");
  return_last("1");
  EXPECT_EQ(stored()->output.text(), "\"mended\"");
}

TEST_F(Halting, AtTheFirstStepAlready) {
  choose();
  define(kPath);
  start();
  sync();
  EXPECT_EQ(summary().halt, (HaltNote{clock_.wall, "P", "States.Runtime"}));
  crash();
  EXPECT_EQ(metrics_.halted, 1);
  deliver(machine::Stop{});
  sync();
  EXPECT_EQ(status(), Status::kAborted);
  EXPECT_EQ(metrics_.halted, 0);
}

TEST_F(Halting, OtherMachinesFail) {
  halting_.set({digest_of_machine("another")});
  define(kTask);
  start();
  sync();
  fail_last_task();
  EXPECT_EQ(status(), Status::kFailed);
}

}  // namespace
}  // namespace pawl::runtime
