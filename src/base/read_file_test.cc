#include "base/read_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace pawl {
namespace {

TEST(ReadFile, GivesEveryByteWhateverItsLength) {
  const std::string path =
      std::filesystem::temp_directory_path() / ("pawl-read-" + std::to_string(::getpid()));
  for (const std::size_t size : {0, 1, 4096, 8192, 8193, 1'000'000}) {
    std::string bytes(size, '\0');
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 256);
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(size));
    EXPECT_EQ(read_file(path).value(), bytes) << size;
  }
  std::filesystem::remove(path);
}

TEST(ReadFile, ReadsWhatHasNoSizeBeforeItIsRead) {
  EXPECT_FALSE(read_file("/proc/self/cmdline").value().empty());
}

TEST(ReadFile, SaysWhyItCannot) {
  EXPECT_EQ(read_file("/nowhere/at/all").error(), std::errc::no_such_file_or_directory);
  EXPECT_EQ(read_file("/").error(), std::errc::is_a_directory);
}

}  // namespace
}  // namespace pawl
