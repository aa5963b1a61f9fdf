#include "services/lambda/url_event.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "base/ascii.h"
#include "base/base64.h"
#include "base/utf8.h"
#include "json/number.h"
#include "json/writer.h"
#include "services/lambda/answer_text.h"
#include "services/lambda/fields.h"

namespace pawl::lambda {
namespace {

using json::Node;
using json::Writer;

// "12/Mar/2020:19:03:58 +0000"
std::string event_time(WallMillis now) {
  const auto seconds = static_cast<std::time_t>(now / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%d/%b/%Y:%H:%M:%S +0000", &utc)};
}

// [name, value] pairs by name, several values of one joined with commas.
UrlFields joined(const Node* pairs) {
  UrlFields fields;
  if (pairs == nullptr) return fields;
  for (const Node& pair : *pairs) {
    const std::string_view name = pair.at(0).string();
    const auto known = std::find_if(fields.begin(), fields.end(),
                                    [name](const auto& field) { return field.first == name; });
    if (known == fields.end()) {
      fields.emplace_back(name, pair.at(1).string());
    } else {
      known->second.append(",").append(pair.at(1).string());
    }
  }
  return fields;
}

void write_fields(Writer& out, const UrlFields& fields) {
  out.begin_object();
  for (const auto& [name, value] : fields) out.key(name).string(value);
  out.end_object();
}

void write_cookies(Writer& out, const UrlFields& headers) {
  for (const auto& [name, value] : headers) {
    if (name != "cookie") continue;
    out.key("cookies").begin_array();
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t end = std::min(rest.find(';'), rest.size());
      std::string_view cookie = rest.substr(0, end);
      while (cookie.starts_with(' ')) cookie.remove_prefix(1);
      if (!cookie.empty()) out.string(cookie);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    out.end_array();
  }
}

void write_headers(Writer& out, const UrlRequest& request, const UrlFields& headers) {
  UrlFields shown;
  std::string forwarded;
  for (const auto& field : headers) {
    if (field.first == "x-forwarded-for") forwarded = field.second + ", ";
    if (field.first != "cookie" && !field.first.starts_with("x-forwarded-")) shown.push_back(field);
  }
  shown.emplace_back("x-forwarded-for",
                     forwarded + text_member(request.request, "SourceIp").value_or(""));
  shown.emplace_back("x-forwarded-port", request.port);
  shown.emplace_back("x-forwarded-proto", request.scheme);
  out.key("headers");
  write_fields(out, shown);
}

void write_authorizer(Writer& out, const UrlRequest& request) {
  const Node* caller = member(request.request, "Caller");
  const bool known = caller != nullptr && request.authorizer == UrlRequest::Authorizer::kIam;
  out.key("accountId").string(known ? text_member(*caller, "AccountId").value_or("") : "anonymous");
  if (!known) return;
  const std::string account = text_member(*caller, "AccountId").value_or("");
  const std::string arn = text_member(*caller, "UserArn").value_or("");
  const std::string id = text_member(*caller, "UserId").value_or("");
  out.key("authentication").null().key("authorizer").begin_object().key("iam").begin_object();
  out.key("accessKey").string(text_member(*caller, "AccessKey").value_or(""));
  out.key("accountId").string(account).key("callerId").string(id.empty() ? account : id);
  out.key("cognitoIdentity").null().key("principalOrgId").null();
  out.key("userArn").string(arn.empty() ? "arn:aws:iam::" + account + ":root" : arn);
  out.key("userId").string(id.empty() ? account : id).end_object().end_object();
}

void write_context(Writer& out, const UrlRequest& request) {
  const auto text = [&](const char* name) {
    return text_member(request.request, name).value_or("");
  };
  out.key("requestContext").begin_object();
  write_authorizer(out, request);
  out.key("apiId").string(text("UrlId")).key("domainName").string(request.domain);
  out.key("domainPrefix").string(text("UrlId"));
  out.key("http").begin_object().key("method").string(text("Method"));
  out.key("path").string(text("Path")).key("protocol").string(text("Protocol"));
  out.key("sourceIp").string(text("SourceIp"));
  out.key("userAgent").string(header_in(request.request, "user-agent")).end_object();
  out.key("requestId").string(request.request_id);
  out.key("routeKey").string("$default").key("stage").string("$default");
  out.key("time").string(event_time(request.now)).key("timeEpoch").integer(request.now);
  out.end_object();
}

// Whether the body is text by its media type; without one, by its bytes.
bool is_text(Node request, std::string_view body) {
  if (!is_valid_utf8(body) || !header_in(request, "content-encoding").empty()) return false;
  std::string type = header_in(request, "content-type");
  type = type.substr(0, std::min(type.find(';'), type.size()));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  if (type.empty()) return true;
  constexpr std::string_view kText[] = {"application/json", "application/javascript",
                                        "application/xml"};
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml") ||
         std::find(std::begin(kText), std::end(kText), type) != std::end(kText);
}

std::string scalar_text(Node value) {
  return value.is_string() ? std::string(value.string()) : json::print(value);
}

// The object that a handler answers with when it wants to say more than a body.
std::optional<UrlAnswer> structured(Node payload, Node status) {
  UrlAnswer answer;
  const std::string code = scalar_text(status);
  const auto number = json::to_int64(code);
  if (code.find_first_not_of("0123456789") != std::string::npos || !number || *number < 200 ||
      *number > 599) {
    return std::nullopt;
  }
  answer.status = static_cast<int>(*number);
  if (const Node* headers = member(payload, "headers")) {
    for (const json::Member& field : headers->members()) {
      if (field.value.is_null()) continue;
      answer.headers.emplace_back(lower_case(field.key.string()), scalar_text(field.value));
    }
  }
  if (const Node* cookies = member(payload, "cookies")) {
    for (const Node& cookie : *cookies)
      answer.headers.emplace_back("set-cookie", scalar_text(cookie));
  }
  if (const Node* body = member(payload, "body")) answer.body = scalar_text(*body);
  if (!true_member(payload, "isBase64Encoded")) return answer;
  auto bytes = decode_base64(answer.body);
  if (!bytes) return std::nullopt;
  answer.body = std::move(*bytes);
  return answer;
}

}  // namespace

std::string header_in(Node request, std::string_view name) {
  if (const Node* headers = member(request, "Headers")) {
    for (const Node& field : *headers) {
      if (field.at(0).string() == name) return std::string(field.at(1).string());
    }
  }
  return {};
}

json::Value url_event(const UrlRequest& request) {
  const Node given = request.request;
  const UrlFields headers = joined(member(given, "Headers"));
  const UrlFields query = joined(member(given, "Query"));
  std::string text;
  text.reserve(request.body.size() + 1'024);
  Writer out(text);
  out.begin_object().key("version").string("2.0").key("routeKey").string("$default");
  out.key("rawPath").string(text_member(given, "Path").value_or("/"));
  out.key("rawQueryString").string(text_member(given, "RawQuery").value_or(""));
  write_cookies(out, headers);
  write_headers(out, request, headers);
  if (!query.empty()) {
    out.key("queryStringParameters");
    write_fields(out, query);
  }
  write_context(out, request);
  const bool plain = is_text(given, request.body);
  if (!request.body.empty()) {
    out.key("body").string(plain ? std::string(request.body) : encode_base64(request.body));
  }
  out.key("isBase64Encoded").boolean(!request.body.empty() && !plain).end_object();
  return json::Value::trusted(std::move(text));
}

std::optional<UrlAnswer> url_answer(Node payload) {
  const Node* status = member(payload, "statusCode");
  // An answer without a status is the body, and JSON.
  auto answer = status != nullptr ? structured(payload, *status)
                                  : std::optional(UrlAnswer{200, {}, json::print(payload)});
  if (!answer) return std::nullopt;
  const bool typed = std::any_of(answer->headers.begin(), answer->headers.end(),
                                 [](const auto& field) { return field.first == "content-type"; });
  if (!typed) answer->headers.emplace_back("content-type", "application/json");
  constexpr int kNoContent = 204, kNotModified = 304;
  if (answer->status == kNoContent || answer->status == kNotModified) answer->body.clear();
  return answer;
}

}  // namespace pawl::lambda
