// Finding the row.
#include "api/router.h"

#include <algorithm>

#include "api/bucket_routes.h"
#include "api/errors.h"
#include "base/percent.h"
#include "base/utf8.h"

namespace pawl::api {

namespace {

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  // A slash at the end says nothing: some clients send it.
  if (!path.empty() && path.back() == '/') path.remove_suffix(1);
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = path.find('/');
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end == std::string_view::npos ? path.size() : end);
  }
  return segments;
}

bool is_label(std::string_view segment) { return !segment.empty() && segment.front() == '{'; }
bool is_greedy(std::string_view segment) {
  return is_label(segment) && segment.substr(segment.size() - 2) == "+}";
}

// Literal segments match as sent, labels any text that is not empty.
bool matches(const std::vector<std::string_view>& wanted,
             const std::vector<std::string_view>& given) {
  const bool greedy = !wanted.empty() && is_greedy(wanted.back());
  if (greedy ? given.size() < wanted.size() : given.size() != wanted.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (is_label(wanted[i]) ? given[i].empty() : given[i] != wanted[i]) return false;
  }
  return true;
}

// The labels' values; nothing when one is not decodable text.
std::optional<std::vector<PathParameter>> read_labels(const std::vector<std::string_view>& wanted,
                                                      const std::vector<std::string_view>& given) {
  std::vector<PathParameter> parameters;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!is_label(wanted[i])) continue;
    std::string_view text = given[i];
    const bool greedy = is_greedy(wanted[i]);
    if (greedy) {
      text = {given[i].data(),
              static_cast<std::size_t>(given.back().data() + given.back().size() - text.data())};
    }
    auto value = percent_decode(text, Plus::kIsPlus);
    if (!value || !is_valid_utf8(*value)) return std::nullopt;
    const std::string_view name = wanted[i].substr(1, wanted[i].size() - (greedy ? 3 : 2));
    parameters.push_back({name, std::move(*value)});
  }
  return parameters;
}

std::string_view media_type(const HttpRequest& request) {
  const std::string_view field = request.headers.value("content-type");
  std::string_view type = field.substr(0, field.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return type;
}

bool is_json_media_type(std::string_view type) {
  return type == "application/x-amz-json-1.0" || type == "application/x-amz-json-1.1" ||
         type == "application/json";
}

Protocol json_protocol(std::string_view media_type) {
  return media_type == "application/x-amz-json-1.1" ? Protocol::kJson11 : Protocol::kJson10;
}

bool is_json_protocol(Protocol protocol) {
  return protocol == Protocol::kJson10 || protocol == Protocol::kJson11;
}

Err<NoRoute> no_route(Protocol protocol, std::string message, int status = 400) {
  runtime::ServiceError error = unknown_operation(std::move(message));
  error.http_status = status;
  return Err{NoRoute{protocol, std::move(error)}};
}

}  // namespace

Router::Router(std::vector<ServiceModel> services) {
  for (ServiceModel& service : services) {
    const auto kept = std::make_shared<const ServiceModel>(std::move(service));
    services_.push_back(kept);
    if (kept->wire().signing_name == "s3") {
      bucket_routes_ = std::make_unique<BucketRoutes>(kept);
      continue;
    }
    const Protocol protocol = kept->wire().protocol;
    if (protocol != Protocol::kRestJson && protocol != Protocol::kRestXml) continue;
    for (const OperationModel& operation : kept->operations()) {
      rest_rows_.push_back({kept, &operation, segments_of(operation.http.path)});
    }
  }
}

Router::~Router() = default;

Result<Route, NoRoute> Router::route(const HttpRequest& request, const Target& target,
                                     const std::vector<QueryParameter>& query,
                                     std::string_view scope_service) const {
  if (request.headers.has("x-amz-target")) {
    return route_target(request, request.headers.value("x-amz-target"));
  }
  if (bucket_routes_ != nullptr && is_for_buckets(request, target, scope_service)) {
    return bucket_routes_->route(request, target, query);
  }
  if (target.path == "/") return route_form(request, query, scope_service);
  return route_path(request, target, scope_service);
}

// Signed for S3; or not signed at all, and no other service has such a path: a browser or a plain
// HTTP client that reads an object.
bool Router::is_for_buckets(const HttpRequest& request, const Target& target,
                            std::string_view scope_service) const {
  if (!scope_service.empty()) return scope_service == "s3";
  const std::string_view host =
      target.authority.empty() ? request.headers.value("host") : target.authority;
  if (!bucket_of_host(host).empty()) return true;
  if (target.path == "/" || request.method == "POST") return false;
  const std::vector<std::string_view> given = segments_of(target.path);
  return std::none_of(rest_rows_.begin(), rest_rows_.end(),
                      [&](const RestRow& row) { return matches(row.segments, given); });
}

