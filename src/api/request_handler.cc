// The way of one request. Each step either goes on or is the answer.
#include "api/request_handler.h"

#include <algorithm>

#include "api/conform.h"
#include "api/constraints.h"
#include "api/content_coding.h"
#include "api/errors.h"
#include "api/protocol.h"
#include "json/writer.h"

namespace pawl::api {

namespace {

std::vector<ServiceModel> all_models(PayloadLimits limits) {
  std::vector<ServiceModel> models;
  models.push_back(states_model(limits));
  models.push_back(lambda_model());
  models.push_back(sts_model());
  models.push_back(logs_model());
  models.push_back(codecommit_model());
  models.push_back(pawl_model());
  return models;
}

// An access key that is an account number names the account (as awslocal's users do it).
std::string account_of(std::string_view access_key) {
  const bool number =
      access_key.size() == 12 && std::all_of(access_key.begin(), access_key.end(),
                                             [](char byte) { return byte >= '0' && byte <= '9'; });
  return number ? std::string(access_key) : runtime::Principal().account;
}

runtime::Principal principal_of(const std::optional<Authorization>& authorization) {
  runtime::Principal principal;
  if (!authorization) return principal;
  const CredentialScope& scope = authorization->scope;
  principal.account = account_of(scope.access_key);
  principal.access_key = scope.access_key;
  if (scope.region != "*") principal.region = scope.region;
  return principal;
}

// The input as the service gets it: read, of the modelled types, within the constraints.
Result<json::Value, runtime::ServiceError> checked_input(const Route& route, HttpRequest& request,
                                                         const std::vector<QueryParameter>& query) {
  json::Value given = TRY(read_input(route, request, query));
  auto input = conform(std::move(given), *route.operation->input);
  if (!input.ok()) return Err{serialization_error(std::move(input).error())};
  if (auto violation = check_constraints(input->root(), *route.operation->input)) {
    return Err{std::move(*violation)};
  }
  return std::move(input).value();
}

constexpr std::string_view kOwnPaths = "/_pawl";

bool is_own_path(std::string_view path) {
  return path == kOwnPaths || path.substr(0, kOwnPaths.size() + 1) == "/_pawl/";
}

// Of a body that came compressed.
constexpr std::size_t kDecodedBytesMax = 16u << 20;

HttpResponse text_page(int status, std::string text) {
  HttpResponse response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

}  // namespace

// A request's target and query, taken apart once. Views into the request.
struct RequestHandler::Parts {
  const HttpRequest& request;
  std::string request_id;
  Target target;
  std::vector<QueryParameter> query;
};

RequestHandler::RequestHandler(const runtime::Operations& operations, const Clock& clock,
                               HealthCheck health, HandlerOptions options)
    : operations_(operations),
      clock_(clock),
      health_(std::move(health)),
      options_(std::move(options)),
      guard_(options_.allowed_origins, options_.allowed_hosts, options_.host_check),
      router_(all_models(options_.payload_limits)) {}

BodySize RequestHandler::body_size(const HttpRequest& head) const {
  const auto target = split_target(head.target);
  return target ? router_.body_size(head, *target) : BodySize::kOrdinary;
}

void RequestHandler::handle(HttpRequest request, std::string request_id, Respond respond) const {
  const auto target = split_target(request.target);
  auto query = target ? parse_query(target->query, Plus::kIsPlus) : std::nullopt;
  if (!query) {
    runtime::ServiceError error{.code = "InvalidRequestException",
                                .message = "The request target is malformed",
                                .members = {}};
    return respond(
        write_error(manner_of(request), nullptr, std::move(error), std::move(request_id)));
  }
  const Parts parts{request, std::move(request_id), *target, std::move(*query)};
  if (auto response = answer_directly(parts)) {
    response->request_id = parts.request_id;
    add_cors_fields(request, *response);
    return respond(std::move(*response));
  }
  if (guard_.allowed_origin(request).empty()) return call(request, parts, std::move(respond));
  HttpResponse cors;
  add_cors_fields(request, cors);
  call(request, parts,
       [respond = std::move(respond), fields = std::move(cors.headers)](HttpResponse response) {
         response.headers.insert(response.headers.end(), fields.begin(), fields.end());
         respond(std::move(response));
       });
}

std::optional<HttpResponse> RequestHandler::answer_directly(const Parts& parts) const {
  const HttpRequest& request = parts.request;
  if (const auto refusal = guard_.refusal(request, parts.target)) {
    return write_error(manner_of(request), nullptr, access_denied(*refusal), parts.request_id);
  }
  if (request.method == "OPTIONS") return preflight(request);
  // POST there is an operation of Pawl's own (pawl_shapes.cc).
  if (is_own_path(parts.target.path) && request.method != "POST") return own_page(parts);
  return std::nullopt;
}

HttpResponse RequestHandler::preflight(const HttpRequest& request) const {
  HttpResponse response;
  response.status = 204;
  if (guard_.allowed_origin(request).empty()) return response;
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE");
  response.headers.emplace_back("Access-Control-Max-Age", "600");
  const std::string_view wanted = request.headers.value("access-control-request-headers");
  if (!wanted.empty()) response.headers.emplace_back("Access-Control-Allow-Headers", wanted);
  return response;
}

void RequestHandler::add_cors_fields(const HttpRequest& request, HttpResponse& response) const {
  const std::string_view origin = guard_.allowed_origin(request);
  if (origin.empty()) return;
  response.headers.emplace_back("Access-Control-Allow-Origin", origin);
  response.headers.emplace_back("Access-Control-Expose-Headers",
                                "x-amzn-RequestId, x-amzn-ErrorType, X-Amz-Function-Error, "
                                "X-Amz-Log-Result, X-Amz-Executed-Version");
  response.headers.emplace_back("Vary", "Origin");
}

HttpResponse RequestHandler::own_page(const Parts& parts) const {
  const std::string_view path = parts.target.path;
  if (parts.request.method != "GET" && parts.request.method != "HEAD") {
    return text_page(405, "Only GET and HEAD are answered here.\n");
  }
  if (path == "/_pawl/health") {
    const Health health = health_ ? health_() : Health{};
    HttpResponse response;
    response.status = health.status == "ok" ? 200 : 503;
    std::string body;
    json::Writer(body).begin_object().key("status").string(health.status).end_object();
    response.body = std::move(body);
    return response;
  }
  if (path == "/_pawl/metrics" && options_.metrics) {
    HttpResponse response = text_page(200, options_.metrics());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }
  if (path == "/_pawl" || path == "/_pawl/") {
    return text_page(200,
                     "Pawl speaks the AWS Step Functions API here.\n"
                     "Health: /_pawl/health\n"
                     "Metrics, for Prometheus: /_pawl/metrics\n");
  }
  return text_page(404, "There is nothing at this address.\n");
}

Result<runtime::Principal, runtime::ServiceError> RequestHandler::authenticate(
    const Parts& parts, const std::optional<Authorization>& authorization,
    const Route& route) const {
  const bool verify = options_.credentials.has_value();
  if (!authorization && (verify || route.operation->effect == Effect::kWrites)) {
    return Err{runtime::ServiceError{.code = "MissingAuthenticationTokenException",
                                     .message = "Missing Authentication Token",
                                     .members = {}}};
  }
  if (verify) {
    const std::string* secret = options_.credentials->find_secret(authorization->scope.access_key);
    if (secret == nullptr) {
      return Err{
          runtime::ServiceError{.code = "UnrecognizedClientException",
                                .message = "The security token included in the request is invalid.",
                                .members = {}}};
    }
    const SignedRequest signed_request{parts.request, parts.target, parts.query};
    TRY(verify_signature(*authorization, signed_request, *secret,
                         route.service->wire().signing_name, clock_.wall_now()));
  }
  return principal_of(authorization);
}

void RequestHandler::call(HttpRequest& request, const Parts& parts, Respond respond) const {
  const auto refuse = [&](Protocol protocol, const ServiceModel* service,
                          runtime::ServiceError error) {
    respond(write_error(protocol, service, std::move(error), parts.request_id));
  };
  const SignedRequest signed_request{request, parts.target, parts.query};
  const auto authorization = read_authorization(signed_request);
  if (!authorization.ok()) return refuse(manner_of(request), nullptr, authorization.error());
  const std::string_view scope_service =
      *authorization ? std::string_view((*authorization)->scope.service) : std::string_view();

  auto route = router_.route(request, parts.target, parts.query, scope_service);
  if (!route.ok()) return refuse(route.error().protocol, nullptr, route.error().error);
  const ServiceModel& service = *route->service;
  const Protocol protocol = service.wire().protocol;

  const auto principal = authenticate(parts, *authorization, *route);
  if (!principal.ok()) return refuse(protocol, &service, principal.error());
  // Behind the signature, which covers the bytes as they were sent.
  if (const auto decoded = decode_content(request, kDecodedBytesMax); !decoded.ok()) {
    return refuse(protocol, &service, decoded.error());
  }
  auto input = checked_input(*route, request, parts.query);
  if (!input.ok()) return refuse(protocol, &service, input.error());

  const std::string_view name = route->operation->name;
  const runtime::Operation* operation = operations_.find(service.wire().signing_name, name);
  if (operation == nullptr) {
    return refuse(
        protocol, &service,
        unknown_operation("This server has no operation " +
                          std::string(service.wire().signing_name) + ":" + std::string(name)));
  }
  const runtime::Call call{*principal, std::move(*input), parts.request_id};
  Route row{.service = route->service, .operation = route->operation, .path = {}, .form = {}};
  (*operation)(call, [row = std::move(row), id = parts.request_id,
                      respond = std::move(respond)](runtime::OperationResult result) {
    if (result.ok()) return respond(write_output(row, std::move(result).value(), id));
    respond(write_error(row.service->wire().protocol, row.service.get(), std::move(result).error(),
                        id));
  });
}

}  // namespace pawl::api
