// Which address has which page, and with what it comes.
#include "console/pages.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <string>

namespace pawl::console {
namespace {

std::string gzip(std::string text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string make_pack() {
  const std::string page = gzip("<html>");
  const std::string script = gzip("run()");
  return "pawl-pack 1\nindex.html aa " + std::to_string(page.size()) + "\nassets/app-1.js bb " +
         std::to_string(script.size()) + "\n\n" + page + script;
}

std::string header(const api::HttpResponse& response, std::string_view name) {
  const auto found = std::find_if(response.headers.begin(), response.headers.end(),
                                  [&](const auto& field) { return field.first == name; });
  return found == response.headers.end() ? "" : found->second;
}

std::string shown(const std::optional<api::HttpResponse>& response) {
  if (!response) return "none";
  return std::to_string(response->status) + " " + std::string(response->content_type) + " " +
         std::string(response->body_text()) + header(*response, "Location");
}

TEST(Pages, AreFoundByAddress) {
  const std::string pack = make_pack();
  const Pages pages(pack);
  const std::string page = "200 text/html; charset=utf-8 <html>";
  const struct {
    const char* path;
    std::string expected;
  } cases[] = {
      {"/_pawl/", page},
      {"/_pawl/machines", page},
      {"/_pawl/executions/arn:aws:states:us-east-1:000000000000:execution:m:e", page},
      {"/_pawl/assets/app-1.js", "200 text/javascript; charset=utf-8 run()"},
      {"/_pawl", "308  /_pawl/"},
      {"/_pawl/assets/app-2.js", "none"},
      {"/_pawl/assets/", "none"},
      {"/_pawl/assets/../index.html", "none"},
      {"/_pawl/secret", "none"},
      {"/_pawl/machinesque", "none"},
      {"/_pawlx", "none"},
  };
  for (const auto& row : cases) {
    EXPECT_EQ(shown(pages.answer(api::HttpRequest{}, row.path)), row.expected) << row.path;
  }
}

TEST(Pages, AreSentCompressedToWhoTakesIt) {
  const std::string pack = make_pack();
  const Pages pages(pack);
  const struct {
    const char* accepts;
    const char* encoding;
  } cases[] = {{"gzip, deflate, br", "gzip"}, {"br", ""}, {"gzip;q=0", ""}, {"", ""}};
  for (const auto& row : cases) {
    api::HttpRequest request;
    request.headers.add("accept-encoding", row.accepts);
    const auto response = pages.answer(request, "/_pawl/");
    ASSERT_TRUE(response);
    EXPECT_EQ(header(*response, "Content-Encoding"), row.encoding) << row.accepts;
    EXPECT_EQ(response->body_text() == "<html>", std::string(row.encoding).empty()) << row.accepts;
  }
}

TEST(Pages, AreNotSentAgainToWhoHasThem) {
  const std::string pack = make_pack();
  const Pages pages(pack);
  api::HttpRequest request;
  request.headers.add("if-none-match", "W/\"xx\", \"aa\"");
  EXPECT_EQ(pages.answer(request, "/_pawl/")->status, 304);
  EXPECT_EQ(pages.answer(request, "/_pawl/assets/app-1.js")->status, 200);
}

TEST(Pages, ABrowserAtAnUnknownAddressIsToldByThePage) {
  const std::string pack = make_pack();
  const Pages pages(pack);
  api::HttpRequest request;
  request.headers.add("accept", "text/html,application/xhtml+xml");
  request.headers.add("if-none-match", "\"aa\"");
  const auto response = pages.answer(request, "/_pawl/elsewhere");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body_text(), "<html>");
  EXPECT_FALSE(pages.answer(request, "/_pawl/assets/gone.js"));
}

TEST(Pages, LetNothingRunButTheirOwnFiles) {
  const std::string pack = make_pack();
  const auto response = Pages(pack).answer(api::HttpRequest{}, "/_pawl/");
  const std::string policy = header(*response, "Content-Security-Policy");
  EXPECT_NE(policy.find("default-src 'none'; script-src 'self'; style-src 'self';"),
            std::string::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(header(*response, "X-Frame-Options"), "DENY");
  EXPECT_EQ(header(*response, "X-Content-Type-Options"), "nosniff");
}

TEST(Pages, AreNoneInABuildWithoutThem) {
  EXPECT_EQ(shown(Pages("").answer(api::HttpRequest{}, "/_pawl/")), "none");
}

TEST(AssetPack, SaysWhatIsWrongWithIt) {
  for (const char* bytes :
       {"other 1\n\n", "pawl-pack 1\n", "pawl-pack 1\na b\n\n", "pawl-pack 1\na b x\n\n",
        "pawl-pack 1\na b 9\n\nshort", "pawl-pack 1\na b 1\n\nlong"}) {
    EXPECT_FALSE(AssetPack::read(bytes).ok()) << bytes;
  }
}

TEST(AssetPack, UnpacksNoMoreThanItMay) {
  EXPECT_EQ(unpack_gzip(gzip(std::string(1'000, 'a')), 1'000), std::string(1'000, 'a'));
  EXPECT_EQ(unpack_gzip(gzip(std::string(1'001, 'a')), 1'000), std::nullopt);
  EXPECT_EQ(unpack_gzip("no gzip", 1'000), std::nullopt);
}

}  // namespace
}  // namespace pawl::console
