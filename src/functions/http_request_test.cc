#include "functions/http_request.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace pawl::functions {
namespace {

// All requests in `bytes`, fed in pieces: "METHOD path body[!]" each; "broken" at the end if so.
std::string read_in_pieces(std::string_view bytes, std::size_t piece, std::size_t body_max = 100) {
  HttpRequestReader reader(body_max);
  std::string seen;
  while (!bytes.empty()) {
    reader.feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (auto request = reader.next()) {
      seen += request->method + " " + request->path + " " + request->body;
      if (request->body_too_large) seen += "!";
      if (!request->error_type.empty()) seen += " type=" + request->error_type;
      seen += "\n";
    }
  }
  return reader.broken() ? seen + "broken" : seen;
}

struct Case {
  std::string bytes;
  std::string seen;
};

const Case kCases[] = {
    {"GET /next HTTP/1.1\r\nHost: x\r\n\r\n", "GET /next \n"},
    {"POST /r HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc", "POST /r abc\n"},
    {"POST /r HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /n HTTP/1.1\r\n\r\n",
     "POST /r abc\nGET /n \n"},
    {"POST /e HTTP/1.1\r\nLambda-Runtime-Function-Error-Type:  Mine \r\nContent-Length: 0\r\n\r\n",
     "POST /e  type=Mine\n"},
    {"POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
     "GET /n HTTP/1.1\r\n\r\n",
     "POST /c abcde\nGET /n \n"},
    {"POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: x\r\n\r\n", "POST /c \n"},
    {"POST /r HTTP/1.1\r\nContent-Length: 120\r\n\r\n" + std::string(120, 'x') +
         "GET /n HTTP/1.1\r\n\r\n",
     "POST /r " + std::string(100, 'x') + "!\nGET /n \n"},
    {"nonsense\r\n\r\n", "broken"},
    {"GET / SPDY/3\r\n\r\n", "broken"},
    {"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "broken"},
    {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "broken"},
    {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "broken"},
    {"POST / HTTP/1.1\r\nno colon\r\n\r\n", "broken"},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", "broken"},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "broken"},
    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", "broken"},
    {"GET / HTTP/1.1\r\nX: " + std::string(70'000, 'x'), "broken"},
};

TEST(HttpRequestReader, ReadsRequestsInAnyPieces) {
  for (const Case& c : kCases) {
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, c.bytes.size()}) {
      EXPECT_EQ(read_in_pieces(c.bytes, piece), c.seen) << c.bytes.substr(0, 80) << " by " << piece;
    }
  }
}

TEST(HttpRequestReader, SaysWhenAClientWaitsForContinue) {
  HttpRequestReader reader(10);
  reader.feed("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.take_expects_continue());
  EXPECT_FALSE(reader.take_expects_continue());
  reader.feed("ok");
  EXPECT_EQ(reader.next()->body, "ok");
}

RC_GTEST_PROP(HttpRequestReader, AnyBytesAreReadOrRefused, (const std::string& bytes)) {
  HttpRequestReader reader(16);
  reader.feed(bytes);
  while (const auto request = reader.next()) RC_ASSERT(request->body.size() <= 16u);
}

}  // namespace
}  // namespace pawl::functions
