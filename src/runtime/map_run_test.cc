#include "runtime/map_run.h"

#include <gtest/gtest.h>

namespace pawl::runtime {
namespace {

MapRunRecord some_record() {
  MapRunRecord record;
  record.parent = {"us-east-1", "000000000000", "m", "e", ""};
  record.arn = make_map_run_arn(record.parent, "Each", "/States/M", 4);
  record.event = 9;
  record.first_event = 4;
  record.start_time = 1'700'000'000'000;
  record.settings = json::Value::trusted(R"({"state":"/States/M"})");
  record.concurrency = 7;
  record.tolerated_count = 3;
  record.tolerated_percentage = 12.5;
  record.cursor = {"120", 30, 10};
  record.items_total = 40;
  record.children_total = 14;
  record.items = {.succeeded = 20, .failed = 4, .timed_out = 1, .aborted = 2};
  record.children = {.succeeded = 6, .failed = 2, .timed_out = 1, .aborted = 1};
  record.open = {{3, 2}, {11, 5}};
  record.ended_ahead = {10, 12};
  record.ending = machine::MapRunEnd::kFailed;
  record.fault = {.error = "E", .cause = std::nullopt};
  return record;
}

TEST(MapRunRow, TellsWhatTheRecordSaid) {
  MapRunRecord record = some_record();
  record.redrive = {.count = 2,
                    .time = 1'700'000'100'000,
                    .waits = true,
                    .cursor = 4,
                    .asked = 9,
                    .end = 10,
                    .ahead = {5, 7},
                    .pending = {.items = 6, .children = 3},
                    .impossible = {.items = 2, .children = 1}};
  const std::string row = encode(record);
  const auto read = decode_map_run(row);
  ASSERT_TRUE(read);
  EXPECT_EQ(encode(*read), row);
  EXPECT_EQ(read->id().shard(), read->parent_id().shard());
  EXPECT_EQ(read->redrive.ahead, record.redrive.ahead);
  EXPECT_EQ(read->open, record.open);
  for (std::size_t length = 0; length < row.size(); ++length) {
    EXPECT_FALSE(decode_map_run(std::string_view(row).substr(0, length))) << length;
  }
}

TEST(MapRunRow, OneOfTheFirstVersionHasSeenNoRedrive) {
  constexpr std::size_t kVersionAt = 4;
  constexpr std::size_t kRedriveBytes = 12;  // of one that never was
  std::string row = encode(some_record());
  row[kVersionAt] = 1;
  row.resize(row.size() - kRedriveBytes);
  const auto read = decode_map_run(row);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->redrive.count, 0);
  EXPECT_EQ(read->first_event, read->event);
  EXPECT_EQ(read->fault.error, "E");
}

TEST(MapRunNames, AnExpressChildIsAnotherInEachGeneration) {
  const MapRunRecord record = some_record();
  machine::MapRunSettings settings;
  EXPECT_EQ(names_of_child(record, settings, 5, 2).execution_arn(),
            names_of_child(record, settings, 5).execution_arn());
  settings.execution_type = asl::MachineType::kExpress;
  const ExecutionNames first = names_of_child(record, settings, 5);
  const ExecutionNames second = names_of_child(record, settings, 5, 1);
  EXPECT_EQ(first.execution, second.execution);
  EXPECT_NE(first.execution_arn(), second.execution_arn());
}

struct Tolerance {
  std::optional<std::int64_t> count;
  double percentage;
  std::uint64_t failed;
  bool all_read;
  bool has_failed;
};

TEST(MapRunRecord, FailsBeyondWhatIsTolerated) {
  for (const Tolerance& one :
       {Tolerance{std::nullopt, 0, 0, true, false}, Tolerance{std::nullopt, 0, 1, false, true},
        Tolerance{2, 0, 2, true, false}, Tolerance{2, 0, 3, false, true},
        Tolerance{std::nullopt, 10, 10, true, false}, Tolerance{std::nullopt, 10, 11, true, true},
        Tolerance{std::nullopt, 10, 11, false, false}, Tolerance{2, 10, 3, false, true}}) {
    MapRunRecord record;
    record.tolerated_count = one.count;
    record.tolerated_percentage = one.percentage;
    record.items.failed = one.failed;
    record.items_total = 100;
    record.all_read = one.all_read;
    EXPECT_EQ(record.has_failed(), one.has_failed) << one.percentage << " " << one.failed;
  }
}

}  // namespace
}  // namespace pawl::runtime
