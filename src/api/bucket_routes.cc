#include "api/bucket_routes.h"

#include <algorithm>

#include "api/browser_guard.h"
#include "base/percent.h"
#include "base/utf8.h"

namespace pawl::api {

namespace {

// Sub-resources of S3 that are not here: without this list a request for one would be taken for
// one of the bucket or object itself.
constexpr std::string_view kAbsent[] = {"analytics",
                                        "intelligent-tiering",
                                        "inventory",
                                        "metrics",
                                        "metadataConfiguration",
                                        "metadataTable",
                                        "legal-hold",
                                        "retention",
                                        "restore",
                                        "select",
                                        "torrent",
                                        "session",
                                        "renameObject",
                                        "append"};

Err<NoRoute> refused(std::string code, std::string message, int status) {
  return Err{NoRoute{Protocol::kRestXml, runtime::ServiceError{.code = std::move(code),
                                                               .message = std::move(message),
                                                               .http_status = status,
                                                               .members = {}}}};
}

bool is_address(std::string_view host) {
  return host.find(':') != std::string_view::npos ||
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

// The place of ".s3." or ".s3-region." in the host.
std::size_t find_service_label(std::string_view host) {
  for (std::size_t at = host.find(".s3"); at != std::string_view::npos;
       at = host.find(".s3", at + 1)) {
    const char next = at + 3 < host.size() ? host[at + 3] : '.';
    if (next == '.' || next == '-') return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string_view bucket_of_host(std::string_view host) {
  host = without_port(host);
  if (is_address(host) || host.starts_with("s3.") || host.starts_with("s3-")) return {};
  if (const std::size_t label = find_service_label(host); label != std::string_view::npos) {
    return host.substr(0, label);
  }
  constexpr std::string_view kLocal = ".localhost";
  if (!host.ends_with(kLocal)) return {};
  return host.substr(0, host.size() - kLocal.size());
}

bool is_for_s3(const HttpRequest& request) {
  constexpr std::string_view kScope = "/s3/aws4_request";
  if (request.headers.value("authorization").find(kScope) != std::string_view::npos) return true;
  return request.target.find("%2Fs3%2Faws4_request") != std::string::npos ||
         request.target.find("%2fs3%2faws4_request") != std::string::npos ||
         request.target.find(kScope) != std::string::npos;
}

BucketRoutes::Row BucketRoutes::row_of(const OperationModel& operation) {
  Row row{.operation = &operation,
          .level = Level::kService,
          .parameter = {},
          .parameter_value = {},
          .required_query = {},
          .required_headers = {}};
  std::string_view path = operation.http.path;
  const std::size_t question = path.find('?');
  if (question != std::string_view::npos) {
    const std::string_view literal = path.substr(question + 1);
    const std::size_t equals = literal.find('=');
    row.parameter = literal.substr(0, equals);
    if (equals != std::string_view::npos) row.parameter_value = literal.substr(equals + 1);
    path = path.substr(0, question);
  }
  if (path == "/{Bucket}") row.level = Level::kBucket;
  if (path == "/{Bucket}/{Key+}") row.level = Level::kObject;
  for (const Member& member : operation.input->members) {
    if (member.presence != Presence::kRequired) continue;
    const std::string_view name = member.wire_name.empty() ? member.name : member.wire_name;
    if (member.location == Location::kQuery) row.required_query.push_back(name);
    // What the operation is, not what it lacks: GetObjectAttributes is told apart by its query.
    if (member.location == Location::kHeader && row.parameter.empty()) {
      row.required_headers.push_back(name);
    }
  }
  return row;
}

bool BucketRoutes::Row::holds(const HttpRequest& request,
                              const std::vector<QueryParameter>& query) const {
  if (!parameter.empty()) {
    const std::string* value = find_parameter(query, parameter);
    if (value == nullptr || (!parameter_value.empty() && *value != parameter_value)) return false;
  }
  return std::all_of(
             required_query.begin(), required_query.end(),
             [&](std::string_view name) { return find_parameter(query, name) != nullptr; }) &&
         std::all_of(required_headers.begin(), required_headers.end(),
                     [&](std::string_view name) { return request.headers.has(name); });
}

BucketRoutes::BucketRoutes(std::shared_ptr<const ServiceModel> service)
    : service_(std::move(service)) {
  for (const OperationModel& operation : service_->operations()) rows_.push_back(row_of(operation));
  std::sort(rows_.begin(), rows_.end(), [](const Row& left, const Row& right) {
    return std::pair(right.conditions(), left.operation->name) <
           std::pair(left.conditions(), right.operation->name);
  });
}

Result<Route, NoRoute> BucketRoutes::route(const HttpRequest& request, const Target& target,
                                           const std::vector<QueryParameter>& query) const {
  const auto decoded = percent_decode(target.path, Plus::kIsPlus);
  if (!decoded || !is_valid_utf8(*decoded)) {
    return refused("InvalidURI", "Couldn't parse the specified URI.", 400);
  }
  const std::string_view host =
      target.authority.empty() ? request.headers.value("host") : target.authority;
  std::string bucket(bucket_of_host(host));
  std::string_view rest = std::string_view(*decoded).substr(decoded->starts_with('/') ? 1 : 0);
  if (bucket.empty()) {
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    bucket = rest.substr(0, slash);
    rest = rest.substr(std::min(slash + 1, rest.size()));
  }
  const Level level =
      bucket.empty() ? Level::kService : (rest.empty() ? Level::kBucket : Level::kObject);
  for (const QueryParameter& parameter : query) {
    if (level != Level::kService &&
        std::find(std::begin(kAbsent), std::end(kAbsent), parameter.name) != std::end(kAbsent)) {
      return refused("NotImplemented",
                     "A header you provided implies functionality that is not implemented", 501);
    }
  }
  for (const Row& row : rows_) {
    if (row.level != level || row.operation->http.method != request.method) continue;
    if (!row.holds(request, query)) continue;
    return Route{.service = service_,
                 .operation = row.operation,
                 .path = {{"Bucket", std::move(bucket)}, {"Key", std::string(rest)}},
                 .form = {}};
  }
  return refused("MethodNotAllowed", "The specified method is not allowed against this resource.",
                 405);
}

}  // namespace pawl::api
