// Git's protocol over HTTP, by git's own CGI program: git-http-backend(1), RFC 3875.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "git/repository.h"

namespace pawl::git {

struct HttpBackendRequest {
  std::string repository;  // its folder
  std::string path;        // behind the repository: "/info/refs", "/git-upload-pack" ...
  std::string method = "GET";
  std::string query{};
  std::string content_type{};
  std::string content_encoding{};
  std::string protocol{};  // the header Git-Protocol
  std::string user{};      // who pushes; empty: nobody may
};

struct HttpBackendAnswer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::size_t body_offset = 0;  // in the output: what is before it was the headers
};

// Runs the program to its end, or ends it after `patience`. `body` is a file that is read from its
// beginning, `output` an empty one that gets headers and body. Blocks.
GitResult<HttpBackendAnswer> run_http_backend(const HttpBackendRequest& request, int body,
                                              int output, std::chrono::seconds patience);

// The headers at the beginning of a CGI program's output.
GitResult<HttpBackendAnswer> parse_cgi_headers(std::string_view output);

}  // namespace pawl::git
