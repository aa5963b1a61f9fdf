#include "api/http_endpoints.h"

#include <algorithm>

#include "api/url.h"
#include "base/ascii.h"
#include "base/base64.h"
#include "base/http_status.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "json/members.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

constexpr std::chrono::seconds kCallTimeout{60};

// Scheme, host and port of an address; nothing where a part of it could be taken for another host.
std::optional<std::string> origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::nullopt;
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const std::string origin = lower_case(url.substr(0, end));
  if (!origin.starts_with("http://") && !origin.starts_with("https://")) return std::nullopt;
  if (end == begin || origin.find_first_of("@\\%\"<>^`{|} ", begin) != std::string::npos) {
    return std::nullopt;
  }
  return origin;
}

bool is_printable(std::string_view url) {
  return std::ranges::all_of(
      url, [](char byte) { return static_cast<unsigned char>(byte) > 0x20 && byte != 0x7F; });
}

runtime::ServiceError error(std::string code, std::string message) {
  return {.code = std::move(code), .message = std::move(message), .http_status = 0, .members = {}};
}

outgoing::Request request_of(const json::Members& input) {
  outgoing::Request request;
  request.method = input.text_or("Method", "GET");
  request.url = input.text_or("Url", "");
  request.body = input.text_or("Body", "");
  request.timeout = kCallTimeout;
  if (const json::Node* headers = input.node("Headers")) {
    for (const json::Node& header : *headers) {
      request.headers.push_back(std::string(header.at(0).string()) + ": " +
                                std::string(header.at(1).string()));
    }
  }
  return request;
}

