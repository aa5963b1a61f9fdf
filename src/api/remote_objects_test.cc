// Objects of an S3 elsewhere, read in pieces: of one that answers ranges, and of one that does not.
#include "api/remote_objects.h"

#include <gtest/gtest.h>

#include <charconv>

#include "api/test_server.h"

namespace pawl::api {
namespace {

using testing::TestServer;

enum class Ranges { kAnswered, kIgnored };

// GetObject of one object. A range is "bytes=first-last".
void add_object(runtime::Operations& operations, const std::string& object, Ranges ranges) {
  operations.add_streamed("s3", "GetObject", [object, ranges](const auto& call, auto, auto reply) {
    const std::string_view range = call.input.root().find("Range")->string().substr(6);
    std::size_t first = 0;
    std::size_t last = 0;
    const char* const dash = std::from_chars(range.data(), range.data() + range.size(), first).ptr;
    std::from_chars(dash + 1, range.data() + range.size(), last);
    runtime::StreamedOutput output;
    output.output = json::Value::trusted("{}");
    output.body.bytes = object;
    if (ranges == Ranges::kAnswered) {
      if (first >= object.size()) {
        return reply(Err{runtime::ServiceError{.code = "InvalidRange",
                                               .message = "Not satisfiable",
                                               .http_status = 416,
                                               .members = {}}});
      }
      output.output = json::Value::trusted(R"({"HttpStatus":206})");
      output.body.bytes = object.substr(first, last - first + 1);
    }
    reply(std::move(output));
  });
}

TEST(RemoteObjects, AreReadFromWhereAndAsFarAsAskedFor) {
  const std::string object = "0123456789";
  struct Row {
    std::uint64_t offset;
    std::size_t count;
    std::string bytes;
  };
  const Row rows[] = {{0, 4, "0123"},   {3, 4, "3456"}, {8, 4, "89"}, {0, 10, object},
                      {0, 100, object}, {10, 4, ""},    {50, 4, ""}};
  for (const Ranges ranges : {Ranges::kAnswered, Ranges::kIgnored}) {
    const TestServer server([&](runtime::Operations& operations, ServerOptions&) {
      add_object(operations, object, ranges);
    });
    const StillClock clock;
    RemoteServices services(
        RemoteOptions{.endpoints = {{"s3", "http://127.0.0.1:" + std::to_string(server.port())}},
                      .keys = {"test", "test", {}},
                      .region = {},
                      .ca_bundle = {},
                      .limits = {}},
        clock);
    RemoteObjectStore store(services, clock);
    for (const Row& row : rows) {
      const auto read = store.read("bucket", "key", row.offset, row.count);
      ASSERT_TRUE(read.ok()) << read.error().message;
      EXPECT_EQ(*read, row.bytes) << row.offset << " " << row.count;
    }
  }
}

}  // namespace
}  // namespace pawl::api
