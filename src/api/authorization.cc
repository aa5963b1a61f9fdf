// Reading the Authorization header and the presigned query (SigV4 and, unverified, SigV4A).
#include <algorithm>
#include <array>
#include <charconv>

#include "api/signature.h"
#include "base/ascii.h"
#include "base/base64.h"
#include "base/digest.h"
#include "base/utf8.h"

namespace pawl::api {

namespace {

runtime::ServiceError incomplete(std::string message) {
  return {.code = "IncompleteSignatureException", .message = std::move(message), .members = {}};
}

// What the sender put there is not shown again: it may be somebody's password.
std::string hashed(std::string_view header) {
  return "(Hashed with SHA-256 and encoded with Base64) Authorization=" +
         encode_base64(sha256(header));
}

// Region and service become part of ARNs and messages.
bool is_scope_word(std::string_view word) {
  return !word.empty() && word.size() <= 64 && std::all_of(word.begin(), word.end(), [](char byte) {
    return is_letter_or_digit(byte) || byte == '-' || byte == '_' || byte == '*';
  });
}

Result<CredentialScope, runtime::ServiceError> read_scope(std::string_view credential,
                                                          std::string_view algorithm) {
  // SigV4A's scope has no region.
  const bool has_region = algorithm == "AWS4-HMAC-SHA256";
  const std::size_t parts_wanted = has_region ? 5 : 4;
  std::array<std::string_view, 5> parts;
  std::size_t count = 0;
  for (std::string_view rest = credential;; ++count) {
    const std::size_t slash = rest.find('/');
    if (count < parts.size()) parts[count] = rest.substr(0, slash);
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (++count != parts_wanted) {
    return Err{incomplete("Credential must have exactly " + std::to_string(parts_wanted) +
                          " slash-delimited elements, e.g. keyid/date/region/service/term, got '" +
                          printable(credential) + "'")};
  }
  CredentialScope scope;
  scope.access_key = parts[0];
  scope.date = parts[1];
  scope.region = has_region ? parts[2] : std::string_view("*");
  scope.service = parts[parts_wanted - 2];
  const std::string_view terminator = parts[parts_wanted - 1];
  if (terminator != "aws4_request") {
    return Err{
        incomplete("Credential should be scoped with a valid terminator: 'aws4_request', "
                   "not '" +
                   printable(terminator) + "'.")};
  }
  if (!is_scope_word(scope.region) || !is_scope_word(scope.service) ||
      !is_valid_utf8(scope.access_key) || scope.access_key.empty()) {
    return Err{incomplete("Credential has a malformed scope: '" + printable(credential) + "'")};
  }
  return scope;
}

using ReadAuthorization = Result<std::optional<Authorization>, runtime::ServiceError>;

// "Credential=..., SignedHeaders=..., Signature=...", as sent.
struct HeaderFields {
  std::string_view credential;
  std::string_view signature;
  std::string_view signed_headers;

  std::string_view* find(std::string_view name) {
    if (name == "Credential") return &credential;
    if (name == "Signature") return &signature;
    if (name == "SignedHeaders") return &signed_headers;
    return nullptr;
  }
};

Result<HeaderFields, runtime::ServiceError> read_fields(std::string_view header) {
  HeaderFields fields;
  const std::size_t blank = header.find(' ');
  if (header.substr(0, 5) != "AWS4-" || blank == std::string_view::npos) return fields;
  std::string_view rest = header.substr(blank + 1);
  for (;;) {
    const std::size_t comma = rest.find(',');
    const std::string_view field = trimmed(rest.substr(0, comma));
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos) {
      return Err{
          incomplete("Invalid key=value pair (missing equal-sign) in Authorization header "
                     "(hashed with SHA-256 and encoded with Base64): '" +
                     encode_base64(sha256(header)) + "'.")};
    }
    if (std::string_view* known = fields.find(field.substr(0, equals))) {
      *known = trimmed(field.substr(equals + 1));
    }
    if (comma == std::string_view::npos) return fields;
    rest.remove_prefix(comma + 1);
  }
}

ReadAuthorization read_header(const HttpRequest& request, std::string_view header) {
  HeaderFields fields = TRY(read_fields(header));
  std::string missing;
  for (const std::string_view name : {"Credential", "Signature", "SignedHeaders"}) {
    if (fields.find(name)->empty()) {
      missing += "Authorization header requires '" + std::string(name) + "' parameter. ";
    }
  }
  if (!missing.empty()) return Err{incomplete(missing + hashed(header))};
  Authorization authorization;
  // Missing is no error here: a server that verifies no signatures needs no date (check_date).
  authorization.date = request.headers.value("x-amz-date");
  if (authorization.date.empty()) authorization.date = request.headers.value("date");
  authorization.scope = TRY(read_scope(fields.credential, header.substr(0, header.find(' '))));
  authorization.signed_headers = lower_case(fields.signed_headers);
  authorization.signature = fields.signature;
  return std::optional(std::move(authorization));
}

ReadAuthorization read_presigned(const std::vector<QueryParameter>& query) {
  std::string missing;
  const auto required = [&](std::string_view name) -> std::string {
    const std::string* value = find_parameter(query, name);
    if (value != nullptr && !value->empty()) return *value;
    missing += "AWS query-string parameters must include '" + std::string(name) + "'. ";
    return {};
  };
  const std::string algorithm = required("X-Amz-Algorithm");
  const std::string credential = required("X-Amz-Credential");
  Authorization authorization;
  authorization.form = SignatureForm::kQuery;
  authorization.signature = required("X-Amz-Signature");
  authorization.signed_headers = lower_case(required("X-Amz-SignedHeaders"));
  authorization.date = required("X-Amz-Date");
  const std::string expires = required("X-Amz-Expires");
  if (!missing.empty()) {
    return Err{incomplete(missing + "Re-examine the query-string parameters.")};
  }
  const auto read = std::from_chars(expires.data(), expires.data() + expires.size(),
                                    authorization.expires_seconds);
  // A week at most, as AWS has it.
  if (read.ec != std::errc() || read.ptr != expires.data() + expires.size() ||
      authorization.expires_seconds < 0 || authorization.expires_seconds > 604'800) {
    return Err{incomplete("X-Amz-Expires must be a number of seconds, at most 604800")};
  }
  authorization.scope = TRY(read_scope(credential, algorithm));
  return std::optional(std::move(authorization));
}

}  // namespace

Result<std::optional<Authorization>, runtime::ServiceError> read_authorization(
    const SignedRequest& request) {
  if (request.http.headers.has("authorization")) {
    return read_header(request.http, request.http.headers.value("authorization"));
  }
  if (find_parameter(request.query, "X-Amz-Algorithm") != nullptr ||
      find_parameter(request.query, "X-Amz-Signature") != nullptr) {
    return read_presigned(request.query);
  }
  return std::optional<Authorization>();
}

}  // namespace pawl::api