Result<Route, NoRoute> Router::route_target(const HttpRequest& request,
                                            std::string_view target) const {
  const std::string_view type = media_type(request);
  const Protocol protocol = json_protocol(type);
  if (request.method != "POST") {
    return no_route(protocol, "X-Amz-Target needs the method POST");
  }
  if (!is_json_media_type(type)) {
    return no_route(protocol, "Content-Type '" + printable(type) +
                                  "' is not application/x-amz-json-1.0 or 1.1");
  }
  const std::size_t dot = target.rfind('.');
  const std::string_view prefix = target.substr(0, dot);
  for (const auto& service : services_) {
    if (!is_json_protocol(service->wire().protocol) || service->wire().target_prefix != prefix ||
        dot == std::string_view::npos) {
      continue;
    }
    const OperationModel* operation = service->find(target.substr(dot + 1));
    if (operation == nullptr) break;
    return Route{.service = service, .operation = operation, .path = {}, .form = {}};
  }
  return no_route(protocol, "Unknown operation: " + printable(target));
}

Result<Route, NoRoute> Router::route_form(const HttpRequest& request,
                                          const std::vector<QueryParameter>& query,
                                          std::string_view scope_service) const {
  const bool has_form = media_type(request) == "application/x-www-form-urlencoded";
  auto form = has_form && request.method == "POST" ? parse_query(request.body, Plus::kIsSpace)
                                                   : std::optional(query);
  const std::string* action = form ? find_parameter(*form, "Action") : nullptr;
  if (action == nullptr) {
    return no_route(has_form ? Protocol::kQuery : Protocol::kRestJson,
                    scope_service.empty()
                        ? "The request names no operation: it has neither X-Amz-Target nor Action"
                        : "No operation of service '" + std::string(scope_service) +
                              "' is named in the request",
                    404);
  }
  for (const auto& service : services_) {
    if (service->wire().protocol != Protocol::kQuery) continue;
    if (!scope_service.empty() && service->wire().signing_name != scope_service) continue;
    const OperationModel* operation = service->find(*action);
    if (operation == nullptr) continue;
    return Route{.service = service, .operation = operation, .path = {}, .form = std::move(*form)};
  }
  runtime::ServiceError error{
      .code = "InvalidAction",
      .message = "The action " + printable(*action) + " is not valid for this web service.",
      .members = {}};
  return Err{NoRoute{Protocol::kQuery, std::move(error)}};
}

Result<Route, NoRoute> Router::route_path(const HttpRequest& request, const Target& target,
                                          std::string_view scope_service) const {
  const std::vector<std::string_view> given = segments_of(target.path);
  bool path_known = false;
  for (const RestRow& row : rest_rows_) {
    if (!scope_service.empty() && row.service->wire().signing_name != scope_service) continue;
    if (!matches(row.segments, given)) continue;
    path_known = true;
    if (row.operation->http.method != request.method) continue;
    auto labels = read_labels(row.segments, given);
    if (!labels) {
      return no_route(Protocol::kRestJson, "The path is not percent-encoded UTF-8");
    }
    return Route{
        .service = row.service, .operation = row.operation, .path = std::move(*labels), .form = {}};
  }
  const std::string what = printable(request.method) + " " + printable(target.path);
  if (path_known) return no_route(Protocol::kRestJson, "No operation answers " + what, 405);
  return no_route(Protocol::kRestJson,
                  scope_service.empty() ? "No operation answers " + what
                                        : "No operation of service '" + std::string(scope_service) +
                                              "' answers " + what,
                  404);
}

BodySize Router::body_size(const HttpRequest& head, const Target& target) const {
  if (head.headers.has("x-amz-target")) return BodySize::kOrdinary;
  if (bucket_routes_ != nullptr && is_for_s3(head)) {
    return head.method == "PUT" ? BodySize::kObject : BodySize::kOrdinary;
  }
  const std::vector<std::string_view> given = segments_of(target.path);
  for (const RestRow& row : rest_rows_) {
    if (row.operation->http.method == head.method && matches(row.segments, given)) {
      const bool packs = row.service->wire().signing_name == kGitService;
      return packs ? BodySize::kObject : row.operation->body_size;
    }
  }
  return BodySize::kOrdinary;
}

}  // namespace pawl::api
