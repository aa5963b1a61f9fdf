// AWS Signature Version 4: reading who signed a request, and checking the signature. Both forms,
// the Authorization header and the presigned query.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http_message.h"
#include "api/url.h"
#include "base/clock.h"
#include "base/result.h"
#include "runtime/operations.h"

namespace pawl::api {

// "AKID/20150830/us-east-1/states/aws4_request"
struct CredentialScope {
  std::string access_key;
  std::string date;
  std::string region;
  std::string service;
};

// kBasic is no signature: a password in its place (git_password.h).
enum class SignatureForm : std::uint8_t { kHeader, kQuery, kBasic };

struct Authorization {
  SignatureForm form = SignatureForm::kHeader;
  CredentialScope scope;
  std::string signed_headers;        // "host;x-amz-date": lower case, in the order of the signature
  std::string signature;             // hex
  std::string date;                  // X-Amz-Date as sent; may be a Date header's value
  std::int64_t expires_seconds = 0;  // of the query form
  std::string session_token = {};    // of the basic form
};

// A request as signatures see it.
struct SignedRequest {
  const HttpRequest& http;
  const Target& target;
  const std::vector<QueryParameter>& query;  // decoded
};

// Nothing when the request carries no authorization at all; an IncompleteSignatureException when it
// cannot be read. The signature itself is not looked at.
Result<std::optional<Authorization>, runtime::ServiceError> read_authorization(
    const SignedRequest& request);

// Checks headers, date and signature. `service` is the signing name that the request needs.
Result<void, runtime::ServiceError> verify_signature(const Authorization& authorization,
                                                     const SignedRequest& request,
                                                     std::string_view secret,
                                                     std::string_view service, WallMillis now);

// The parts of the algorithm, for tests against AWS's published values.
std::string canonical_request(const Authorization& authorization, const SignedRequest& request,
                              std::string_view payload_hash);
std::string string_to_sign(const Authorization& authorization, std::string_view canonical);
std::string sign(const CredentialScope& scope, std::string_view secret, std::string_view text);

}  // namespace pawl::api
