// Log lines from a stream of output to the files and back.
#include <gmock/gmock.h>

#include <filesystem>

#include "functions/log_lines.h"
#include "functions/log_reader.h"
#include "functions/log_store.h"
#include "store/test_directory.h"

namespace pawl::functions {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Lines = std::vector<std::string>;

TEST(LogLines, CutsAtNewlinesAndAtTheLimit) {
  LogLines lines(4);
  Lines seen;
  const auto line = [&](std::string_view text) { seen.emplace_back(text); };
  for (const char* bytes : {"a\nb", "c\n", "\n", "123456", "789\nx"}) lines.feed(bytes, line);
  EXPECT_THAT(seen, ElementsAre("a", "bc", "", "1234", "5678", "9"));
  lines.finish(line);
  lines.finish(line);
  EXPECT_EQ(seen.back(), "x");
  EXPECT_EQ(seen.size(), 7u);
}

Lines read_all(LogReader& reader) {
  Lines lines;
  reader.read([&](std::string_view line) { lines.emplace_back(line); });
  return lines;
}

Result<LogReader, std::string> find(const std::string& root, std::string_view function) {
  return LogReader::find(root, function);
}

TEST(LogReader, FollowsAndSeeks) {
  const store::TestDirectory directory;
  LogStore store(directory.path(), {});
  LogFile& file = store.file("000000000000", "us-east-1", "f");
  for (const char* text : {"one", "two", "three"}) file.append(0, "env", text);
  file.flush();
  auto reader = find(directory.path(), "f");
  ASSERT_TRUE(reader.ok()) << reader.error();
  EXPECT_THAT(read_all(*reader), ElementsAre("1970-01-01T00:00:00.000Z env one", HasSubstr("two"),
                                             HasSubstr("three")));
  EXPECT_THAT(read_all(*reader), ElementsAre());
  file.append(0, "env", "four");
  file.flush();
  EXPECT_THAT(read_all(*reader), ElementsAre(HasSubstr("four")));
  for (std::size_t lines : {0u, 1u, 3u, 4u, 9u}) {
    reader->seek_to_tail(lines);
    EXPECT_EQ(read_all(*reader).size(), std::min<std::size_t>(lines, 4)) << lines;
  }
}

TEST(LogReader, RotationKeepsOrderAndBounds) {
  const store::TestDirectory directory;
  LogStore store(directory.path(), {.segment_bytes_max = 400, .segments_max = 3});
  LogFile& file = store.file("000000000000", "us-east-1", "f");
  auto reader = Result<LogReader, std::string>(Err{std::string("not yet")});
  Lines followed;
  for (int i = 0; i < 100; ++i) {
    file.append(i, "env", "line " + std::to_string(i));
    file.flush();
    if (i == 0) reader = find(directory.path(), "f");
    if (i % 5 == 0) {
      for (std::string& line : read_all(*reader)) followed.push_back(std::move(line));
    }
  }
  for (std::string& line : read_all(*reader)) followed.push_back(std::move(line));
  ASSERT_EQ(followed.size(), 100u);  // a reader that keeps up misses nothing
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(followed[static_cast<std::size_t>(i)], HasSubstr("line " + std::to_string(i)));
  }
  auto late = find(directory.path(), "f");
  EXPECT_LT(read_all(*late).size(), 40u);
  late->seek_to_tail(15);
  EXPECT_EQ(read_all(*late).size(), 15u);
}

TEST(LogReader, NamesThatSayTooLittleOrNothing) {
  const store::TestDirectory directory;
  LogStore store(directory.path(), {});
  for (const char* region : {"us-east-1", "eu-west-1"}) {
    LogFile& file = store.file("000000000000", region, "f");
    file.append(0, "env", region);
    file.flush();
  }
  EXPECT_THAT(find(directory.path(), "f").error(), HasSubstr("several functions 'f'"));
  EXPECT_THAT(find(directory.path(), "g").error(),
              HasSubstr("nothing has been logged by a function 'g' in " + directory.path()));
  EXPECT_FALSE(find(directory.path(), "../f").ok());
  EXPECT_FALSE(find(directory.path(), "").ok());
  auto one = find(directory.path(), "arn:aws:lambda:eu-west-1:000000000000:function:f:prod");
  ASSERT_TRUE(one.ok());
  EXPECT_THAT(read_all(*one), ElementsAre(HasSubstr("eu-west-1")));
}

}  // namespace
}  // namespace pawl::functions
