// Signature Version 4, in the steps of AWS's description: canonical request, string to sign,
// signing key, signature.
#include "api/signature.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "base/digest.h"
#include "base/hex.h"
#include "base/percent.h"
#include "base/utc_text.h"

namespace pawl::api {

namespace {

constexpr WallMillis kSkewMillisMax = 15 * 60 * 1000;
constexpr std::string_view kUnsignedPayload = "UNSIGNED-PAYLOAD";

runtime::ServiceError invalid(std::string message) {
  return {.code = "InvalidSignatureException", .message = std::move(message), .members = {}};
}

// "20150830T123600Z" or an HTTP date.
std::optional<WallMillis> parse_date(const std::string& text) {
  for (const char* format : {"%Y%m%dT%H%M%SZ", "%a, %d %b %Y %H:%M:%S GMT"}) {
    std::tm time{};
    const char* end = strptime(text.c_str(), format, &time);
    if (end != nullptr && *end == '\0') {
      return static_cast<WallMillis>(timegm(&time)) * 1000;
    }
  }
  return std::nullopt;
}

// Path segments are encoded as sent, once more; "." and ".." are resolved. S3's keys may have
// either, and are taken as sent.
std::string canonical_path(std::string_view path, std::string_view service) {
  if (service == "s3") return std::string(path);
  std::vector<std::string_view> segments;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    at = end + 1;
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string out;
  for (const std::string_view segment : segments) {
    out.append("/").append(percent_encode(segment, Slash::kEncode));
  }
  if (out.empty() || (path.size() > 1 && path.back() == '/')) out += "/";
  return out;
}

std::string canonical_query(const std::vector<QueryParameter>& query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const QueryParameter& parameter : query) {
    if (parameter.name == "X-Amz-Signature") continue;
    pairs.emplace_back(percent_encode(parameter.name, Slash::kEncode),
                       percent_encode(parameter.value, Slash::kEncode));
  }
  std::sort(pairs.begin(), pairs.end());
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += "&";
    out.append(name).append("=").append(value);
  }
  return out;
}

// Runs of blanks become one.
void append_collapsed(std::string& out, std::string_view value) {
  bool blank = false;
  bool any = false;
  for (const char byte : value) {
    if (byte == ' ' || byte == '\t') {
      blank = true;
      continue;
    }
    if (blank && any) out.push_back(' ');
    blank = false;
    any = true;
    out.push_back(byte);
  }
}

// Calls `visit` with each name of "host;x-amz-date".
template <typename Visit>
void for_each_name(std::string_view names, Visit visit) {
  for (;;) {
    const std::size_t end = names.find(';');
    visit(names.substr(0, end));
    if (end == std::string_view::npos) return;
    names.remove_prefix(end + 1);
  }
}

std::string canonical_headers(const HeaderList& headers, std::string_view names) {
  std::string out;
  for_each_name(names, [&](std::string_view name) {
    out.append(name).append(":");
    bool first = true;
    for (std::size_t i = 0; i < headers.size(); ++i) {
      if (headers.at(i).name != name) continue;
      if (!first) out += ",";
      first = false;
      append_collapsed(out, headers.at(i).value);
    }
    out += "\n";
  });
  return out;
}

bool is_signed(const Authorization& authorization, std::string_view wanted) {
  bool found = false;
  for_each_name(authorization.signed_headers,
                [&](std::string_view name) { found = found || name == wanted; });
  return found;
}

// What a request does must be under its signature: the host, and every x-amz- field.
Result<void, runtime::ServiceError> check_signed_headers(const Authorization& authorization,
                                                         const HeaderList& headers) {
  if (!is_signed(authorization, "host")) {
    return Err{
        invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")};
  }
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const std::string_view name = headers.at(i).name;
    // It is part of the text that is signed.
    if (authorization.scope.service == "s3" && name == "x-amz-content-sha256") continue;
    if (name.substr(0, 6) == "x-amz-" && !is_signed(authorization, name)) {
      return Err{
          invalid("'" + printable(name) + "' must be a 'SignedHeader' in the AWS Authorization.")};
    }
  }
  return {};
}

