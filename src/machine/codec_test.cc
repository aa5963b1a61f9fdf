#include "machine/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/crc32c.h"

namespace pawl::machine {
namespace {

using testing::HasSubstr;

json::Value value(std::string text) { return json::Value::trusted(std::move(text)); }

Event event(EventId id, EventId previous, StrandId strand, Event::Body body) {
  return {.id = id,
          .previous = previous,
          .time = 1'700'000'000'000 + id,
          .strand = strand,
          .body = std::move(body)};
}

TaskScheduled full_task() {
  return {.kind = TaskKind::kService,
          .resource = "sendMessage.waitForTaskToken",
          .resource_type = "sqs",
          .region = "eu-west-1",
          .parameters = value(R"({"QueueUrl": "u"})"),
          .timeout_seconds = 600,
          .heartbeat_seconds = 5,
          .credentials_role_arn = "arn:aws:iam::1:role/other",
          .retry_count = 2,
          .timeout_at = 1'700'000'600'000};
}

// One event of every kind, every optional part present.
std::vector<Event> every_kind() {
  const Fault fault{.error = "E", .cause = "C"};
  std::vector<Event> events;
  EventId id = 0;
  const auto visible = [&](Event::Body body) {
    ++id;
    events.push_back(event(id, id / 2, static_cast<StrandId>(id % 3), std::move(body)));
  };
  const auto hidden = [&](Event::Body body) {
    Event made = event(0, 0, 7, std::move(body));
    made.time = 1'700'000'000'000 + id;
    events.push_back(std::move(made));
  };
  visible(ExecutionStarted{value("{}"), "role", "/States/A", 1'700'000'100'000});
  visible(StateEntered{StateType::kTask, "A~B/c", "/States/A~0B~1c", value("{}")});
  visible(full_task());
  visible(TaskStarted{TaskKind::kService, 3, "sendMessage.waitForTaskToken", "sqs", "worker"});
  visible(TaskSubmitted{3, "sendMessage.waitForTaskToken", "sqs", value("1")});
  visible(TaskSucceeded{TaskKind::kService, 3, "other", "lambda", value("2")});
  visible(TaskFailed{TaskKind::kActivity, TaskFailure::kTimedOut, 3, "r", "t", fault, true});
  visible(StateExited{StateType::kTask, "A", value("[1, 2]"), value(R"({"x":1})"), "/States/B"});
  visible(StateAborted{StateType::kWait});
  visible(ParallelStarted{{"/States/P/Branches/0/States/X", "/States/P/Branches/1/States/Y"},
                          value("{}")});
  visible(MapStarted{value("[1,2]"), 2, 40, "/States/M/ItemProcessor/States/Z"});
  visible(MapIterationStarted{"M", 0, 5, value("1")});
  visible(MapIterationEnded{MapIterationEnd::kAborted, "M", 0, 5});
  visible(ContainerSucceeded{StateType::kMap, value("[1,2]")});
  visible(ContainerFailed{StateType::kParallel});
  visible(EvaluationFailed{fault, "Output/x", "A"});
  hidden(WaitStarted{1'700'000'123'456});
  hidden(RetryScheduled{3, 1'700'000'000'001});
  hidden(FaultRaised{fault, 7, 5, true});
  hidden(ExecutionForked{value("{}"), 3, 1'700'000'200'000});
  visible(ExecutionRedriven{2, 1'700'000'200'000});
  visible(ExecutionSucceeded{value("[1,2]")});
  visible(ExecutionFailed{Fault{}});
  visible(ExecutionAborted{Fault{.error = "only", .cause = std::nullopt}});
  visible(ExecutionTimedOut{Fault{.error = std::nullopt, .cause = "only"}});
  return events;
}

TEST(EventCodec, EveryKindSurvives) {
  const std::vector<Event> events = every_kind();
  const std::string record = encode_events(events);
  const auto decoded = decode_events(record);
  ASSERT_TRUE(decoded.ok()) << decoded.error().message;
  ASSERT_EQ(decoded->size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ((*decoded)[i].id, events[i].id) << i;
    EXPECT_EQ((*decoded)[i].previous, events[i].previous) << i;
    EXPECT_EQ((*decoded)[i].time, events[i].time) << i;
    EXPECT_EQ((*decoded)[i].strand, events[i].strand) << i;
    EXPECT_EQ((*decoded)[i].body.index(), events[i].body.index()) << i;
  }
  // Every field takes part in the record, so equal records mean equal events.
  EXPECT_EQ(encode_events(*decoded), record);
}

TEST(EventCodec, FieldsComeBack) {
  const auto decoded = decode_events(encode_events(every_kind()));
  ASSERT_TRUE(decoded.ok());
  const auto& task = std::get<TaskScheduled>((*decoded)[2].body);
  const TaskScheduled expected = full_task();
  EXPECT_EQ(task.kind, expected.kind);
  EXPECT_EQ(task.resource, expected.resource);
  EXPECT_EQ(task.resource_type, expected.resource_type);
  EXPECT_EQ(task.region, expected.region);
  EXPECT_EQ(task.parameters.text(), R"({"QueueUrl": "u"})");
  EXPECT_EQ(task.timeout_seconds, expected.timeout_seconds);
  EXPECT_EQ(task.heartbeat_seconds, expected.heartbeat_seconds);
  EXPECT_EQ(task.credentials_role_arn, expected.credentials_role_arn);
  EXPECT_EQ(task.retry_count, 2);
  EXPECT_EQ(task.timeout_at, expected.timeout_at);
  const auto& entered = std::get<StateEntered>((*decoded)[1].body);
  EXPECT_EQ(entered.name, "A~B/c");
  EXPECT_EQ(entered.pointer, "/States/A~0B~1c");
  const auto& failed = std::get<TaskFailed>((*decoded)[6].body);
  EXPECT_TRUE(failed.heartbeat);
  EXPECT_EQ(failed.fault, (Fault{.error = "E", .cause = "C"}));
  EXPECT_EQ(std::get<WaitStarted>((*decoded)[16].body).due, 1'700'000'123'456);
}

TEST(EventCodec, EqualPayloadsAreOneDocument) {
  const std::string big(10'000, 'x');
  std::vector<Event> events;
  for (EventId id = 1; id <= 20; ++id) {
    events.push_back(
        event(id, id - 1, static_cast<StrandId>(id),
              StateExited{StateType::kPass, "P", value('"' + big + '"'), std::nullopt, ""}));
  }
  const std::string record = encode_events(events);
  EXPECT_LT(record.size(), big.size() + 400);
  const auto decoded = decode_events(record);
  ASSERT_TRUE(decoded.ok());
  const auto& first = std::get<StateExited>(decoded->front().body).output;
  const auto& last = std::get<StateExited>(decoded->back().body).output;
  EXPECT_TRUE(first.same_document(last));
}

TEST(EventCodec, EmptyRecord) {
  const auto decoded = decode_events(encode_events({}));
  ASSERT_TRUE(decoded.ok());
  EXPECT_TRUE(decoded->empty());
}

std::string resealed(std::string record) {
  record.resize(record.size() - 4);
  put_big_endian_32(record, crc32c(record));
  return record;
}

TEST(EventCodec, RefusesWhatItDoesNotKnow) {
  const std::string record = encode_events(every_kind());
  EXPECT_THAT(decode_events("").error().message, HasSubstr("too short"));
  std::string newer = record;
  newer[0] = 9;
  EXPECT_THAT(decode_events(resealed(newer)).error().message, HasSubstr("version 9 is not known"));
  std::string damaged = record;
  damaged[record.size() / 2] ^= 1;
  EXPECT_THAT(decode_events(damaged).error().message, HasSubstr("checksum"));
  // A kind of a newer build: 31 has no meaning yet.
  std::string unknown_kind = record.substr(0, 1) + '\x01' + '\x02' + '\0' + '\x1f' + "0000";
  EXPECT_THAT(decode_events(resealed(unknown_kind)).error().message, HasSubstr("malformed"));
}

TEST(EventCodec, DamageThatTheChecksumMissesNeverCrashes) {
  const std::string record = encode_events(every_kind());
  for (std::size_t at = 1; at + 4 < record.size(); ++at) {
    for (const char bits : {'\x01', '\x40', '\x7f', '\xff'}) {
      std::string damaged = record;
      damaged[at] = static_cast<char>(damaged[at] ^ bits);
      (void)decode_events(resealed(damaged));
    }
    (void)decode_events(resealed(record.substr(0, at) + "0000"));
  }
}

std::string from_hex(std::string_view digits) {
  std::string bytes;
  unsigned value = 0;
  int held = 0;
  for (const char digit : digits) {
    if (digit == ' ') continue;
    value = value * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    if (++held % 2 == 0) bytes.push_back(static_cast<char>(std::exchange(value, 0U)));
  }
  return bytes;
}

// The worked example of docs/formats/events.md: these bytes are read for ever.
TEST(EventCodec, WorkedExample) {
  const WallMillis start = 1'700'000'000'000;
  const json::Value input = value("{}");
  const std::vector<Event> first{
      {.id = 1,
       .previous = 0,
       .time = start,
       .strand = 0,
       .body = ExecutionStarted{input, "arn:aws:iam::1:role/r", "/States/Rest", std::nullopt}},
      {.id = 2,
       .previous = 0,
       .time = start,
       .strand = 0,
       .body = StateEntered{StateType::kWait, "Rest", "/States/Rest", input}},
      {.id = 0, .previous = 0, .time = start, .strand = 0, .body = WaitStarted{start + 30'000}}};
  EXPECT_EQ(encode_events(first),
            from_hex("01 03 02 80a0abfef962 01 0100027b7d"
                     "01001561726e3a6177733a69616d3a3a313a726f6c652f72"
                     "01000c2f5374617465732f52657374 00 06 04 000000 15 e0d403 9af7bc54"));
  const std::vector<Event> second{
      {.id = 3,
       .previous = 2,
       .time = start + 30'004,
       .strand = 0,
       .body = StateExited{StateType::kWait, "Rest", input, std::nullopt, ""}},
      {.id = 4,
       .previous = 3,
       .time = start + 30'004,
       .strand = 0,
       .body = ExecutionSucceeded{input}}};
  EXPECT_EQ(encode_events(second), from_hex("01 02 06 e8f4aefef962 87 02 04 01000452657374"
                                            "0100027b7d 00 00 02 00 ab4ff089"));
}

// A run that is all passing on: nothing is written twice (decision D19's budget).
TEST(EventCodec, TenPassStatesAreSmall) {
  std::vector<Event> events;
  const json::Value input = value("{}");
  EventId id = 0;
  const auto add = [&](EventId previous, Event::Body body) {
    ++id;
    Event made = event(id, previous, 0, std::move(body));
    made.time = 1'700'000'000'000;
    events.push_back(std::move(made));
  };
  add(0, ExecutionStarted{input, "arn:aws:iam::000000000000:role/service-role/machine",
                          "/States/Pass1", std::nullopt});
  for (int state = 1; state <= 10; ++state) {
    const std::string name = "Pass" + std::to_string(state);
    const std::string next = state == 10 ? "" : "/States/Pass" + std::to_string(state + 1);
    add(state == 1 ? 0 : id, StateEntered{StateType::kPass, name, "/States/" + name, input});
    add(id, StateExited{StateType::kPass, name, input, std::nullopt, next});
  }
  add(id, ExecutionSucceeded{input});
  EXPECT_LE(encode_events(events).size(), 260u);
}

}  // namespace
}  // namespace pawl::machine
