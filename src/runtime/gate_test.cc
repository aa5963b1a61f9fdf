#include "runtime/gate.h"

#include <gtest/gtest.h>

#include <string>

namespace pawl::runtime {
namespace {

Effect note(std::string& log, std::string text) {
  return [&log, text](GateOutcome outcome) {
    log += text + (outcome == GateOutcome::kDurable ? "+" : "-");
  };
}

TEST(Gate, EffectsWaitForTheirBatch) {
  Gate gate;
  std::string log;
  const auto first = gate.begin_batch();
  const auto second = gate.begin_batch();
  gate.after(second, note(log, "b"));
  gate.after(first, note(log, "a"));
  gate.after(first, note(log, "c"));
  EXPECT_EQ(log, "");
  gate.end_batch(first, GateOutcome::kDurable);
  EXPECT_EQ(log, "a+c+");
  gate.end_batch(second, GateOutcome::kDurable);
  EXPECT_EQ(log, "a+c+b+");
}

TEST(Gate, DurableBatchesAnswerAtOnce) {
  Gate gate;
  std::string log;
  gate.after(0, note(log, "z"));
  const auto first = gate.begin_batch();
  EXPECT_FALSE(gate.is_durable(first));
  gate.end_batch(first, GateOutcome::kDurable);
  EXPECT_TRUE(gate.is_durable(first));
  gate.after(first, note(log, "a"));
  EXPECT_EQ(log, "z+a+");
}

TEST(Gate, LostBatchesSaySo) {
  Gate gate;
  std::string log;
  const auto first = gate.begin_batch();
  gate.after(first, note(log, "a"));
  gate.end_batch(first, GateOutcome::kLost);
  EXPECT_EQ(log, "a-");
}

TEST(Gate, NothingIsDurableAfterALoss) {
  Gate gate;
  std::string log;
  const auto first = gate.begin_batch();
  gate.end_batch(first, GateOutcome::kLost);
  EXPECT_TRUE(gate.is_lost());
  EXPECT_FALSE(gate.is_durable(first));
  gate.after(first, note(log, "a"));
  gate.after(0, note(log, "z"));
  EXPECT_EQ(log, "a-z+");
}

TEST(Gate, AClosedGateLosesWhatWaits) {
  Gate gate;
  std::string log;
  const auto first = gate.begin_batch();
  gate.after(first, note(log, "a"));
  gate.close();
  gate.end_batch(first, GateOutcome::kDurable);
  EXPECT_EQ(log, "a-");
}

TEST(Gate, AnEffectMayAskTheGateAgain) {
  Gate gate;
  std::string log;
  const auto first = gate.begin_batch();
  gate.after(first, [&](GateOutcome) { gate.after(first, note(log, "nested")); });
  gate.end_batch(first, GateOutcome::kDurable);
  EXPECT_EQ(log, "nested+");
}

}  // namespace
}  // namespace pawl::runtime
