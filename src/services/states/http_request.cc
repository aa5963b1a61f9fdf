#include "services/states/http_request.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/percent.h"
#include "json/members.h"
#include "json/writer.h"

namespace pawl::states {

namespace {

using machine::Fault;

constexpr std::string_view kMethods[] = {"GET",   "POST",    "PUT", "DELETE",
                                         "PATCH", "OPTIONS", "HEAD"};
constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

// Headers that are the service's own or of the connection, in lower case.
constexpr std::string_view kRefusedHeaders[] = {"a-im",
                                                "accept-charset",
                                                "accept-datetime",
                                                "accept-encoding",
                                                "authorization",
                                                "cache-control",
                                                "connection",
                                                "content-encoding",
                                                "content-length",
                                                "content-md5",
                                                "date",
                                                "expect",
                                                "forwarded",
                                                "from",
                                                "host",
                                                "http2-settings",
                                                "if-match",
                                                "if-modified-since",
                                                "if-none-match",
                                                "if-range",
                                                "if-unmodified-since",
                                                "max-forwards",
                                                "origin",
                                                "pragma",
                                                "proxy-authorization",
                                                "referer",
                                                "server",
                                                "te",
                                                "trailer",
                                                "transfer-encoding",
                                                "upgrade",
                                                "via",
                                                "warning"};
constexpr std::string_view kRefusedPrefixes[] = {"x-forwarded-", "x-amz-", "x-amzn-"};

enum class Arrays { kIndices, kRepeat, kCommas, kBrackets };

Fault bad_parameters(const json::Value& parameters, std::string_view problem) {
  return {"States.Runtime", "The Parameters '" + json::print(parameters.root()) +
                                "' could not be used to start the Task: [" + std::string(problem) +
                                "]"};
}

std::string bad_format(std::string_view field) {
  return "The value of the field '" + std::string(field) + "' has an invalid format";
}

std::string text_of(json::Node value) {
  return value.is_string() ? std::string(value.string()) : json::print(value);
}

bool is_scalar(json::Node value) { return !value.is_object() && !value.is_array(); }

// `name=value&...` of anything: members as name[member], items as the encoding says.
class Form {
 public:
  explicit Form(Arrays arrays) : arrays_(arrays) {}

  void add(const std::string& name, json::Node value) {
    if (value.is_object()) {
      for (const json::Member& member : value.members()) {
        const std::string part = percent_encode(member.key.string(), Slash::kEncode);
        add(name.empty() ? part : name + "[" + part + "]", member.value);
      }
    } else if (value.is_array()) {
      add_items(name, value);
    } else if (!value.is_null()) {
      begin(name);
      text_ += percent_encode(text_of(value), Slash::kEncode);
    }
  }
  std::string take() && { return std::move(text_); }

 private:
  void begin(const std::string& name) {
    if (!text_.empty()) text_.push_back('&');
    text_.append(name).push_back('=');
  }

  void add_items(const std::string& name, json::Node array) {
    const bool scalars = std::ranges::all_of(array, is_scalar);
    if (arrays_ == Arrays::kCommas && scalars) {
      begin(name);
      bool first = true;
      for (const json::Node& item : array) {
        if (!std::exchange(first, false)) text_.push_back(',');
        text_ += percent_encode(text_of(item), Slash::kEncode);
      }
      return;
    }
    std::size_t index = 0;
    for (const json::Node& item : array) {
      const bool numbered = arrays_ == Arrays::kIndices || !scalars;
      std::string suffix;
      if (numbered) {
        suffix = "[" + std::to_string(index) + "]";
      } else if (arrays_ == Arrays::kBrackets) {
        suffix = "[]";
      }
      add(name + suffix, item);
      ++index;
    }
  }

