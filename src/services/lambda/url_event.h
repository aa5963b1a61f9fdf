// A request to a function URL as the function's event, and the function's answer as a response
// (AWS Lambda, "Invoking Lambda function URLs": payload format version 2.0). Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "json/value.h"

namespace pawl::lambda {

// The request as the API layer gives it: {UrlId, Method, Path, RawQuery, Protocol, SourceIp, Query,
// Headers, Caller}; Query and Headers are arrays of [name, value].
struct UrlRequest {
  json::Node request;
  std::string_view body;
  // The name that the function is called by, and what stands before it: http or https.
  std::string domain;
  std::string_view scheme = "http";
  std::string port{};
  // IAM's caller is part of the event where the URL asks for one.
  enum class Authorizer { kNone, kIam } authorizer = Authorizer::kNone;
  std::string request_id;
  WallMillis now = 0;
};

using UrlFields = std::vector<std::pair<std::string, std::string>>;

struct UrlAnswer {
  int status = 200;
  UrlFields headers;  // names in lower case
  std::string body;
};

json::Value url_event(const UrlRequest& request);

// Nothing where it is no response: a bad gateway.
std::optional<UrlAnswer> url_answer(json::Node payload);

// The first field of that name in lower case; empty where there is none.
std::string header_in(json::Node request, std::string_view name);

}  // namespace pawl::lambda
