// What RocksStore promises beyond the contract: the lock, the format, and damage found at the door.
#include "store/rocks_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "store/data_directory.h"
#include "store/test_directory.h"

namespace pawl::store {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

class RocksStoreTest : public testing::Test {
 protected:
  RocksOptions options() {
    RocksOptions options;
    options.directory = directory_.path() + "/data";
    options.notice = [this](const std::string& message) { notices_.push_back(message); };
    options.fatal = [this](const std::string& message) { fatals_.push_back(message); };
    return options;
  }

  void open() {
    auto opened = open_rocks_store(options());
    ASSERT_TRUE(opened) << opened.error().message;
    store_ = std::move(opened).value();
  }

  // What opening says; it must fail.
  std::string refusal() {
    const auto opened = open_rocks_store(options());
    return opened ? "it opened" : opened.error().message;
  }

  Outcome put(std::string key, std::string value) {
    Batch batch;
    batch.put(Space::kState, std::move(key), std::move(value));
    std::promise<Outcome> outcome;
    store_->commit(7, std::move(batch), [&outcome](Outcome result) { outcome.set_value(result); });
    return outcome.get_future().get();
  }

  Lines rows() const {
    Lines found;
    store_->scan(7, Space::kState, "", "", Store::Direction::kForward,
                 [&](std::string_view key, std::string_view value) {
                   found.push_back(std::string(key) + "=" + std::string(value));
                   return true;
                 });
    return found;
  }

  std::string newest_file(const std::string& extension) const {
    std::string newest;
    for (const auto& entry : fs::directory_iterator(directory_.path() + "/data/rocks")) {
      if (entry.path().extension() == extension) {
        newest = std::max(newest, entry.path().string());
      }
    }
    EXPECT_FALSE(newest.empty());
    return newest;
  }

  void edit(const std::string& path, const std::function<void(std::string&)>& change) {
    std::string bytes = read_file(path).value();
    change(bytes);
    ASSERT_TRUE(write_file(path, bytes));
  }

  // Changes one byte in the middle of where `text` stands.
  void damage(const std::string& path, const std::string& text) {
    edit(path, [&](std::string& bytes) {
      const std::size_t at = bytes.find(text);
      ASSERT_NE(at, std::string::npos) << text << " is not in " << path;
      bytes[at + text.size() / 2] ^= 0x20;
    });
  }

  std::string data(const std::string& name) const { return directory_.path() + "/data/" + name; }

  TestDirectory directory_;
  std::unique_ptr<Store> store_;
  Lines notices_;
  Lines fatals_;
};

TEST_F(RocksStoreTest, TheDirectoryIsLocked) {
  open();
  EXPECT_THAT(refusal(), AllOf(HasSubstr(directory_.path() + "/data"), HasSubstr("in use"),
                               HasSubstr("pid " + std::to_string(::getpid()))));
  store_.reset();
  open();
}

// As a server that is killed between fork and exec: its child has the lock as well.
TEST_F(RocksStoreTest, WhatADeadServerLeftBehindIsWaitedFor) {
  int open_until_told[2];
  ASSERT_EQ(::pipe(open_until_told), 0);
  const pid_t server = ::fork();
  ASSERT_GE(server, 0);
  if (server == 0) {
    auto locked = DataDirectory::open(directory_.path() + "/data");
    if (!locked.ok()) ::_exit(1);
    ::close(open_until_told[1]);
    if (::fork() == 0) {
      char told;
      std::ignore = ::read(open_until_told[0], &told, 1);
    }
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(server, &status, 0), server);
  ASSERT_EQ(status, 0);
  std::thread teller([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    ::close(open_until_told[1]);
  });
  open();
  teller.join();
  ::close(open_until_told[0]);
}

TEST_F(RocksStoreTest, ADirectoryThatCannotBeMadeIsNamed) {
  ASSERT_TRUE(write_file(directory_.path() + "/data", "a file"));
  EXPECT_THAT(refusal(), HasSubstr(directory_.path() + "/data"));
}

TEST_F(RocksStoreTest, TheMetaFileSaysWhatTheStoreIs) {
  open();
  const auto meta = parse_meta(read_file(data("meta")).value());
  ASSERT_TRUE(meta) << meta.error().message;
  EXPECT_EQ(meta->format, 1u);
  EXPECT_EQ(meta->shards, 64u);
  EXPECT_EQ(meta->hash, "sha256-byte-0");
  EXPECT_EQ(meta->store_id.size(), 36u);
}

TEST_F(RocksStoreTest, ANewerFormatIsRefused) {
  open();
  store_.reset();
  StoreMeta meta = parse_meta(read_file(data("meta")).value()).value();
  meta.format = 2;
  ASSERT_TRUE(write_file(data("meta"), print_meta(meta)));
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr(directory_.path()), HasSubstr("format 2"), HasSubstr("format 1")));
}

