// The request parser without sockets: however the bytes are cut, the same requests come out.
#include "api/http_parser.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "api/outbox.h"
#include "api/url.h"
#include "base/percent.h"
#include "base/utf8.h"

namespace pawl::api {
namespace {

struct Parsed {
  std::vector<std::string> requests;  // "METHOD target [name=value ...] body"
  int error = 0;                      // the status of what ended it
};

std::string text_of(const HttpRequest& request) {
  std::string text = request.method + " " + request.target;
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    text.append(" ").append(request.headers.at(i).name).append("=");
    text.append(request.headers.at(i).value);
  }
  return text + " " + request.body;
}

// Feeds `bytes` in pieces that end at the cuts.
Parsed parse(std::string_view bytes, std::vector<std::size_t> cuts,
             std::size_t body_bytes_max = 99) {
  Parsed parsed;
  RequestParser parser({.head_bytes_max = 400, .fields_max = 10});
  cuts.push_back(bytes.size());
  std::size_t begin = 0;
  for (const std::size_t end : cuts) {
    for (;;) {
      const auto step = parser.parse(bytes.substr(begin, std::max(begin, end) - begin));
      if (!step.ok()) {
        parsed.error = step.error().status;
        return parsed;
      }
      begin += step->consumed;
      if (step->progress == RequestParser::Progress::kNeedMore) break;
      if (step->progress == RequestParser::Progress::kHead) {
        if (const auto accepted = parser.accept_body(body_bytes_max); !accepted.ok()) {
          parsed.error = accepted.error().status;
          return parsed;
        }
        continue;
      }
      parsed.requests.push_back(text_of(parser.take()));
    }
  }
  return parsed;
}

const std::string kThree =
    "POST /a?b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    "POST /c HTTP/1.1\r\nHost:   y  \r\nTransfer-Encoding: chunked\r\n\r\n"
    "3;e=1\r\nabc\r\n02\r\nde\r\n0\r\nT: u\r\n\r\n"
    "GET /d HTTP/1.0\r\n\r\n";

const std::vector<std::string> kThreeParsed = {
    "POST /a?b host=x content-length=5 hello",
    "POST /c host=y transfer-encoding=chunked abcde",
    "GET /d ",
};

TEST(RequestParser, ReadsOneRequestAfterTheOther) {
  EXPECT_EQ(parse(kThree, {}).requests, kThreeParsed);
}

RC_GTEST_PROP(RequestParserProperty, CutsDoNotMatter, ()) {
  std::vector<std::size_t> cuts = *rc::gen::container<std::vector<std::size_t>>(
      rc::gen::inRange<std::size_t>(0, kThree.size()));
  std::sort(cuts.begin(), cuts.end());
  RC_ASSERT(parse(kThree, cuts).requests == kThreeParsed);
}

TEST(RequestParser, CountsAHeadThatComesLineByLine) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: x\r\n";
  std::vector<std::size_t> cuts = {bytes.size()};
  for (int i = 0; i < 8; ++i) {
    bytes += "X-" + std::to_string(i) + ": " + std::string(60, 'v') + "\r\n";
    cuts.push_back(bytes.size());
  }
  EXPECT_EQ(parse(bytes + "\r\n", cuts).error, 431);
}

TEST(RequestParser, StopsABodyAtItsLimit) {
  const std::string fixed = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
  EXPECT_EQ(parse(fixed, {}, 5).error, 0);
  EXPECT_EQ(parse(fixed, {}, 4).error, 413);
  const std::string chunked =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
  EXPECT_EQ(parse(chunked, {}, 5).error, 0);
  EXPECT_EQ(parse(chunked, {}, 4).error, 413);
}

// Url.

TEST(Url, SplitsTargets) {
  const auto split = [](std::string_view text) -> std::string {
    const auto target = split_target(text);
    if (!target) return "none";
    return std::string(target->authority) + "|" + std::string(target->path) + "|" +
           std::string(target->query);
  };
  EXPECT_EQ(split("/a/b?c=d?e"), "|/a/b|c=d?e");
  EXPECT_EQ(split("http://h:1/a?b"), "h:1|/a|b");
  EXPECT_EQ(split("http://h?b"), "h|/|b");
  EXPECT_EQ(split("https://h"), "h|/|");
  EXPECT_EQ(split("*"), "|*|");
  EXPECT_EQ(split("/a://b"), "|/a://b|");
  for (const char* bad : {"", "a", "ftp://h/", "http://", "http:///a", "h:80", "?a"}) {
    EXPECT_EQ(split(bad), "none") << bad;
  }
}

// Outbox.

// Takes everything out, `step` bytes at a time.
std::string drain(Outbox& outbox, std::size_t step) {
  std::string all;
  while (!outbox.empty()) {
    outbox.seal();
    std::string pieces;
    for (const std::string_view piece : outbox.front(3)) pieces += piece;
    const std::size_t taken = std::min(step, pieces.size());
    all += pieces.substr(0, taken);
    outbox.consume(taken);
  }
  EXPECT_EQ(outbox.bytes(), 0u);
  return all;
}

TEST(Outbox, GivesOutWhatWasPutIn) {
  for (const std::size_t step : {1u, 7u, 1'000u, 100'000u}) {
    Outbox outbox;
    std::string expected;
    for (const std::size_t size : {0u, 10u, 4'096u, 4'097u, 50'000u, 3u}) {
      HttpResponse response;
      response.body = std::string(size, 'x');
      append_head(expected, response, "now", AfterResponse::kKeepAlive);
      expected += response.body_text();
      outbox.append(std::move(response), "now", AfterResponse::kKeepAlive);
      HttpResponse slice;
      slice.set_body(json::Value::trusted("\"" + std::string(size, 'y') + "\""));
      append_head(expected, slice, "now", AfterResponse::kClose);
      expected += slice.body_text();
      outbox.append(std::move(slice), "now", AfterResponse::kClose);
    }
    EXPECT_EQ(outbox.bytes(), expected.size());
    EXPECT_EQ(drain(outbox, step), expected);
  }
}

TEST(Outbox, LeavesSealedBytesWhereTheyAre) {
  Outbox outbox;
  outbox.append("first");
  outbox.seal();
  const std::string_view piece = outbox.front(1).front();
  for (int i = 0; i < 1'000; ++i) outbox.append("more");
  EXPECT_EQ(piece, "first");
  EXPECT_EQ(outbox.front(1).front().data(), piece.data());
}

TEST(HttpMessage, LetsNoValueStartANewLine) {
  HttpResponse response;
  response.headers.emplace_back("X-Amz-Function-Error", "a\r\nSet-Cookie: b");
  std::string head;
  append_head(head, response, "now", AfterResponse::kKeepAlive);
  EXPECT_NE(head.find("X-Amz-Function-Error: a  Set-Cookie: b\r\n"), std::string::npos);
}

}  // namespace
}  // namespace pawl::api
