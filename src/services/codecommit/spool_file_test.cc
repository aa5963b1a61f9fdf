#include "services/codecommit/spool_file.h"

#include <gtest/gtest.h>

#include <future>

namespace pawl::codecommit {
namespace {

std::string read_all(const std::shared_ptr<SpooledBody>& body) {
  std::string all;
  while (all.size() < body->size()) {
    std::promise<std::string> piece;
    body->read(1'000, [&piece](Result<std::string, runtime::BodyError> bytes) {
      piece.set_value(bytes.ok() ? *bytes : std::string());
    });
    const std::string bytes = piece.get_future().get();
    if (bytes.empty()) return "cut off";
    all += bytes;
  }
  return all;
}

TEST(SpoolFile, KeepsPiecesInTheirOrderAndIsWholeWhenItHasSettled) {
  runtime::Background threads(4);
  for (int round = 0; round < 20; ++round) {
    const auto file = SpoolFile::create("/tmp", threads).value();
    std::string expected;
    std::atomic<int> told = 0;
    for (int i = 0; i < 200; ++i) {
      const std::string piece = std::to_string(i) + ",";
      expected += piece;
      file->write(piece, [&told](const Result<void, runtime::BodyError>&) { ++told; });
    }
    ASSERT_TRUE(file->settle().ok());
    EXPECT_EQ(told, 200);
    EXPECT_EQ(read_all(std::make_shared<SpooledBody>(file, 0)), expected);
    EXPECT_EQ(read_all(std::make_shared<SpooledBody>(file, 10)), expected.substr(10));
  }
}

TEST(SpoolFile, SaysWhereItCannotBe) {
  runtime::Background threads(1);
  EXPECT_FALSE(SpoolFile::create("/proc/nowhere", threads).ok());
}

}  // namespace
}  // namespace pawl::codecommit
