#include "git/http_backend.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace pawl::git {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(CgiHeaders, EndAtTheEmptyLine) {
  const auto answer = parse_cgi_headers(
      "Status: 403 Forbidden\r\nContent-Type: text/plain\r\nX: a: b\r\n\r\nbody\r\n\r\n");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 403);
  EXPECT_THAT(answer->headers, ElementsAre(Pair("Content-Type", "text/plain"), Pair("X", "a: b")));
  EXPECT_EQ(answer->body_offset, 60u);
}

TEST(CgiHeaders, AreRefusedWhereTheyAreNone) {
  for (const char* output : {"", "no end", "no colon\r\n\r\n"}) {
    EXPECT_FALSE(parse_cgi_headers(output).ok()) << output;
  }
}

class HttpBackendTest : public testing::Test {
 protected:
  HttpBackendTest() { EXPECT_TRUE(Repository::create(folder_ + "/r.git").ok()); }
  ~HttpBackendTest() override {
    std::fclose(body_);
    std::fclose(output_);
    std::filesystem::remove_all(folder_);
  }

  GitResult<HttpBackendAnswer> run(HttpBackendRequest request) {
    request.repository = folder_ + "/r.git";
    return run_http_backend(request, fileno(body_), fileno(output_), std::chrono::seconds(20));
  }
  std::string output() {
    std::string text(4'096, '\0');
    const auto count = ::pread(fileno(output_), text.data(), text.size(), 0);
    return text.substr(0, static_cast<std::size_t>(count));
  }
  static std::string make_folder() {
    char path[] = "/tmp/pawl-http-backend-XXXXXX";
    return mkdtemp(path);
  }

  const std::string folder_ = make_folder();
  std::FILE* body_ = std::tmpfile();
  std::FILE* output_ = std::tmpfile();
};

TEST_F(HttpBackendTest, ListsTheReferencesForAPush) {
  const auto answer = run(
      {.repository = {}, .path = "/info/refs", .query = "service=git-receive-pack", .user = "a"});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 200);
  EXPECT_THAT(output().substr(answer->body_offset), HasSubstr("# service=git-receive-pack"));
}

TEST_F(HttpBackendTest, KnowsNoOtherPaths) {
  const auto answer = run({.repository = {}, .path = "/objects/nothing"});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 404);
}

}  // namespace
}  // namespace pawl::git
