// What tasks call over HTTP (`arn:aws:states:::http:invoke`), as far as configuration lets them:
// the operation "http", "Invoke" of services/states/http_request.h.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "outgoing/http_client.h"
#include "runtime/operations.h"

namespace pawl::api {

// What a connection of EventBridge adds to each request made over it.
struct HttpConnection {
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> query;
};
using HttpConnections = std::map<std::string, HttpConnection, std::less<>>;  // by name

// The text of a file {"NAME": {"AuthorizationType", "AuthParameters"}, ...}: each connection as
// EventBridge's CreateConnection takes it, of the types API_KEY and BASIC. Or what is wrong with
// it.
Result<HttpConnections, std::string> read_http_connections(std::string_view text);

class HttpEndpoints {
 public:
  struct Options {
    // "https://api.example.com", "http://127.0.0.1:8080", in small letters; "*" is all.
    std::vector<std::string> origins;
    HttpConnections connections;
    std::string ca_bundle;  // PEM file of the authorities trusted; empty: those of the system
    outgoing::Limits limits;
  };
  explicit HttpEndpoints(Options options);

  // Outlived by this.
  void add_to(runtime::Operations& operations);

  // Whether the address may be called.
  bool allows(std::string_view url) const;

 private:
  const Options options_;
  outgoing::HttpClient client_;
};

// Why this is no origin that could be named, if so.
std::optional<std::string> origin_problem(std::string_view origin);

}  // namespace pawl::api
