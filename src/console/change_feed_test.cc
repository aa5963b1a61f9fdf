// What watchers hear, and what they cost.
#include "console/change_feed.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <utility>
#include <vector>

namespace pawl::console {
namespace {

using runtime::BodyError;
using runtime::BodySource;

constexpr std::string_view kReady = "retry: 2000\nevent: ready\ndata: {}\n\n";

machine::Identity identity_of(const std::string& machine, const std::string& name) {
  return {
      .execution_arn = "arn:aws:states:us-east-1:000000000000:execution:" + machine + ":" + name,
      .execution_name = name,
      .state_machine_arn = "arn:aws:states:us-east-1:000000000000:stateMachine:" + machine,
      .state_machine_name = machine,
      .role_arn = {},
      .region = "us-east-1"};
}

machine::Event event(machine::EventId id, machine::Event::Body body) {
  return {.id = id, .previous = 0, .time = 1'000 * id + 5, .strand = 0, .body = std::move(body)};
}

std::vector<machine::Event> begin() {
  std::vector<machine::Event> events;
  events.push_back(
      event(1, machine::ExecutionStarted{
                   .input = {}, .role_arn = {}, .start_pointer = {}, .timeout_at = {}}));
  return events;
}

std::vector<machine::Event> end(machine::EventId id) {
  std::vector<machine::Event> events;
  events.push_back(event(id, machine::ExecutionSucceeded{.output = {}}));
  return events;
}

// As a step of the engine does it: prepared first, handed over when it is durable.
void take_step(const runtime::ExecutionLog& log, const machine::Identity& identity,
               const std::vector<machine::Event>& events) {
  if (const auto deliver = log.prepare(identity, 0, events)) deliver();
}

Result<std::string, BodyError> read(BodySource& source, std::size_t count = 1u << 20) {
  std::promise<Result<std::string, BodyError>> answer;
  source.read(count, [&](Result<std::string, BodyError> piece) { answer.set_value(piece); });
  return answer.get_future().get();
}

FeedOptions quick() {
  FeedOptions options;
  options.interval = std::chrono::milliseconds(1);
  return options;
}

std::string line(const std::string& machine, const std::string& name, const std::string& rest) {
  return "event: change\ndata: {\"executionArn\":"
         "\"arn:aws:states:us-east-1:000000000000:execution:" +
         machine + ":" + name +
         "\",\"stateMachineArn\":\"arn:aws:states:us-east-1:000000000000:stateMachine:" + machine +
         "\",\"name\":\"" + name + "\"," + rest + "}\n\n";
}

TEST(ChangeFeed, TellsWhatItsWatcherAskedFor) {
  const machine::Identity a = identity_of("m", "a");
  const machine::Identity b = identity_of("m", "b");
  const machine::Identity c = identity_of("n", "c");
  const std::string begun = R"("status":"RUNNING","lastEventId":1,"date":1.005,"startDate":1.005)";
  const struct {
    Topic topic;
    std::string expected;
  } cases[] = {
      {{}, line("m", "a", begun) + line("m", "b", begun) + line("n", "c", begun)},
      {{.execution_arn = {}, .state_machine_arn = a.state_machine_arn},
       line("m", "a", begun) + line("m", "b", begun)},
      {{.execution_arn = b.execution_arn, .state_machine_arn = {}}, line("m", "b", begun)},
  };
  for (const auto& row : cases) {
    ChangeFeed feed(quick());
    const auto log = feed.log();
    const auto source = feed.watch(row.topic);
    for (const auto* identity : {&a, &b, &c}) take_step(*log, *identity, begin());
    EXPECT_EQ(read(*source).value(), kReady);
    EXPECT_EQ(read(*source).value(), row.expected);
  }
}

TEST(ChangeFeed, TellsOfResourcesByName) {
  const auto told = [](const std::string& resource, const std::string& name) {
    return "event: resource\ndata: {\"resource\":\"" + resource + "\",\"name\":\"" + name +
           "\"}\n\n";
  };
  const struct {
    std::string_view resource;
    std::string name;
    std::string expected;
  } cases[] = {
      {"stack", "", told("stack", "a") + told("stack", "b")},
      {"stack", "b", told("stack", "b")},
      {"pipeline", "", told("pipeline", "a")},
      {"mapRun", "arn", told("mapRun", "arn")},
  };
  for (const auto& row : cases) {
    ChangeFeed feed(quick());
    const auto source = feed.watch({.execution_arn = {},
                                    .state_machine_arn = {},
                                    .resource = resource_of(row.resource),
                                    .name = row.name});
    for (const char* name : {"b", "a", "b"}) feed.touch(Resource::kStack, name);
    feed.touch(Resource::kPipeline, "a");
    feed.touch(Resource::kMapRun, "arn");
    take_step(*feed.log(), identity_of("m", "a"), begin());
    EXPECT_EQ(read(*source).value(), kReady);
    EXPECT_EQ(read(*source).value(), row.expected) << row.resource;
  }
}

TEST(ChangeFeed, WhoWatchesExecutionsHearsOfThemOnly) {
  ChangeFeed feed(quick());
  const auto source = feed.watch({});
  feed.touch(Resource::kStack, "a");
  take_step(*feed.log(), identity_of("m", "a"), end(2));
  EXPECT_EQ(read(*source).value(), kReady);
  EXPECT_EQ(read(*source).value(),
            line("m", "a", R"("status":"SUCCEEDED","lastEventId":2,"date":2.005)"));
}

TEST(ChangeFeed, PutsChangesOfOneExecutionTogether) {
  ChangeFeed feed(quick());
  const auto source = feed.watch({});
  const machine::Identity a = identity_of("m", "a");
  take_step(*feed.log(), a, begin());
  take_step(*feed.log(), a, end(12));
  EXPECT_EQ(read(*source).value(), kReady);
  EXPECT_EQ(
      read(*source).value(),
      line("m", "a", R"("status":"SUCCEEDED","lastEventId":12,"date":12.005,"startDate":1.005)"));
}

TEST(ChangeFeed, SaysWhenThereWereTooMany) {
  FeedOptions options = quick();
  options.changes_max = 1;
  ChangeFeed feed(options);
  const auto source = feed.watch({});
  take_step(*feed.log(), identity_of("m", "a"), end(2));
  take_step(*feed.log(), identity_of("m", "b"), end(2));
  EXPECT_EQ(read(*source).value(), kReady);
  EXPECT_EQ(read(*source).value(),
            "event: missed\ndata: {}\n\n" +
                line("m", "a", R"("status":"SUCCEEDED","lastEventId":2,"date":2.005)"));
}

TEST(ChangeFeed, GivesNoMoreBytesThanAsked) {
  ChangeFeed feed(quick());
  const auto source = feed.watch({});
  std::string text;
  while (text.size() < kReady.size()) {
    const std::string piece = read(*source, 7).value();
    ASSERT_LE(piece.size(), 7u);
    text += piece;
  }
  EXPECT_EQ(text, kReady);
}

TEST(ChangeFeed, BeatsWhileNothingHappens) {
  FeedOptions options = quick();
  options.heartbeat = std::chrono::milliseconds(1);
  ChangeFeed feed(options);
  const auto source = feed.watch({});
  EXPECT_EQ(read(*source).value(), kReady);
  EXPECT_EQ(read(*source).value(), ": still here\n\n");
}

TEST(ChangeFeed, HidesWhatHasNoPage) {
  ChangeFeed feed(quick());
  const auto source = feed.watch({});
  machine::Identity express = identity_of("m", "a");
  express.kind = machine::Identity::Kind::kExpress;
  machine::Identity internal = identity_of("m", "a");
  internal.execution_arn = "arn:aws:states:us-east-1:pawl:execution:m:a";
  EXPECT_FALSE(feed.log()->prepare(express, 0, begin()));
  EXPECT_FALSE(feed.log()->prepare(internal, 0, begin()));
  EXPECT_TRUE(feed.log()->prepare(identity_of("m", "a"), 0, begin()));
}

TEST(ChangeFeed, DoesNothingWhileNobodyWatches) {
  ChangeFeed feed(quick());
  EXPECT_FALSE(feed.log()->prepare(identity_of("m", "a"), 0, begin()));
  const auto source = feed.watch({});
  EXPECT_TRUE(feed.log()->prepare(identity_of("m", "a"), 0, begin()));
}

TEST(ChangeFeed, TakesSoManyWatchersAndNoMore) {
  FeedOptions options = quick();
  options.watchers_max = 2;
  ChangeFeed feed(options);
  auto first = feed.watch({});
  const auto second = feed.watch({});
  EXPECT_EQ(feed.watch({}), nullptr);
  first.reset();
  EXPECT_EQ(feed.watchers(), 1u);
  EXPECT_NE(feed.watch({}), nullptr);
}

TEST(ChangeFeed, EndsItsStreamsWhenItStops) {
  auto feed = std::make_unique<ChangeFeed>(quick());
  const auto source = feed->watch({});
  const auto log = feed->log();
  EXPECT_TRUE(read(*source).ok());
  std::promise<bool> ended;
  source->read(100, [&](Result<std::string, BodyError> piece) { ended.set_value(!piece.ok()); });
  feed.reset();
  EXPECT_TRUE(ended.get_future().get());
  EXPECT_FALSE(read(*source).ok());
  take_step(*log, identity_of("m", "a"), begin());
}

}  // namespace
}  // namespace pawl::console
