// Signs the requests that Pawl makes to other services: Signature Version 4, in the header.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "outgoing/http_client.h"

namespace pawl::api {

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (empty: none).
struct SigningKeys {
  std::string access_key = "test";
  std::string secret = "test";
  std::string session_token;
};

// A request before it is signed.
struct UnsignedRequest {
  std::string method = "POST";
  std::string endpoint;      // "http://host:port", without a slash at its end
  std::string target = "/";  // path and query, encoded
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
};

outgoing::Request sign_request(UnsignedRequest request, const SigningKeys& keys,
                               std::string_view region, std::string_view service, WallMillis now);

}  // namespace pawl::api