  Arrays arrays_;
  std::string text_;
};

// Headers by their names in lower case, so that the author's replace the service's.
using Headers = std::map<std::string, std::pair<std::string, std::string>>;

bool is_refused(std::string_view name) {
  return std::ranges::find(kRefusedHeaders, name) != std::end(kRefusedHeaders) ||
         std::ranges::any_of(kRefusedPrefixes,
                             [&](std::string_view prefix) { return name.starts_with(prefix); });
}

// RFC 9110: names are tokens, values have no control characters.
bool is_header(std::string_view name, std::string_view value) {
  constexpr std::string_view kTokens = "!#$%&'*+-.^_`|~";
  const auto is_token = [&](char byte) {
    return is_letter_or_digit(byte) || kTokens.find(byte) != std::string_view::npos;
  };
  return !name.empty() && std::ranges::all_of(name, is_token) &&
         std::ranges::none_of(value, [](char byte) {
           return (static_cast<unsigned char>(byte) < 0x20 && byte != '\t') || byte == 0x7F;
         });
}

// One value, or a list of them.
std::optional<std::string> header_value(json::Node value) {
  if (value.is_object() || value.is_null()) return std::nullopt;
  if (!value.is_array()) return text_of(value);
  std::string joined;
  for (const json::Node& item : value) {
    if (!is_scalar(item) || item.is_null()) return std::nullopt;
    if (!joined.empty()) joined += ",";
    joined += text_of(item);
  }
  return joined;
}

// What is wrong, if anything.
std::optional<std::string> add_headers(const json::Node* given, Headers& headers) {
  if (given == nullptr) return std::nullopt;
  if (!given->is_object()) return bad_format("Headers");
  for (const json::Member& member : given->members()) {
    const std::string name(member.key.string());
    const auto value = header_value(member.value);
    if (!value || !is_header(name, *value)) return bad_format("Headers");
    if (is_refused(lower_case(name))) return "The HTTP header '" + name + "' is not supported";
    headers[lower_case(name)] = {name, *value};
  }
  return std::nullopt;
}

// Where the query begins depends on the endpoint's own.
std::optional<std::string> add_query(const json::Node* given, std::string& url) {
  if (given == nullptr) return std::nullopt;
  if (!given->is_object()) return bad_format("QueryParameters");
  for (const json::Member& member : given->members()) {
    const json::Node value = member.value;
    if (value.is_object()) return bad_format("QueryParameters");
    if (value.is_array() && !std::ranges::all_of(value, is_scalar)) {
      return bad_format("QueryParameters");
    }
  }
  Form form(Arrays::kRepeat);
  form.add("", *given);
  const std::string query = std::move(form).take();
  if (query.empty()) return std::nullopt;
  const std::size_t fragment = url.find('#');
  if (fragment != std::string::npos) url.resize(fragment);
  url += url.find('?') == std::string::npos ? "?" : "&";
  url += query;
  return std::nullopt;
}

struct Transform {
  bool form = false;
  Arrays arrays = Arrays::kIndices;
};

std::optional<Transform> read_transform(const json::Node* given) {
  Transform transform;
  if (given == nullptr) return transform;
  if (!given->is_object()) return std::nullopt;
  const json::Members members(*given);
  const std::string_view encoding = members.text_or("RequestBodyEncoding", "NONE");
  if (encoding != "NONE" && encoding != "URL_ENCODED") return std::nullopt;
  transform.form = encoding == "URL_ENCODED";
  const json::Node* options = members.node("RequestEncodingOptions");
  if (options == nullptr) return transform;
  if (!options->is_object()) return std::nullopt;
  static constexpr std::array<std::pair<std::string_view, Arrays>, 4> kFormats{
      {{"INDICES", Arrays::kIndices},
       {"REPEAT", Arrays::kRepeat},
       {"COMMAS", Arrays::kCommas},
       {"BRACKETS", Arrays::kBrackets}}};
  const std::string_view format = json::Members(*options).text_or("ArrayFormat", "INDICES");
  for (const auto& [name, arrays] : kFormats) {
    if (name == format) return Transform{transform.form, arrays};
  }
  return std::nullopt;
}

bool is_json_type(std::string_view content_type) {
  const std::string type = lower_case(content_type.substr(0, content_type.find(';')));
  return type == "application/json" || type.ends_with("+json");
}

// The text that is sent; a text stays what it is where no JSON is promised.
std::optional<std::string> add_body(const json::Node* body, const Transform& transform,
                                    Headers& headers, std::string& text) {
  if (body == nullptr) return std::nullopt;
  const auto type = headers.find("content-type");
  if (transform.form) {
    if (!body->is_object()) return bad_format("RequestBody");
    if (type == headers.end()) headers["content-type"] = {"Content-Type", std::string(kFormType)};
    Form form(transform.arrays);
    form.add("", *body);
    text = std::move(form).take();
    return std::nullopt;
  }
  if (type == headers.end()) headers["content-type"] = {"Content-Type", "application/json"};
  const bool plain = body->is_string() && !is_json_type(headers["content-type"].second);
  text = plain ? std::string(body->string()) : json::print(*body);
  return std::nullopt;
}

bool is_binary_type(std::string_view content_type) {
  const std::string type = lower_case(content_type.substr(0, content_type.find(';')));
  static constexpr std::string_view kFamilies[] = {"image/", "audio/", "video/", "font/"};
  static constexpr std::string_view kTypes[] = {"application/octet-stream", "application/pdf",
                                                "application/zip", "application/gzip"};
  return std::ranges::any_of(kFamilies, [&](auto family) { return type.starts_with(family); }) ||
         std::ranges::find(kTypes, type) != std::end(kTypes);
}

void write_headers(json::Writer& out, json::Node headers) {
  std::vector<std::pair<std::string, std::vector<std::string>>> grouped;
  for (const json::Node& header : headers) {
    const std::string name(header.at(0).string());
    auto found = std::ranges::find(grouped, name, [](const auto& each) { return each.first; });
    if (found == grouped.end()) found = grouped.insert(grouped.end(), {name, {}});
    found->second.emplace_back(header.at(1).string());
  }
  out.begin_object();
  for (const auto& [name, values] : grouped) {
    out.key(name).begin_array();
    for (const std::string& value : values) out.string(value);
    out.end_array();
  }
  out.end_object();
}

std::string content_type_of(json::Node headers) {
  for (const json::Node& header : headers) {
    if (header.at(0).string() == "content-type") return std::string(header.at(1).string());
  }
  return {};
}

// Who authorizes the request; the second name is the older.
std::string_view connection_of(const json::Members& parameters) {
  for (const std::string_view field : {"InvocationConfig", "Authentication"}) {
    const json::Node* object = parameters.node(field);
    if (object == nullptr || !object->is_object()) continue;
    if (const auto arn = json::Members(*object).text("ConnectionArn")) return *arn;
  }
  return {};
}

}  // namespace

Result<json::Value, Fault> http_request(const json::Value& parameters, std::string_view region) {
  const auto refuse = [&](std::string_view problem) {
    return Err{bad_parameters(parameters, problem)};
  };
  if (!parameters.root().is_object()) return refuse(bad_format("Parameters"));
  const json::Members members(parameters.root());
  for (const std::string_view field : {"ApiEndpoint", "Method"}) {
    if (!members.has(field)) {
      return refuse("The field '" + std::string(field) + "' is required but was missing");
    }
  }
  const auto method = members.text("Method");
  if (!method || std::ranges::find(kMethods, *method) == std::end(kMethods)) {
    return refuse(bad_format("Method"));
  }
  const auto endpoint = members.text("ApiEndpoint");
  if (!endpoint) return refuse(bad_format("ApiEndpoint"));
  std::string url(*endpoint);
  const auto transform = read_transform(members.node("Transform"));
  if (!transform) return refuse(bad_format("Transform"));
  Headers headers;
  headers["range"] = {"Range", "bytes=0-262144"};
  headers["user-agent"] = {"User-Agent", "Amazon|StepFunctions|HttpInvoke|" + std::string(region)};
  std::string body;
  if (auto problem = add_headers(members.node("Headers"), headers)) return refuse(*problem);
  if (auto problem = add_query(members.node("QueryParameters"), url)) return refuse(*problem);
  if (auto problem = add_body(members.node("RequestBody"), *transform, headers, body)) {
    return refuse(*problem);
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Method").string(*method).key("Url").string(url);
  out.key("Headers").begin_array();
  for (const auto& [key, header] : headers) {
    out.begin_array().string(header.first).string(header.second).end_array();
  }
  out.end_array().key("Body").string(body);
  out.key("ConnectionArn").string(connection_of(members)).end_object();
  return json::Value::trusted(std::move(text));
}

Result<json::Value, Fault> http_result(const json::Value& answer) {
  const json::Members members(answer.root());
  const auto status = members.integer("Status").value_or(0);
  const std::string_view body = members.text_or("Body", "");
  if (status < 200 || status > 299) {
    return Err{Fault{"States.Http.StatusCode." + std::to_string(status), std::string(body)}};
  }
  const json::Node headers = *members.node("Headers");
  const std::string content_type = content_type_of(headers);
  if (is_binary_type(content_type)) {
    return Err{Fault{"States.Runtime", "The response body of the content type '" + content_type +
                                           "' is not supported"}};
  }
  std::optional<json::Value> parsed;
  if (is_json_type(content_type)) {
    if (auto value = json::Value::parse(std::string(body)); value.ok()) parsed = *value;
  }
  std::string text;
  json::Writer out(text);
  write_headers(out.begin_object().key("Headers"), headers);
  out.key("ResponseBody");
  if (parsed) {
    out.node(parsed->root());
  } else {
    out.string(body);
  }
  out.key("StatusCode").integer(status);
  out.key("StatusText").string(members.text_or("StatusText", "")).end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::states
