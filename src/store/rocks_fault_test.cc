// Writes and syncs that fail, and processes that die: nothing that was acknowledged is lost, and
// nothing that failed is acknowledged.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/bytes.h"
#include "store/fault_file_system.h"
#include "store/numbered_batches.h"
#include "store/rocks_database.h"
#include "store/rocks_store.h"
#include "store/test_directory.h"

extern char** environ;

namespace pawl::store {
namespace {

using Operation = FaultFileSystem::Operation;
using testing::HasSubstr;

struct FaultCase {
  std::string name;
  Operation operation;
  std::string suffix;
  rocksdb::IOStatus error;
};

class RocksFault : public testing::TestWithParam<FaultCase> {};

TEST_P(RocksFault, IsFatalAndAcknowledgesNothing) {
  Tuning small;  // so that tables are written soon
  small.state.memtable_bytes = small.history.memtable_bytes = 64 << 10;
  for (const int nth : {1, 2, 7}) {
    const TestDirectory directory;
    const auto system = std::make_shared<FaultFileSystem>();
    Writer writer;
    RocksOptions options;
    options.directory = directory.path();
    options.file_system = system;
    options.fatal = [&writer](const std::string& message) { writer.fatal(message); };
    auto store = open_rocks_store(options, small).value();
    for (int number = 1; number <= 20; ++number) {
      writer.write(*store, number);
      ASSERT_TRUE(writer.committed(number));
    }
    system->fail(GetParam().operation, GetParam().suffix, nth, GetParam().error);
    int number = 20;
    do writer.write(*store, ++number, 10'000);
    while (writer.committed(number));
    EXPECT_THAT(writer.fatal_message(), HasSubstr(GetParam().error.getState()));
    writer.write(*store, number + 1);
    store.reset();
    EXPECT_LE(writer.last_committed(), number);  // what comes after the failure is not answered

    system->heal();
    system->lose_unsynced();
    const auto reopened = open_rocks_store(options);
    ASSERT_TRUE(reopened) << reopened.error().message;
    EXPECT_EQ(last_number(**reopened), writer.last_committed());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, RocksFault,
    testing::Values(FaultCase{"FullDiskInTheLog", Operation::kWrite, ".log",
                              rocksdb::IOStatus::NoSpace("no space left")},
                    FaultCase{"FailedWriteOfTheLog", Operation::kWrite, ".log",
                              rocksdb::IOStatus::IOError("input/output error")},
                    FaultCase{"FailedSyncOfTheLog", Operation::kSync, ".log",
                              rocksdb::IOStatus::IOError("input/output error")},
                    FaultCase{"FailedWriteOfATable", Operation::kWrite, ".sst",
                              rocksdb::IOStatus::IOError("input/output error")},
                    FaultCase{"FailedSyncOfATable", Operation::kSync, ".sst",
                              rocksdb::IOStatus::IOError("input/output error")}),
    [](const auto& fault) { return fault.param.name; });

// A table that finds no space is written again; commits wait as long as the memtables are full.
TEST(RocksSpace, ATableThatFindsNoSpaceIsWrittenWhenThereIsSome) {
  Tuning small;
  small.state.memtable_bytes = small.history.memtable_bytes = 64 << 10;
  const TestDirectory directory;
  const auto system = std::make_shared<FaultFileSystem>();
  Writer writer;
  std::atomic<int> notices = 0;
  RocksOptions options;
  options.directory = directory.path();
  options.file_system = system;
  options.fatal = [&writer](const std::string& message) { writer.fatal(message); };
  options.notice = [&notices](const std::string& message) {
    EXPECT_THAT(message, HasSubstr("disk is full"));
    ++notices;
    notices.notify_all();
  };
  auto store = open_rocks_store(options, small).value();
  system->fail(Operation::kWrite, ".sst", 1, rocksdb::IOStatus::NoSpace("no space left"));
  int number = 0;
  while (notices == 0 && writer.fatal_message().empty()) {
    writer.write(*store, ++number, 10'000);
    ::usleep(1000);
  }
  ASSERT_EQ(writer.fatal_message(), "");
  // More than the memtables hold.
  for (const int last = number + 200; number < last;) writer.write(*store, ++number, 10'000);
  EXPECT_LT(writer.last_committed(), number);
  system->heal();
  EXPECT_TRUE(writer.committed(number)) << writer.fatal_message();
  EXPECT_EQ(notices, 1);
  store.reset();
  EXPECT_EQ(last_number(*open_rocks_store(options).value()), number);
}

// Commits wait for space instead of failing, and then go on.
TEST(RocksSpace, ALittleSpaceRefusesNewWorkAndNoneMakesCommitsWait) {
  const TestDirectory directory;
  std::atomic<std::uint64_t> free_bytes = 1000;
  std::atomic<int> asked = 0;
  RocksOptions options;
  options.directory = directory.path();
  options.free_space_floor_bytes = 1000;
  options.free_bytes = [&] {
    ++asked;
    return free_bytes.load();
  };
  Writer writer;
  const auto store = open_rocks_store(options).value();
  EXPECT_TRUE(store->has_space());

  free_bytes = 999;
  EXPECT_FALSE(store->has_space());
  writer.write(*store, 1);
  EXPECT_TRUE(writer.committed(1));

  free_bytes = 249;
  writer.write(*store, 2);
  for (const int before = asked; asked < before + 3;) std::this_thread::yield();
  EXPECT_EQ(writer.last_committed(), 1);
  EXPECT_EQ(last_number(*store), 1);

  free_bytes = 1000;
  EXPECT_TRUE(writer.committed(2));
  EXPECT_TRUE(store->has_space());
  EXPECT_EQ(last_number(*store), 2);
}

TEST(RocksSpace, AStoreThatWaitsForSpaceCanBeClosed) {
  const TestDirectory directory;
  RocksOptions options;
  options.directory = directory.path();
  options.free_bytes = [] { return std::uint64_t{0}; };
  Writer writer;
  auto store = open_rocks_store(options).value();
  writer.write(*store, 1);
  store.reset();
  EXPECT_EQ(writer.last_committed(), 0);
  options.free_bytes = {};
  EXPECT_EQ(last_number(*open_rocks_store(options).value()), 0);
}

// The child of the tests below: writes until it is killed and says which batches were acknowledged.
// Run by name in a process of its own, because a fork would have none of RocksDB's threads.
constexpr const char* kChildDirectory = "PAWL_STORE_TEST_DIRECTORY";
constexpr int kChildOutput = 3;

TEST(RocksCrash, DISABLED_Child) {
  const char* directory = std::getenv(kChildDirectory);
  ASSERT_NE(directory, nullptr);
  RocksOptions options;
  options.directory = directory;
  const auto store = open_rocks_store(options).value();
  std::vector<std::thread> threads;
  for (ShardId shard = 0; shard < 4; ++shard) {
    threads.emplace_back([&store, shard] {
      for (std::uint32_t number = 1;; ++number) {
        Batch batch;
        std::string key;
        put_big_endian_32(key, number);
        batch.put(Space::kState, key, std::string(50, 'x'));
        batch.put(Space::kHistory, key, std::string(500, 'x'));
        store->commit(shard, std::move(batch), [shard, number](Outcome) {
          std::string line;
          put_big_endian_16(line, shard);
          put_big_endian_32(line, number);
          if (::write(kChildOutput, line.data(), line.size()) != 6) std::_Exit(1);
        });
        if (number % 64 == 0) ::usleep(1000);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// A child process and the acknowledgements it reports.
class Child {
 public:
  explicit Child(const std::string& directory) {
    int ends[2];
    ENSURE(::pipe2(ends, O_CLOEXEC) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], kChildOutput);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::setenv(kChildDirectory, directory.c_str(), 1);
    std::string arguments[] = {"store_test", "--gtest_filter=RocksCrash.DISABLED_Child",
                               "--gtest_also_run_disabled_tests", "--gtest_brief=1"};
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ENSURE(::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { ::close(output_); }

  void kill_and_wait() {
    ::kill(pid_, SIGKILL);
    int status = 0;
    ::waitpid(pid_, &status, 0);
  }
  std::string read_some() {
    char buffer[4096];
    const ssize_t count = ::read(output_, buffer, sizeof buffer);
    return std::string(buffer, count > 0 ? static_cast<std::size_t>(count) : 0);
  }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
};

// Numbers of a shard's rows; they must be 1, 2, 3 ... in both spaces.
std::uint32_t last_number_of_shard(const Store& store, ShardId shard) {
  std::uint32_t last[2] = {0, 0};
  for (const Space space : {Space::kState, Space::kHistory}) {
    std::uint32_t& number = last[static_cast<std::size_t>(space)];
    store.scan(shard, space, "", "", Store::Direction::kForward,
               [&](std::string_view key, std::string_view) {
                 EXPECT_EQ(ByteReader(key).big_endian_32(), ++number);
                 return true;
               });
  }
  EXPECT_EQ(last[0], last[1]);
  return last[0];
}

TEST(RocksCrash, AKilledProcessLosesNothingItAcknowledged) {
  for (std::size_t round = 0; round < 10; ++round) {
    const TestDirectory directory;
    Child child(directory.path());
    std::string output;
    while (output.size() < 6 * (100 + 300 * round)) {
      const std::string more = child.read_some();
      ASSERT_FALSE(more.empty()) << "the child ended by itself";
      output += more;
    }
    child.kill_and_wait();
    for (std::string more = child.read_some(); !more.empty(); more = child.read_some()) {
      output += more;
    }
    std::map<ShardId, std::uint32_t> acknowledged;
    for (ByteReader reader(output); reader.rest().size() >= 6;) {
      const ShardId shard = reader.big_endian_16();
      ASSERT_EQ(reader.big_endian_32(), ++acknowledged[shard]);
    }
    RocksOptions options;
    options.directory = directory.path();
    const auto store = open_rocks_store(options);
    ASSERT_TRUE(store) << store.error().message;
    for (ShardId shard = 0; shard < 4; ++shard) {
      EXPECT_GE(last_number_of_shard(**store, shard), acknowledged[shard]);
    }
  }
}

}  // namespace
}  // namespace pawl::store