TEST_F(RocksStoreTest, OtherShardsOrAnotherHashAreRefused) {
  open();
  store_.reset();
  const StoreMeta meta = parse_meta(read_file(data("meta")).value()).value();
  StoreMeta other = meta;
  other.shards = 128;
  ASSERT_TRUE(write_file(data("meta"), print_meta(other)));
  EXPECT_THAT(refusal(), AllOf(HasSubstr("128 shards"), HasSubstr("64")));
  other = meta;
  other.hash = "another";
  ASSERT_TRUE(write_file(data("meta"), print_meta(other)));
  EXPECT_THAT(refusal(), HasSubstr("\"another\""));
}

TEST_F(RocksStoreTest, EveryChangedByteOfTheMetaFileIsFound) {
  open();
  store_.reset();
  const std::string meta = read_file(data("meta")).value();
  for (std::size_t at = 0; at < meta.size(); ++at) {
    std::string changed = meta;
    changed[at] ^= 0x01;
    EXPECT_FALSE(parse_meta(changed)) << changed;
  }
}

TEST_F(RocksStoreTest, AMissingPartIsRefusedAndNamed) {
  open();
  store_.reset();
  fs::rename(data("meta"), data("meta.away"));
  EXPECT_THAT(refusal(), HasSubstr(data("meta") + " is missing"));
  fs::rename(data("meta.away"), data("meta"));
  fs::rename(data("rocks"), data("rocks.away"));
  EXPECT_THAT(refusal(), HasSubstr(data("rocks") + " is missing"));
}

TEST_F(RocksStoreTest, AStoreThatWasBeingMadeIsMadeAgain) {
  open();
  ASSERT_EQ(put("a", "1"), Outcome::kCommitted);
  store_.reset();
  // The crash came before the last rename.
  fs::rename(data("rocks"), data("rocks.new"));
  open();
  EXPECT_THAT(rows(), ElementsAre("a=1"));
  store_.reset();
  // The crash came before `meta` was there: nobody can have written anything.
  fs::rename(data("rocks"), data("rocks.new"));
  fs::remove(data("meta"));
  open();
  EXPECT_THAT(rows(), ElementsAre());
}

TEST_F(RocksStoreTest, ATornTailIsCut) {
  open();
  for (const std::string key : {"a", "b", "c"}) ASSERT_EQ(put(key, "1"), Outcome::kCommitted);
  store_.reset();
  const std::string wal = newest_file(".log");
  edit(wal, [](std::string& bytes) { bytes.resize(bytes.size() - 3); });
  open();
  EXPECT_THAT(rows(), ElementsAre("a=1", "b=1"));
  EXPECT_THAT(notices_, ElementsAre(AllOf(HasSubstr(wal), HasSubstr("never acknowledged"))));
  ASSERT_EQ(put("d", "1"), Outcome::kCommitted);
  store_.reset();
  open();
  EXPECT_THAT(rows(), ElementsAre("a=1", "b=1", "d=1"));
  EXPECT_EQ(notices_.size(), 1u);
}

