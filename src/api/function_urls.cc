#include "api/function_urls.h"

#include <algorithm>

#include "api/browser_guard.h"
#include "base/ascii.h"
#include "base/utf8.h"
#include "json/number.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

constexpr std::string_view kPaths = "/_pawl/function-urls/";
constexpr std::string_view kHostLabel = ".lambda-url.";
constexpr std::size_t kIdCharacters = 32;

bool is_id(std::string_view text) {
  return text.size() == kIdCharacters && std::all_of(text.begin(), text.end(), [](char byte) {
           return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
         });
}

// RFC 9110 section 5.6.2.
bool is_token(std::string_view name) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char byte) {
    return is_letter_or_digit(byte) || kMarks.find(byte) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) < 0x20 && byte != '\t') || byte == 0x7F;
  });
}

// What the server itself says of the message.
bool is_of_the_connection(std::string_view name) {
  constexpr std::string_view kNames[] = {"connection", "content-length",    "date",
                                         "keep-alive", "trailer",           "te",
                                         "upgrade",    "transfer-encoding", "x-amzn-requestid"};
  return std::find(std::begin(kNames), std::end(kNames), lower_case(name)) != std::end(kNames);
}

void write_caller(json::Writer& out, const FunctionUrlCaller& caller) {
  if (!caller.ok()) {
    if (!caller.error().empty()) out.key("Refusal").string(caller.error());
    return;
  }
  out.key("Caller").begin_object();
  out.key("AccessKey").string(caller->access_key).key("AccountId").string(caller->account);
  out.key("UserArn").string(caller->arn).key("UserId").string(caller->user_id).end_object();
}

}  // namespace

std::optional<FunctionUrl> function_url_of(const HttpRequest& request, const Target& target) {
  if (target.path.starts_with(kPaths)) {
    const std::string_view rest = target.path.substr(kPaths.size());
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    const std::string_view path = rest.substr(slash);
    return FunctionUrl{utf8_or_latin1(rest.substr(0, slash)),
                       path.empty() ? "/" : utf8_or_latin1(path)};
  }
  const std::string_view host =
      without_port(target.authority.empty() ? request.headers.value("host") : target.authority);
  const std::string_view id = host.substr(0, std::min(kIdCharacters, host.size()));
  if (!is_id(id) || !host.substr(id.size()).starts_with(kHostLabel)) return std::nullopt;
  return FunctionUrl{std::string(id), utf8_or_latin1(target.path)};
}

json::Value function_url_input(const FunctionUrl& url, const HttpRequest& request,
                               const Target& target, const std::vector<QueryParameter>& query,
                               const FunctionUrlCaller& caller) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("UrlId").string(url.id).key("Method").string(
      utf8_or_latin1(request.method));
  out.key("Path").string(url.path).key("RawQuery").string(utf8_or_latin1(target.query));
  out.key("Protocol").string(request.minor_version == 0 ? "HTTP/1.0" : "HTTP/1.1");
  out.key("SourceIp").string(request.peer);
  out.key("Query").begin_array();
  for (const QueryParameter& each : query) {
    out.begin_array()
        .string(utf8_or_latin1(each.name))
        .string(utf8_or_latin1(each.value))
        .end_array();
  }
  out.end_array().key("Headers").begin_array();
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const auto [name, value] = request.headers.at(i);
    out.begin_array().string(utf8_or_latin1(name)).string(utf8_or_latin1(value)).end_array();
  }
  out.end_array();
  write_caller(out, caller);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

HttpResponse function_url_response(Result<runtime::StreamedOutput, runtime::ServiceError> result,
                                   std::string request_id) {
  HttpResponse response;
  response.request_id = std::move(request_id);
  if (!result.ok()) {
    response.status = result.error().http_status;
    std::string body;
    json::Writer(body).begin_object().key("Message").string(result.error().message).end_object();
    response.body = std::move(body);
    return response;
  }
  const json::Node output = result->output.root();
  if (const json::Node* status = output.find("StatusCode")) {
    response.status = static_cast<int>(json::to_int64(status->number_text()).value_or(200));
  }
  response.content_type = {};  // it is among the fields
  if (const json::Node* headers = output.find("Headers")) {
    for (const json::Node& field : *headers) {
      const std::string_view name = field.at(0).string();
      const std::string_view value = field.at(1).string();
      if (!is_token(name) || !is_field_value(value) || is_of_the_connection(name)) continue;
      response.headers.emplace_back(name, value);
    }
  }
  response.body = std::move(result->body.bytes);
  return response;
}

}  // namespace pawl::api
