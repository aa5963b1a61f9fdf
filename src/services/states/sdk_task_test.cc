// What the SDK makes of a task's request and of its answer by itself.
#include <gtest/gtest.h>

#include "services/states/task_runner.h"

namespace pawl::states {
namespace {

TEST(SdkTasks, PutJsonTextWithAChecksum) {
  const std::string type = R"("ContentType":"text/plain; charset=UTF-8")";
  const std::string checksum = R"(,"ChecksumAlgorithm":"CRC32"})";
  struct Row {
    std::string given;
    std::string sent;
  };
  for (const Row& row : {
           Row{R"({"Body":{"a":1}})", R"({"Body":"{\"a\":1}",)" + type + checksum},
           Row{R"({"Body":"a\"b"})", R"({"Body":"\"a\\\"b\"",)" + type + checksum},
           Row{R"({"Key":"k"})", R"({"Key":"k",)" + type + checksum},
           Row{R"({"ContentType":"a/b"})", R"({"ContentType":"a/b")" + checksum},
           Row{R"({"ChecksumAlgorithm":"SHA1"})", R"({"ChecksumAlgorithm":"SHA1",)" + type + "}"},
           Row{R"({"ChecksumSHA1":"x"})", R"({"ChecksumSHA1":"x",)" + type + "}"},
           Row{R"("text")", R"("text")"},
       }) {
    const auto given = json::Value::trusted(row.given);
    EXPECT_EQ(put_object_sent(given, PutChecksum::kAdded).text(), row.sent);
  }
  EXPECT_EQ(put_object_sent(json::Value::trusted("{}"), PutChecksum::kAsGiven).text(),
            "{" + type + "}");
}

TEST(SdkTasks, ShowResultsByName) {
  struct Row {
    std::string answer;
    std::string result;
  };
  for (const Row& row : {
           Row{R"({"Body":"b","ETag":"e","AcceptRanges":"bytes","Metadata":{"z":1,"a":2}})",
               R"({"AcceptRanges":"bytes","ETag":"e","Metadata":{"z":1,"a":2},"Body":"b"})"},
           Row{R"({"StartDate":1,"ExecutionArn":"a"})", R"({"ExecutionArn":"a","StartDate":1})"},
           Row{"{}", "{}"},
           Row{"null", "null"},
       }) {
    EXPECT_EQ(sdk_result(json::Value::trusted(row.answer)).text(), row.result);
  }
}

}  // namespace
}  // namespace pawl::states