Result<void, runtime::ServiceError> check_date(const Authorization& authorization, WallMillis now) {
  if (authorization.date.empty()) {
    return Err{runtime::ServiceError{.code = "IncompleteSignatureException",
                                     .message =
                                         "Authorization header requires existence of either a "
                                         "'X-Amz-Date' or a 'Date' header.",
                                     .members = {}}};
  }
  const auto date = parse_date(authorization.date);
  if (!date) {
    return Err{runtime::ServiceError{.code = "IncompleteSignatureException",
                                     .message = "Date must be in ISO-8601 'basic format'. Got '" +
                                                printable(authorization.date) +
                                                "'. See http://en.wikipedia.org/wiki/ISO_8601",
                                     .members = {}}};
  }
  const std::string day = basic_time(*date).substr(0, 8);
  if (day != authorization.scope.date) {
    return Err{
        invalid("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of "
                "date from HTTP: '" +
                printable(authorization.scope.date) + "' != '" + day + "', from '" +
                basic_time(*date) + "'.")};
  }
  if (*date > now + kSkewMillisMax) {
    return Err{invalid("Signature not yet current: " + basic_time(*date) + " is still later than " +
                       basic_time(now + kSkewMillisMax) + " (" + basic_time(now) + " + 15 min.)")};
  }
  if (authorization.form == SignatureForm::kQuery) {
    const WallMillis end = *date + authorization.expires_seconds * 1000;
    if (now > end) {
      return Err{invalid("Signature expired: " + basic_time(end) + " is now earlier than " +
                         basic_time(now))};
    }
  } else if (*date < now - kSkewMillisMax) {
    return Err{invalid("Signature expired: " + basic_time(*date) + " is now earlier than " +
                       basic_time(now - kSkewMillisMax) + " (" + basic_time(now) + " - 15 min.)")};
  }
  return {};
}

// The hash that the signature covers. Only S3's clients may leave the body out.
Result<std::string, runtime::ServiceError> payload_hash(const Authorization& authorization,
                                                        const HttpRequest& request) {
  const bool s3 = authorization.scope.service == "s3";
  const std::string_view announced = request.headers.value("x-amz-content-sha256");
  if (s3) {
    // The body comes later, and is held against what was announced then.
    if (!announced.empty()) return std::string(announced);
    if (authorization.form == SignatureForm::kQuery) return std::string(kUnsignedPayload);
    return Err{runtime::ServiceError{
        .code = "InvalidRequest",
        .message = "Missing required header for this request: x-amz-content-sha256",
        .members = {}}};
  }
  std::string actual = encode_hex(sha256(request.body));
  if (!announced.empty() && announced != actual) {
    return Err{
        invalid("The value passed in as x-amz-content-sha256 does not match the SHA-256 of "
                "the body: " +
                actual)};
  }
  return actual;
}

}  // namespace

std::string canonical_request(const Authorization& authorization, const SignedRequest& request,
                              std::string_view payload_hash) {
  std::string out = request.http.method + "\n";
  out += canonical_path(request.target.path, authorization.scope.service) + "\n";
  out += canonical_query(request.query) + "\n";
  out += canonical_headers(request.http.headers, authorization.signed_headers) + "\n";
  out += authorization.signed_headers + "\n";
  out += payload_hash;
  return out;
}

std::string string_to_sign(const Authorization& authorization, std::string_view canonical) {
  const auto date = parse_date(authorization.date);
  const CredentialScope& scope = authorization.scope;
  return "AWS4-HMAC-SHA256\n" + (date ? basic_time(*date) : authorization.date) + "\n" +
         scope.date + "/" + scope.region + "/" + scope.service + "/aws4_request\n" +
         encode_hex(sha256(canonical));
}

std::string sign(const CredentialScope& scope, std::string_view secret, std::string_view text) {
  std::string key = hmac_sha256("AWS4" + std::string(secret), scope.date);
  key = hmac_sha256(key, scope.region);
  key = hmac_sha256(key, scope.service);
  key = hmac_sha256(key, "aws4_request");
  return encode_hex(hmac_sha256(key, text));
}

Result<void, runtime::ServiceError> verify_signature(const Authorization& authorization,
                                                     const SignedRequest& request,
                                                     std::string_view secret,
                                                     std::string_view service, WallMillis now) {
  if (authorization.scope.service != service) {
    return Err{invalid("Credential should be scoped to correct service: '" + std::string(service) +
                       "'. ")};
  }
  TRY(check_signed_headers(authorization, request.http.headers));
  TRY(check_date(authorization, now));
  const std::string payload = TRY(payload_hash(authorization, request.http));
  const std::string canonical = canonical_request(authorization, request, payload);
  const std::string to_sign = string_to_sign(authorization, canonical);
  if (equal_in_constant_time(sign(authorization.scope, secret, to_sign), authorization.signature)) {
    return {};
  }
  return Err{invalid(
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.\n\n"
      "The Canonical String for this request should have been\n'" +
      canonical + "'\n\nThe String-to-Sign should have been\n'" + to_sign + "'\n")};
}

}  // namespace pawl::api
