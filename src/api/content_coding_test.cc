#include "api/content_coding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "api/test_server.h"

namespace pawl::api {
namespace {

using ::testing::HasSubstr;

std::string gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  std::string source = text;
  stream.next_in = reinterpret_cast<Bytef*>(source.data());
  stream.avail_in = static_cast<uInt>(source.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

// The status that it is refused with, or the body.
std::string decoded(std::string_view coding, std::string body, std::size_t bytes_max = 1'000) {
  HttpRequest request;
  if (!coding.empty()) request.headers.add("content-encoding", coding);
  request.body = std::move(body);
  const auto outcome = decode_content(request, bytes_max);
  return outcome.ok() ? request.body : std::to_string(outcome.error().http_status);
}

TEST(ContentCoding, UnpacksGzipAndNothingElse) {
  const std::string text(1'000, 'x');
  const std::string packed = gzip(text);
  EXPECT_EQ(decoded("", text), text);
  EXPECT_EQ(decoded("identity", text), text);
  EXPECT_EQ(decoded("gzip", packed), text);
  EXPECT_EQ(decoded("gzip", gzip("")), "");
  EXPECT_EQ(decoded("br", packed), "415");
  EXPECT_EQ(decoded("gzip, gzip", packed), "415");
  EXPECT_EQ(decoded("gzip", text), "400");
  EXPECT_EQ(decoded("gzip", ""), "400");
  EXPECT_EQ(decoded("gzip", packed.substr(0, packed.size() - 1)), "400");
  EXPECT_EQ(decoded("gzip", packed + "more"), "400");
  EXPECT_EQ(decoded("gzip", packed, 999), "413");
  EXPECT_EQ(decoded("gzip", gzip(std::string(100'000'000, 'x'))), "413");
}

TEST(ContentCoding, IsReadByTheServer) {
  testing::TestServer server([](runtime::Operations& operations, ServerOptions&) {
    testing::add_echoes(operations, states_model(PayloadLimits::kAws));
  });
  const std::string body =
      R"({"stateMachineArn":"arn:aws:states:us-east-1:000000000000:stateMachine:m"})";
  std::string request = testing::states_request("StartExecution", gzip(body));
  request.insert(request.find("Content-Length"), "Content-Encoding: gzip\r\n");
  const testing::Response response = testing::exchange(server.port(), request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, body);
}

}  // namespace
}  // namespace pawl::api
