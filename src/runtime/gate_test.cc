#include "runtime/gate.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

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

TEST(Gate, AClosedGateHasNoEffectsThatStillRun) {
  Gate gate;
  std::string log;
  std::thread closer;
  std::atomic<bool> closing = false;
  const auto first = gate.begin_batch();
  gate.after(first, [&](GateOutcome) {
    closer = std::thread([&] {
      closing = true;
      gate.close();
      log += "closed";
    });
    while (!closing) std::this_thread::yield();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // the closer's chance to be wrong
    log += "told ";
  });
  gate.end_batch(first, GateOutcome::kDurable);
  closer.join();
  EXPECT_EQ(log, "told closed");
}

TEST(Gate, AnEffectMayCloseItsGate) {
  Gate gate;
  std::string log;
  const auto first = gate.begin_batch();
  gate.after(first, [&](GateOutcome) { gate.close(); });
  gate.after(gate.begin_batch(), note(log, "b"));
  gate.end_batch(first, GateOutcome::kDurable);
  EXPECT_EQ(log, "b-");
}

TEST(Gate, AnAbandonedGateTellsNobody) {
  Gate gate;
  std::string log;
  const auto first = gate.begin_batch();
  gate.after(first, note(log, "a"));
  gate.abandon();
  gate.end_batch(first, GateOutcome::kLost, [&log] { log += "lost"; });
  EXPECT_EQ(log, "");
}

TEST(Gate, ALossIsToldBeforeItsEffects) {
  Gate gate;
  std::string log;
  const auto first = gate.begin_batch();
  gate.after(first, note(log, "a"));
  gate.end_batch(first, GateOutcome::kLost, [&log] { log += "lost "; });
  EXPECT_EQ(log, "lost a-");
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