TEST_F(RocksStoreTest, RubbishAfterTheTailIsCut) {
  open();
  ASSERT_EQ(put("a", "1"), Outcome::kCommitted);
  store_.reset();
  edit(newest_file(".log"), [](std::string& bytes) { bytes += std::string(10'000, 'x'); });
  open();
  EXPECT_THAT(rows(), ElementsAre("a=1"));
  EXPECT_EQ(notices_.size(), 1u);
}

TEST_F(RocksStoreTest, ALogThatWasNotClosedEndsInZerosAndIsRead) {
  open();
  for (const std::string key : {"a", "b"}) ASSERT_EQ(put(key, "1"), Outcome::kCommitted);
  const std::string wal = newest_file(".log");
  const std::string unclosed = read_file(wal).value();
  store_.reset();
  const std::string closed = read_file(wal).value();
  EXPECT_EQ(unclosed, closed + std::string(unclosed.size() - closed.size(), '\0'));
  EXPECT_GT(unclosed.size(), closed.size());
  edit(wal, [&](std::string& bytes) { bytes = unclosed; });
  open();
  EXPECT_THAT(rows(), ElementsAre("a=1", "b=1"));
  EXPECT_THAT(notices_, ElementsAre());
}

TEST_F(RocksStoreTest, SmallCommitsDoNotMakeTheLogGrow) {
  open();
  ASSERT_EQ(put("a", "1"), Outcome::kCommitted);
  const auto size = fs::file_size(newest_file(".log"));
  for (int i = 0; i < 100; ++i) ASSERT_EQ(put("b", std::string(1000, 'x')), Outcome::kCommitted);
  EXPECT_EQ(fs::file_size(newest_file(".log")), size);
}

TEST_F(RocksStoreTest, DamageBeforeTheTailIsRefused) {
  open();
  for (const std::string key : {"a", "b", "c"}) {
    ASSERT_EQ(put(key, "the value of " + key), Outcome::kCommitted);
  }
  store_.reset();
  const std::string wal = newest_file(".log");
  damage(wal, "the value of b");
  const std::string before = read_file(wal).value();
  for (int attempt = 0; attempt < 2; ++attempt) {
    EXPECT_THAT(refusal(), AllOf(HasSubstr(wal), HasSubstr("damaged at byte")));
  }
  EXPECT_EQ(read_file(wal).value(), before);
}

TEST_F(RocksStoreTest, ALostTableIsRefused) {
  open();
  ASSERT_EQ(put("a", "1"), Outcome::kCommitted);
  store_.reset();
  open();  // flushes what the log held and begins a new one
  ASSERT_EQ(put("b", "1"), Outcome::kCommitted);
  store_.reset();
  const std::string table = newest_file(".sst");
  fs::remove(table);
  EXPECT_THAT(refusal(), HasSubstr(fs::path(table).stem().string()));
}

TEST_F(RocksStoreTest, DamageMetWhileReadingIsFatal) {
  open();
  ASSERT_EQ(put("a", "the value of a"), Outcome::kCommitted);
  store_.reset();
  open();
  store_.reset();
  damage(newest_file(".sst"), "the value of a");
  open();
  store_->get(7, Space::kState, "a");
  ASSERT_EQ(fatals_.size(), 1u);
  EXPECT_THAT(fatals_[0], AllOf(HasSubstr(directory_.path()), HasSubstr(".sst")));
  rows();
  EXPECT_EQ(fatals_.size(), 2u);
}

TEST_F(RocksStoreTest, ADamagedManifestIsRefusedAndNamed) {
  open();
  ASSERT_EQ(put("a", "1"), Outcome::kCommitted);
  store_.reset();
  std::string manifest;
  for (const auto& entry : fs::directory_iterator(data("rocks"))) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("MANIFEST")) manifest = std::max(manifest, entry.path().string());
  }
  edit(manifest, [](std::string& bytes) { bytes[bytes.size() / 2] ^= 1; });
  EXPECT_THAT(refusal(), AllOf(HasSubstr("Corruption"), HasSubstr(manifest)));
}

}  // namespace
}  // namespace pawl::store