json::Value answer_of(const outgoing::Answer& answer) {
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Status").integer(answer.status);
  out.key("StatusText").string(reason_phrase(answer.status));
  out.key("Headers").begin_array();
  for (const auto& [name, value] : answer.headers) {
    out.begin_array().string(printable(name)).string(printable(value)).end_array();
  }
  out.end_array();
  out.key("Body").string(is_valid_utf8(answer.body) ? answer.body : printable(answer.body));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

// "arn:aws:events:REGION:ACCOUNT:connection/NAME/ID", or the name itself.
std::string_view connection_name(std::string_view arn) {
  constexpr std::string_view kBefore = ":connection/";
  const std::size_t at = arn.find(kBefore);
  if (at != std::string_view::npos) arn.remove_prefix(at + kBefore.size());
  return arn.substr(0, arn.find('/'));
}

// The connection's headers win over the task's.
void authorize(const HttpConnection& connection, outgoing::Request& request) {
  for (const auto& [name, value] : connection.headers) {
    const std::string begin = lower_case(name) + ":";
    std::erase_if(request.headers,
                  [&](const std::string& each) { return lower_case(each).starts_with(begin); });
    request.headers.push_back(name + ": " + value);
  }
  for (const auto& [name, value] : connection.query) {
    request.url += request.url.find('?') == std::string::npos ? "?" : "&";
    request.url +=
        percent_encode(name, Slash::kEncode) + "=" + percent_encode(value, Slash::kEncode);
  }
}

bool is_header_text(std::string_view text) {
  return std::ranges::none_of(
      text, [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; });
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

// [{"Key", "Value"}, ...], perhaps absent.
std::optional<std::string> read_pairs(const json::Node* array, Pairs& out) {
  if (array == nullptr) return std::nullopt;
  if (!array->is_array()) return "its parameters are no array";
  for (const json::Node& item : *array) {
    if (!item.is_object()) return "a parameter is no object";
    const json::Members members(item);
    const auto key = members.text("Key");
    const auto value = members.text("Value");
    if (!key || key->empty() || !value) return "a parameter has no Key and Value";
    if (!is_header_text(*key) || !is_header_text(*value)) return "a parameter is no plain text";
    out.emplace_back(*key, *value);
  }
  return std::nullopt;
}

std::optional<std::string> read_authorization(std::string_view type,
                                              const json::Members& parameters,
                                              HttpConnection& out) {
  const bool key = type == "API_KEY";
  if (!key && type != "BASIC") return "its AuthorizationType is neither API_KEY nor BASIC";
  const json::Node* object = parameters.node(key ? "ApiKeyAuthParameters" : "BasicAuthParameters");
  if (object == nullptr || !object->is_object()) return "it lacks the AuthParameters of its type";
  const json::Members members(*object);
  const auto first = members.text(key ? "ApiKeyName" : "Username");
  const auto second = members.text(key ? "ApiKeyValue" : "Password");
  if (!first || first->empty() || !second || !is_header_text(*first) || !is_header_text(*second)) {
    return "its AuthParameters are not complete";
  }
  if (key) {
    out.headers.emplace_back(*first, *second);
  } else {
    out.headers.emplace_back("Authorization", "Basic " + encode_base64(std::string(*first) + ":" +
                                                                       std::string(*second)));
  }
  return std::nullopt;
}

std::optional<std::string> read_connection(json::Node value, HttpConnection& out) {
  if (!value.is_object()) return "it is no object";
  const json::Members members(value);
  const json::Node* parameters = members.node("AuthParameters");
  if (parameters == nullptr || !parameters->is_object()) return "it has no AuthParameters";
  const json::Members given(*parameters);
  if (auto wrong = read_authorization(members.text_or("AuthorizationType", ""), given, out)) {
    return wrong;
  }
  const json::Node* http = given.node("InvocationHttpParameters");
  if (http == nullptr) return std::nullopt;
  if (!http->is_object()) return "its InvocationHttpParameters are no object";
  const json::Members lists(*http);
  if (lists.has("BodyParameters")) return "BodyParameters are not taken";
  if (auto wrong = read_pairs(lists.node("HeaderParameters"), out.headers)) return wrong;
  return read_pairs(lists.node("QueryStringParameters"), out.query);
}

}  // namespace

Result<HttpConnections, std::string> read_http_connections(std::string_view text) {
  const auto parsed = json::Value::parse(std::string(text));
  if (!parsed.ok()) return Err{std::string("is no JSON")};
  if (!parsed->root().is_object()) return Err{std::string("is no JSON object")};
  HttpConnections connections;
  for (const json::Member& member : parsed->root().members()) {
    const std::string name(member.key.string());
    if (const auto wrong = read_connection(member.value, connections[name])) {
      return Err{"connection '" + name + "': " + *wrong};
    }
  }
  return connections;
}

HttpEndpoints::HttpEndpoints(Options options)
    : options_(std::move(options)), client_(options_.limits, options_.ca_bundle) {}

bool HttpEndpoints::allows(std::string_view url) const {
  const auto origin = origin_of(url);
  if (!origin || !is_printable(url)) return false;
  return std::ranges::any_of(
      options_.origins, [&](const std::string& each) { return each == "*" || each == *origin; });
}

void HttpEndpoints::add_to(runtime::Operations& operations) {
  operations.add("http", "Invoke", [this](const runtime::Call& call, runtime::Reply reply) {
    const json::Members input(call.input.root());
    outgoing::Request request = request_of(input);
    if (!allows(request.url)) {
      return reply(Err{error("States.Runtime", "Pawl may not call '" + request.url +
                                                   "': name its origin with --http-endpoints")});
    }
    const std::string_view arn = input.text_or("ConnectionArn", "");
    if (!arn.empty()) {
      const auto found = options_.connections.find(connection_name(arn));
      if (found == options_.connections.end()) {
        return reply(Err{error("Events.ConnectionResource.ResourceNotFound",
                               "Connection '" + std::string(arn) + "' does not exist.")});
      }
      authorize(found->second, request);
    }
    client_.send(std::move(request),
                 [reply = std::move(reply)](const outgoing::HttpClient::Outcome& outcome) {
                   if (outcome.ok()) return reply(answer_of(*outcome));
                   reply(Err{error("States.Http.Socket", outcome.error().message)});
                 });
  });
}

std::optional<std::string> origin_problem(std::string_view origin) {
  if (origin == "*" || origin_of(origin) == origin) return std::nullopt;
  return "'" + std::string(origin) + "' is no origin such as https://api.example.com";
}

}  // namespace pawl::api
