#include "api/remote_signer.h"

#include <algorithm>

#include "api/signature.h"
#include "base/digest.h"
#include "base/ensure.h"
#include "base/hex.h"
#include "base/percent.h"
#include "base/utc_text.h"

namespace pawl::api {

namespace {

std::string authorization_field(const Authorization& authorization) {
  const CredentialScope& scope = authorization.scope;
  return "AWS4-HMAC-SHA256 Credential=" + scope.access_key + "/" + scope.date + "/" + scope.region +
         "/" + scope.service + "/aws4_request, SignedHeaders=" + authorization.signed_headers +
         ", Signature=" + authorization.signature;
}

std::string host_of(const std::string& endpoint) {
  const std::size_t scheme = endpoint.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  return endpoint.substr(begin, endpoint.find('/', begin) - begin);
}

std::string path_of(const std::string& endpoint) {
  const std::size_t scheme = endpoint.find("://");
  const std::size_t slash = endpoint.find('/', scheme == std::string::npos ? 0 : scheme + 3);
  return slash == std::string::npos ? "" : endpoint.substr(slash);
}

}  // namespace

// Every field that we send is under the signature.
outgoing::Request sign_request(UnsignedRequest request, const SigningKeys& keys,
                               std::string_view region, std::string_view service, WallMillis now) {
  const std::string date = basic_time(now);
  request.headers.emplace_back("host", host_of(request.endpoint));
  request.headers.emplace_back("x-amz-date", date);
  if (!keys.session_token.empty()) {
    request.headers.emplace_back("x-amz-security-token", keys.session_token);
  }
  // What a workflow put into a field cannot end it.
  for (auto& [name, value] : request.headers) value = printable(value);
  std::sort(request.headers.begin(), request.headers.end());

  Authorization authorization{.scope = {.access_key = keys.access_key,
                                        .date = date.substr(0, 8),
                                        .region = std::string(region),
                                        .service = std::string(service)},
                              .signed_headers = {},
                              .signature = {},
                              .date = date};
  HttpRequest http;
  http.method = request.method;
  http.target = path_of(request.endpoint) + request.target;
  for (const auto& [name, value] : request.headers) {
    http.headers.add(name, value);
    if (!authorization.signed_headers.empty()) authorization.signed_headers += ";";
    authorization.signed_headers += name;
  }
  const auto target = split_target(http.target);
  ENSURE(target.has_value(), http.target);
  const auto query = parse_query(target->query, Plus::kIsPlus);
  ENSURE(query.has_value(), http.target);
  const std::string canonical =
      canonical_request(authorization, {http, *target, *query}, encode_hex(sha256(request.body)));
  authorization.signature =
      sign(authorization.scope, keys.secret, string_to_sign(authorization, canonical));

  outgoing::Request made;
  made.method = std::move(request.method);
  made.url = request.endpoint + request.target;
  made.body = std::move(request.body);
  for (const auto& [name, value] : request.headers) made.headers.push_back(name + ": " + value);
  made.headers.push_back("authorization: " + authorization_field(authorization));
  return made;
}

}  // namespace pawl::api
