// What an execution does next, without an engine: a script of settled actions, and what is asked
// for after each.
#include "services/codepipeline/step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace pawl::codepipeline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// Two stages after the source: one of two orders, one of one action.
std::string declaration(const std::string& mode, const std::string& on_failure = "") {
  const auto action = [](const std::string& name, int order, const std::string& category) {
    return R"({"name":")" + name + R"(","runOrder":)" + std::to_string(order) +
           R"(,"actionTypeId":{"category":")" + category +
           R"(","owner":"AWS","provider":"Manual","version":"1"}})";
  };
  return R"({"name":"p","roleArn":"r","artifactStore":{"type":"S3","location":"bucket"},)"
         R"("pipelineType":"V2","executionMode":")" +
         mode + R"(","stages":[{"name":"Source","actions":[)" + action("S", 1, "Source") +
         R"(]},{"name":"Build")" + on_failure + R"(,"actions":[)" + action("A", 1, "Approval") +
         "," + action("B", 1, "Approval") + "," + action("C", 2, "Approval") +
         R"(]},{"name":"Last","actions":[)" + action("L", 1, "Approval") + "]}]}";
}

class World {
 public:
  explicit World(const std::string& mode, const std::string& on_failure = "") {
    PipelineRecord pipeline;
    pipeline.account = "1";
    pipeline.region = "r";
    pipeline.name = "p";
    pipeline.declaration = declaration(mode, on_failure);
    key_ = pipeline.key();
    tables_[std::string(kPipelineTable)][key_] = pipeline.to_json();
  }

  std::string start() {
    ExecutionRecord execution;
    change([&](Edit& edit) { add_execution(edit, {"Test", ""}, execution); });
    return execution.id;
  }

  // Names of the actions that are asked for; "wait" or "end".
  std::vector<std::string> next(const std::string& id) {
    std::vector<std::string> names;
    change([&](Edit& edit) {
      auto execution = *edit.execution(id);
      const Step step = next_step(edit, execution);
      if (step.kind == Step::Kind::kWait) names = {"wait"};
      if (step.kind == Step::Kind::kEnd) names = {"end"};
      for (const std::string& run : step.runs) names.push_back(execution.find_run(run)->action);
    });
    return names;
  }

  void settle_all(const std::string& id, const Progress& progress = Success{},
                  const std::string& only = "") {
    change([&](Edit& edit) {
      auto execution = *edit.execution(id);
      for (ActionRun& run : execution.actions) {
        if (run.is_open() && (only.empty() || run.action == only)) settle(run, progress, 1);
      }
      edit.put(execution);
    });
  }

  void change(const std::function<void(Edit&)>& change) {
    const View view(tables_);
    Edit edit(view, PipelineRecord::from_json(tables_[std::string(kPipelineTable)][key_]), ++now_,
              rng_);
    change(edit);
    for (const auto& each : edit.finish()) {
      if (each.record) {
        tables_[each.table][each.key] = *each.record;
      } else {
        tables_[each.table].erase(each.key);
      }
    }
  }

  ExecutionRecord execution(const std::string& id) {
    std::optional<ExecutionRecord> found;
    change([&](Edit& edit) { found = edit.execution(id); });
    return *found;
  }

  std::size_t rows(std::string_view table) { return tables_[std::string(table)].size(); }

 private:
  std::map<std::string, runtime::Catalog::Table, std::less<>> tables_;
  std::string key_;
  WallMillis now_ = 1'000;
  SeededRng rng_{7};
};

const Failure kFailed{"JobFailed", "no", {}};

TEST(NextStep, GoesThroughStagesInTheirOrder) {
  World world("SUPERSEDED");
  const std::string id = world.start();
  EXPECT_THAT(world.next(id), ElementsAre("S"));
  EXPECT_THAT(world.next(id), ElementsAre("S")) << "asked again";
  world.settle_all(id);
  EXPECT_THAT(world.next(id), UnorderedElementsAre("A", "B"));
  world.settle_all(id, Success{}, "A");
  EXPECT_THAT(world.next(id), ElementsAre("B"));
  world.settle_all(id);
  EXPECT_THAT(world.next(id), ElementsAre("C"));
  world.settle_all(id);
  EXPECT_THAT(world.next(id), ElementsAre("L"));
  world.settle_all(id);
  EXPECT_THAT(world.next(id), ElementsAre("end"));
  EXPECT_EQ(world.execution(id).status, "Succeeded");
  EXPECT_EQ(world.rows(kOpenTable), 0u);
}

TEST(NextStep, AFailureEndsTheExecutionWhenItsOrderIsThrough) {
  World world("SUPERSEDED");
  const std::string id = world.start();
  world.next(id);
  world.settle_all(id);
  world.next(id);
  world.settle_all(id, kFailed, "A");
  EXPECT_THAT(world.next(id), ElementsAre("B"));
  world.settle_all(id);
  EXPECT_THAT(world.next(id), ElementsAre("end"));
  const ExecutionRecord ended = world.execution(id);
  EXPECT_EQ(ended.status, "Failed");
  EXPECT_EQ(ended.stages[1].status, "Failed");
  EXPECT_EQ(ended.current("Build", "C"), nullptr);
}

TEST(NextStep, AStageIsTriedAgainByItself) {
  World world(
      "SUPERSEDED",
      R"(,"onFailure":{"result":"RETRY","retryConfiguration":{"retryMode":"FAILED_ACTIONS"}})");
  const std::string id = world.start();
  world.next(id);
  world.settle_all(id);
  world.next(id);
  world.settle_all(id, kFailed, "A");
  world.settle_all(id, Success{}, "B");
  EXPECT_THAT(world.next(id), ElementsAre("A"));
  world.settle_all(id, kFailed);
  EXPECT_THAT(world.next(id), ElementsAre("end"));
  EXPECT_EQ(world.execution(id).status, "Failed");
}

TEST(NextStep, ANewerExecutionSupersedesTheOneThatWaits) {
  World world("SUPERSEDED");
  const std::string first = world.start(), second = world.start(), third = world.start();
  EXPECT_THAT(world.next(first), ElementsAre("S"));
  EXPECT_THAT(world.next(second), ElementsAre("wait"));
  EXPECT_THAT(world.next(third), ElementsAre("wait"));
  EXPECT_THAT(world.next(second), ElementsAre("end"));
  EXPECT_EQ(world.execution(second).status, "Superseded");
  world.settle_all(first);
  world.next(first);
  EXPECT_THAT(world.next(third), ElementsAre("S")) << "the first stage is free";
  world.settle_all(third);
  EXPECT_THAT(world.next(third), ElementsAre("wait")) << "the second is not";
}

TEST(NextStep, AnOlderExecutionGivesWayToANewerOneThatWaits) {
  World world("SUPERSEDED");
  const std::string first = world.start(), second = world.start(), third = world.start();
  world.next(first);
  world.next(third);
  EXPECT_THAT(world.next(second), ElementsAre("end"));
  EXPECT_EQ(world.execution(second).status, "Superseded");
  EXPECT_EQ(world.execution(third).status, "InProgress");
}

TEST(NextStep, QueuedExecutionsGoInAsTheyWereStarted) {
  World world("QUEUED");
  const std::string first = world.start(), second = world.start(), third = world.start();
  world.next(first);
  EXPECT_THAT(world.next(second), ElementsAre("wait"));
  EXPECT_THAT(world.next(third), ElementsAre("wait"));
  world.settle_all(first);
  world.next(first);
  EXPECT_THAT(world.next(third), ElementsAre("wait"));
  EXPECT_THAT(world.next(second), ElementsAre("S"));
  EXPECT_EQ(world.execution(third).status, "InProgress");
}

TEST(NextStep, ParallelExecutionsDoNotMeet) {
  World world("PARALLEL");
  const std::string first = world.start(), second = world.start();
  EXPECT_THAT(world.next(first), ElementsAre("S"));
  EXPECT_THAT(world.next(second), ElementsAre("S"));
}

TEST(NextStep, WaitsBeforeAStageThatIsHeldBack) {
  for (const char* transition : {"Inbound/Build", "Outbound/Source"}) {
    World world("SUPERSEDED");
    const std::string id = world.start();
    world.next(id);
    world.settle_all(id);
    world.change(
        [&](Edit& edit) { edit.pipeline().transitions[transition] = {"why", "me", 1, false}; });
    EXPECT_THAT(world.next(id), ElementsAre("wait")) << transition;
    world.change([&](Edit& edit) { edit.pipeline().transitions[transition].is_enabled = true; });
    EXPECT_THAT(world.next(id), UnorderedElementsAre("A", "B"));
  }
}

TEST(NextStep, AStoppedExecutionLetsItsActionsEnd) {
  World world("SUPERSEDED");
  const std::string id = world.start();
  world.next(id);
  world.change([&](Edit& edit) {
    auto execution = *edit.execution(id);
    execution.is_stopping = true;
    execution.status = "Stopping";
    edit.put(execution);
  });
  EXPECT_THAT(world.next(id), ElementsAre("S"));
  world.settle_all(id);
  EXPECT_THAT(world.next(id), ElementsAre("end"));
  EXPECT_EQ(world.execution(id).status, "Stopped");
}

TEST(NextStep, NothingIsWrittenWhereNothingChanges) {
  World world("SUPERSEDED");
  const std::string first = world.start(), second = world.start();
  world.next(first);
  world.next(second);
  world.change([&](Edit& edit) {
    auto execution = *edit.execution(second);
    next_step(edit, execution);
    EXPECT_THAT(edit.finish(), IsEmpty());
  });
}

TEST(Records, StayWhatTheyAre) {
  World world("QUEUED");
  const std::string id = world.start();
  world.next(id);
  ExecutionRecord execution = world.execution(id);
  ActionRun& run = execution.actions.front();
  run.revision = {"r", "c", "s", "u", 5};
  run.inputs = {{"in", "bucket", "key", "rev"}};
  run.job = {"id", "nonce", "Created", "token", 7, 8};
  run.old_jobs = {"a"};
  run.data = {{"phase", "calling"}};
  run.variables = {{"a", "1"}};
  execution.overrides = {{"S", "COMMIT_ID", "abc"}};
  execution.variables = {{"v", "\"quoted\""}};
  const std::string text = execution.to_json();
  EXPECT_EQ(ExecutionRecord::from_json(text).to_json(), text);
}

}  // namespace
}  // namespace pawl::codepipeline
