// Backups of a store that is being written to, and what a restore refuses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "store/data_directory.h"
#include "store/numbered_batches.h"
#include "store/rocks_store.h"
#include "store/test_directory.h"

namespace pawl::store {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class RocksBackup : public testing::Test {
 protected:
  RocksBackup() { store_ = open("data"); }

  std::string path(const std::string& name) const { return directory_.path() + "/" + name; }

  std::unique_ptr<Store> open(const std::string& name) const {
    RocksOptions options;
    options.directory = path(name);
    auto opened = open_rocks_store(options);
    if (!opened) ADD_FAILURE() << opened.error().message;
    return opened ? std::move(opened).value() : nullptr;
  }

  void write(int number) {
    writer_.write(*store_, number);
    ASSERT_TRUE(writer_.committed(number));
  }

  std::string backup(const std::string& to) {
    const auto done = store_->backup(path(to));
    return done ? "done" : done.error().message;
  }

  std::string restore(const std::string& from, const std::string& to) const {
    const auto done = restore_backup(path(from), path(to));
    return done ? "done" : done.error().message;
  }

  void edit(const std::string& file, const std::function<void(std::string&)>& change) {
    std::string bytes = read_file(file).value();
    change(bytes);
    ASSERT_TRUE(write_file(file, bytes));
  }

  TestDirectory directory_;
  Writer writer_;
  std::unique_ptr<Store> store_;
};

TEST_F(RocksBackup, IsRestoredAsItWasThen) {
  write(1);
  ASSERT_EQ(backup("backup"), "done");
  write(2);
  store_.reset();
  ASSERT_EQ(restore("backup", "copy"), "done");
  EXPECT_EQ(last_number(*open("copy")), 1);
  EXPECT_EQ(last_number(*open("data")), 2);
  EXPECT_EQ(read_file(path("copy/meta")).value(), read_file(path("data/meta")).value());
}

TEST_F(RocksBackup, OfAStoreThatIsWrittenToIsOneMoment) {
  write(1);
  std::atomic<bool> stop = false;
  std::atomic<int> handed_over = 1;
  std::thread load([&] {
    while (!stop) {
      writer_.write(*store_, ++handed_over, 1000);
      if (handed_over % 16 == 0) writer_.committed(handed_over);
    }
  });
  for (int round = 0; round < 5; ++round) {
    const std::string name = std::to_string(round);
    const int before = writer_.last_committed();
    EXPECT_EQ(backup("backup" + name), "done");
    const int after = handed_over;
    EXPECT_EQ(restore("backup" + name, "copy" + name), "done");
    const int copied = last_number(*open("copy" + name));
    EXPECT_GE(copied, before);
    EXPECT_LE(copied, after);
  }
  stop = true;
  load.join();
}

TEST_F(RocksBackup, ARestoredStoreGoesOn) {
  write(1);
  ASSERT_EQ(backup("backup"), "done");
  ASSERT_EQ(restore("backup", "copy"), "done");
  store_ = open("copy");
  write(2);
  store_.reset();
  EXPECT_EQ(last_number(*open("copy")), 2);
}

TEST_F(RocksBackup, IsRefusedWhereSomethingIs) {
  ASSERT_TRUE(write_file(path("file"), "x"));
  EXPECT_THAT(backup("file"), HasSubstr("not an empty directory"));
  EXPECT_THAT(backup("data"), HasSubstr("not an empty directory"));
  EXPECT_THAT(backup("file/below"), HasSubstr("cannot make"));
  fs::create_directory(path("empty"));
  EXPECT_EQ(backup("empty/"), "done");
  EXPECT_EQ(restore("empty/", "copy"), "done");
}

TEST_F(RocksBackup, AnInterruptedOneLeavesNothingInTheWay) {
  write(1);
  fs::create_directories(path("backup.unfinished/rocks"));
  ASSERT_TRUE(write_file(path("backup.unfinished/rocks/000001.sst"), "half a table"));
  ASSERT_EQ(backup("backup"), "done");
  EXPECT_FALSE(fs::exists(path("backup.unfinished")));
  EXPECT_EQ(restore("backup", "copy"), "done");
}

TEST_F(RocksBackup, EveryFileIsCheckedByARestore) {
  write(1);
  ASSERT_EQ(backup("backup"), "done");
  for (const auto& entry : fs::directory_iterator(path("backup/rocks"))) {
    const std::string file = entry.path().string();
    const std::string whole = read_file(file).value();
    if (whole.empty()) continue;
    edit(file, [](std::string& bytes) { bytes[bytes.size() / 2] ^= 1; });
    EXPECT_THAT(restore("backup", "copy"), AllOf(HasSubstr(file), HasSubstr("damaged")));
    fs::remove(file);
    EXPECT_THAT(restore("backup", "copy"), HasSubstr(file));
    ASSERT_TRUE(write_file(file, whole));
  }
  // A restore that was refused leaves nothing behind that would refuse the next.
  EXPECT_EQ(restore("backup", "copy"), "done");
}

TEST_F(RocksBackup, ItsListIsCheckedByARestore) {
  ASSERT_EQ(backup("backup"), "done");
  const std::string list = path("backup/files");
  const std::string whole = read_file(list).value();
  for (std::size_t at = 0; at < whole.size(); at += 7) {
    edit(list, [at](std::string& bytes) { bytes[at] ^= 1; });
    EXPECT_THAT(restore("backup", "copy"), HasSubstr(list));
    ASSERT_TRUE(write_file(list, whole));
  }
  fs::remove(list);
  EXPECT_THAT(restore("backup", "copy"), HasSubstr(list));
  EXPECT_THAT(restore("nowhere", "copy"), HasSubstr(path("nowhere")));
}

TEST_F(RocksBackup, OfANewerFormatIsRefused) {
  ASSERT_EQ(backup("backup"), "done");
  StoreMeta meta = parse_meta(read_file(path("backup/meta")).value()).value();
  meta.format = 9;
  ASSERT_TRUE(write_file(path("backup/meta"), print_meta(meta)));
  EXPECT_THAT(restore("backup", "copy"),
              AllOf(HasSubstr(path("backup")), HasSubstr("format 9"), HasSubstr("format 1")));
}

TEST_F(RocksBackup, ARestoreNeverTouchesWhatIsThere) {
  write(1);
  ASSERT_EQ(backup("backup"), "done");
  write(2);
  EXPECT_THAT(restore("backup", "data"), HasSubstr("not an empty directory"));
  store_.reset();
  EXPECT_THAT(restore("backup", "data"), HasSubstr("not an empty directory"));
  EXPECT_THAT(restore("backup", "backup"), HasSubstr("not an empty directory"));
  EXPECT_EQ(last_number(*open("data")), 2);
}

}  // namespace
}  // namespace pawl::store
