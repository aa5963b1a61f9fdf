// The way of one request. Each step either goes on or is the answer.
#include "api/request_handler.h"

#include <algorithm>
#include <charconv>

#include "api/conform.h"
#include "api/constraints.h"
#include "api/content_coding.h"
#include "api/errors.h"
#include "api/git_password.h"
#include "api/protocol.h"
#include "base/ascii.h"
#include "base/digest.h"
#include "base/percent.h"
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
  models.push_back(ssm_model());
  models.push_back(git_model());
  models.push_back(packages_model());
  models.push_back(s3_model());
  models.push_back(iam_model());
  models.push_back(cloudformation_model());
  models.push_back(codepipeline_model());
  models.push_back(pawl_model());
  return models;
}

// An access key that is an account number names the account (as awslocal's users do it).
std::string account_of(std::string_view access_key) {
  const bool number =
      access_key.size() == 12 &&
      std::all_of(access_key.begin(), access_key.end(), [](char byte) { return is_digit(byte); });
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

Result<std::optional<Authorization>, runtime::ServiceError> authorization_of(
    const SignedRequest& request) {
  if (request.target.path.starts_with("/v1/repos/")) {
    auto basic = read_basic(request.http.headers.value("authorization"));
    if (basic) return basic;
  }
  return read_authorization(request);
}

// Git asks for a password when it is told to (RFC 9110 section 11.6.1).
HttpResponse challenge(HttpResponse refusal) {
  refusal.status = 401;
  refusal.headers.emplace_back("WWW-Authenticate", "Basic realm=\"Pawl\"");
  return refusal;
}

runtime::ServiceError unknown_key() {
  return {.code = "UnrecognizedClientException",
          .message = "The security token included in the request is invalid.",
          .members = {}};
}

runtime::ServiceError absent(const ServiceModel& service, std::string_view operation) {
  return unknown_operation("This server has no operation " +
                           std::string(service.wire().signing_name) + ":" + std::string(operation));
}

// A temporary key is of use with its token only, and until it ends.
Result<void, runtime::ServiceError> check_session(const runtime::AccessKey& key,
                                                  const Authorization& authorization,
                                                  const SignedRequest& request) {
  std::string_view token = request.http.headers.value("x-amz-security-token");
  const std::string* presigned = find_parameter(request.query, "X-Amz-Security-Token");
  if (token.empty() && presigned != nullptr) token = *presigned;
  if (authorization.form == SignatureForm::kBasic) token = authorization.session_token;
  if (!equal_in_constant_time(token, key.session_token)) return Err{unknown_key()};
  if (key.usable) return {};
  if (key.session_token.empty()) return Err{unknown_key()};
  return Err{runtime::ServiceError{.code = "ExpiredTokenException",
                                   .message = "The security token included in the request is "
                                              "expired",
                                   .members = {}}};
}

// The length of the bytes that the body stands for; nothing where only its end tells it.
Result<std::optional<std::uint64_t>, runtime::ServiceError> announced_bytes(
    const HttpRequest& request, bool chunked) {
  const std::string_view name = chunked ? "x-amz-decoded-content-length" : "content-length";
  const std::string_view text = request.headers.value(name);
  if (text.empty()) {
    if (!chunked && !request.headers.has("transfer-encoding"))
      return std::optional<std::uint64_t>(0);
    return Err{runtime::ServiceError{.code = "MissingContentLength",
                                     .message = "You must provide the Content-Length HTTP header.",
                                     .http_status = 411,
                                     .members = {}}};
  }
  std::uint64_t bytes = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    return Err{runtime::ServiceError{
        .code = "InvalidArgument", .message = "Invalid " + std::string(name), .members = {}}};
  }
  return std::optional(bytes);
}

// The coding is the message's, not the object's: what is stored does not have it.
Result<json::Value, runtime::ServiceError> read_object_input(
    const Route& route, const HttpRequest& request, const std::vector<QueryParameter>& query) {
  HttpRequest head{.method = request.method,
                   .target = request.target,
                   .minor_version = request.minor_version,
                   .headers = {},
                   .body = {}};
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    const auto [name, value] = request.headers.at(i);
    constexpr std::string_view kCoding = "aws-chunked";
    if (name != "content-encoding" || value.substr(0, kCoding.size()) != kCoding) {
      head.headers.add(name, value);
      continue;
    }
    std::string_view rest = value.substr(kCoding.size());
    while (!rest.empty() && (rest.front() == ',' || rest.front() == ' ')) rest.remove_prefix(1);
    if (!rest.empty()) head.headers.add(name, rest);
  }
  return read_input(route, head, query);
}

// An answer of events as they happen (WHATWG HTML, "Server-sent events").
runtime::StreamedReply answer_by_events(Route row, const runtime::Call& call,
                                        RequestHandler::Respond respond) {
  return [row = std::move(row), id = call.request_id, respond = std::move(respond)](
             Result<runtime::StreamedOutput, runtime::ServiceError> result) {
    if (!result.ok()) {
      return respond(write_error(row.service->wire().protocol, row.service.get(),
                                 std::move(result).error(), id));
    }
    HttpResponse response;
    response.content_type = "text/event-stream";
    response.request_id = id;
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Content-Type-Options", "nosniff");
    response.body = std::move(result->body.source);
    respond(std::move(response));
  };
}

// What a bucket holds is anybody's, and its pages have the console's origin: in a browser they get
// one that nobody else has (Content Security Policy Level 3, "sandbox").
RequestHandler::Respond sandboxed(const HttpRequest& request, RequestHandler::Respond respond) {
  const HeaderList& headers = request.headers;
  const bool browser =
      headers.has("sec-fetch-dest") || headers.value("user-agent").starts_with("Mozilla/");
  if (!browser) return respond;
  return [respond = std::move(respond)](HttpResponse response) {
    response.headers.emplace_back("Content-Security-Policy", "sandbox");
    respond(std::move(response));
  };
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
  if (!target || function_url_of(head, *target)) return BodySize::kOrdinary;
  return router_.body_size(head, *target);
}

runtime::Withdraw RequestHandler::handle(HttpRequest request, std::string request_id,
                                         Respond respond) const {
  const auto target = split_target(request.target);
  auto query = target ? parse_query(target->query, Plus::kIsPlus) : std::nullopt;
  if (!query) {
    runtime::ServiceError error{.code = "InvalidRequestException",
                                .message = "The request target is malformed",
                                .members = {}};
    respond(write_error(manner_of(request), nullptr, std::move(error), std::move(request_id)));
    return {};
  }
  const Parts parts{request, std::move(request_id), *target, std::move(*query)};
  if (const auto url = function_url_of(request, *target)) {
    call_function_url(request, parts, *url, respond);
    return {};
  }
  if (auto response = answer_directly(parts)) {
    response->request_id = parts.request_id;
    add_cors_fields(request, *response);
    respond(std::move(*response));
    return {};
  }
  if (guard_.allowed_origin(request).empty()) return call(request, parts, std::move(respond));
  HttpResponse cors;
  add_cors_fields(request, cors);
  return call(
      request, parts,
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
  // POST and PUT there are operations of Pawl's own (pawl_shapes.cc); packages are downloaded, and
  // changes are watched.
  const std::string_view path = parts.target.path;
  const bool is_operation = request.method == "POST" || request.method == "PUT" ||
                            path == "/_pawl/events" || path.starts_with("/_pawl/packages/");
  if (is_own_path(parts.target.path) && !is_operation) return own_page(parts);
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
  if (path == kHealthPath) {
    const Health health = health_ ? health_() : Health{};
    HttpResponse response;
    response.status = health.status == "ok" ? 200 : 503;
    std::string body;
    json::Writer(body).begin_object().key("status").string(health.status).end_object();
    response.body = std::move(body);
    return response;
  }
  if (path == kMetricsPath && options_.metrics) {
    HttpResponse response = text_page(200, options_.metrics());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }
  if (options_.pages) {
    if (auto page = options_.pages(parts.request, path)) return std::move(*page);
  }
  if (path == "/_pawl" || path == "/_pawl/") {
    return text_page(200,
                     "Pawl speaks the AWS Step Functions API here.\n"
                     "The console is not in this binary: `./dev build release` builds it in,\n"
                     "where Node 20 or newer and npm are there (docs/console.md).\n"
                     "Health: /_pawl/health\n"
                     "Metrics, for Prometheus: /_pawl/metrics\n");
  }
  return text_page(404, "There is nothing at this address.\n");
}

// Who signed, and with what.
struct RequestHandler::Identity {
  runtime::Principal principal;
  std::string secret;
};

Result<RequestHandler::Identity, runtime::ServiceError> RequestHandler::authenticate(
    const Parts& parts, const std::optional<Authorization>& authorization, Door door) const {
  if (door.effect == Effect::kHoldsSecret) {
    return Identity{.principal = principal_of(authorization), .secret = {}};
  }
  const bool verify = options_.credentials.has_value();
  if (!authorization && (verify || door.effect == Effect::kWrites)) {
    return Err{runtime::ServiceError{.code = "MissingAuthenticationTokenException",
                                     .message = "Missing Authentication Token",
                                     .members = {}}};
  }
  Identity identity{.principal = principal_of(authorization), .secret = {}};
  if (!authorization) return identity;
  const std::string& access_key = authorization->scope.access_key;
  const auto given_out = options_.find_key ? options_.find_key(access_key) : std::nullopt;
  if (given_out) {
    identity.principal.account = given_out->account;
    identity.principal.arn = given_out->arn;
    identity.principal.user_id = given_out->user_id;
  }
  if (!verify) return identity;
  const std::string* secret = options_.credentials->find_secret(access_key);
  const SignedRequest signed_request{parts.request, parts.target, parts.query};
  if (secret == nullptr && given_out) {
    // A password is no key to sign with.
    if (given_out->is_password && authorization->form != SignatureForm::kBasic) {
      return Err{unknown_key()};
    }
    TRY(check_session(*given_out, *authorization, signed_request));
    secret = &given_out->secret;
  }
  if (secret == nullptr) return Err{unknown_key()};
  if (authorization->form == SignatureForm::kBasic) {
    if (is_git_password(*authorization, signed_request, *secret, clock_.wall_now()))
      return identity;
    return Err{unknown_key()};
  }
  TRY(verify_signature(*authorization, signed_request, *secret, door.signing_name,
                       clock_.wall_now()));
  identity.secret = *secret;
  return identity;
}

Result<RequestHandler::Routed, HttpResponse> RequestHandler::route(const Parts& parts) const {
  const auto refused = [&](Protocol protocol, const ServiceModel* service,
                           runtime::ServiceError error) {
    return Err{write_error(protocol, service, std::move(error), parts.request_id)};
  };
  const SignedRequest signed_request{parts.request, parts.target, parts.query};
  auto authorization = authorization_of(signed_request);
  if (!authorization.ok()) {
    return refused(manner_of(parts.request), nullptr, authorization.error());
  }
  const std::string_view scope_service =
      *authorization ? std::string_view((*authorization)->scope.service) : std::string_view();
  auto found = router_.route(parts.request, parts.target, parts.query, scope_service);
  if (!found.ok()) return refused(found.error().protocol, nullptr, found.error().error);
  auto identity = authenticate(parts, *authorization,
                               {found->service->wire().signing_name, found->operation->effect});
  if (!identity.ok()) {
    const ServiceModel& service = *found->service;
    HttpResponse refusal = write_error(service.wire().protocol, &service,
                                       std::move(identity).error(), parts.request_id);
    if (service.wire().signing_name == kGitService) refusal = challenge(std::move(refusal));
    return Err{std::move(refusal)};
  }
  return Routed{.route = std::move(*found),
                .authorization = std::move(*authorization),
                .principal = std::move(identity->principal),
                .secret = std::move(identity->secret)};
}

// Other origins may call: the address is a secret of 32 characters, and which pages may read the
// answer is the function's business (its Cors).
void RequestHandler::call_function_url(HttpRequest& request, const Parts& parts,
                                       const FunctionUrl& url, const Respond& respond) const {
  if (const auto refusal = guard_.host_refusal(request, parts.target)) {
    return respond(
        write_error(Protocol::kRestJson, nullptr, access_denied(*refusal), parts.request_id));
  }
  const auto* operation = operations_.find_streamed(kFunctionUrlService, kFunctionUrlRequest);
  if (operation == nullptr) {
    return respond(write_error(Protocol::kRestJson, nullptr,
                               unknown_operation("There are no functions here"), parts.request_id));
  }
  // Whether anybody must have signed is known to the service; an Authorization of another kind is
  // the function's own.
  FunctionUrlCaller caller = Err{std::string()};
  const auto authorization = read_authorization({parts.request, parts.target, parts.query});
  if (authorization.ok() && *authorization) {
    auto identity = authenticate(parts, *authorization, {"lambda", Effect::kWrites});
    if (identity.ok()) {
      caller = std::move(identity->principal);
    } else {
      caller = Err{std::move(identity).error().message};
    }
  }
  const runtime::Call call{caller.ok() ? *caller : runtime::Principal(),
                           function_url_input(url, request, parts.target, parts.query, caller),
                           parts.request_id};
  // By its path it has the console's origin.
  const bool by_path = is_own_path(parts.target.path);
  (*operation)(call, {.bytes = std::move(request.body), .staged = nullptr},
               [id = parts.request_id, respond = by_path ? sandboxed(request, respond) : respond](
                   Result<runtime::StreamedOutput, runtime::ServiceError> result) {
                 respond(function_url_response(std::move(result), id));
               });
}

runtime::Withdraw RequestHandler::call(HttpRequest& request, const Parts& parts,
                                       Respond respond) const {
  auto routed = route(parts);
  if (!routed.ok()) {
    respond(std::move(routed).error());
    return {};
  }
  const ServiceModel& service = *routed->route.service;
  const Protocol protocol = service.wire().protocol;
  if (protocol == Protocol::kRestXml) {
    call_streamed(request, parts, std::move(*routed), sandboxed(request, std::move(respond)));
    return {};
  }
  const auto refuse = [&](runtime::ServiceError error) {
    respond(write_error(protocol, &service, std::move(error), parts.request_id));
    return runtime::Withdraw();
  };
  // Behind the signature, which covers the bytes as they were sent.
  if (const auto decoded = decode_content(request, kDecodedBytesMax); !decoded.ok()) {
    return refuse(decoded.error());
  }
  auto input = checked_input(routed->route, request, parts.query);
  if (!input.ok()) return refuse(input.error());

  const std::string_view name = routed->route.operation->name;
  if (const auto* streamed = operations_.find_streamed(service.wire().signing_name, name)) {
    const runtime::Call call{routed->principal, std::move(*input), parts.request_id};
    (*streamed)(call, {}, answer_by_events(std::move(routed->route), call, respond));
    return {};
  }
  const runtime::Operation* operation = operations_.find(service.wire().signing_name, name);
  if (operation == nullptr) return refuse(absent(service, name));
  const runtime::Call call{routed->principal, std::move(*input), parts.request_id};
  Route row{.service = routed->route.service,
            .operation = routed->route.operation,
            .path = {},
            .form = {}};
  auto answer = [row = std::move(row), id = parts.request_id,
                 respond = std::move(respond)](runtime::OperationResult result) {
    if (result.ok()) return respond(write_output(row, std::move(result).value(), id));
    respond(write_error(row.service->wire().protocol, row.service.get(), std::move(result).error(),
                        id));
  };
  const auto* waiting = operations_.find_waiting(service.wire().signing_name, name);
  if (waiting != nullptr) return (*waiting)(call, std::move(answer));
  (*operation)(call, std::move(answer));
  return {};
}

// S3: bodies and answers may be bytes.
void RequestHandler::call_streamed(HttpRequest& request, const Parts& parts, Routed routed,
                                   const Respond& respond) const {
  const Route& row = routed.route;
  const auto refuse = [&](runtime::ServiceError error) {
    respond(write_error(Protocol::kRestXml, nullptr, std::move(error), parts.request_id));
  };
  if (takes_bytes(*row.operation)) {
    const auto object = open_object(parts, std::move(routed), Keep::kInMemory);
    if (!object.ok()) return refuse(object.error());
    (*object)->write(std::move(request.body), [] {});
    return (*object)->finish(respond);
  }
  auto input = read_input(row, request, parts.query);
  if (!input.ok()) return refuse(input.error());
  const std::string_view service = row.service->wire().signing_name;
  const runtime::Call call{routed.principal, std::move(*input), parts.request_id};
  if (const auto* streamed = operations_.find_streamed(service, row.operation->name)) {
    return (*streamed)(call, {},
                       [row, id = parts.request_id,
                        respond](Result<runtime::StreamedOutput, runtime::ServiceError> result) {
                         respond(write_streamed(row, std::move(result), id));
                       });
  }
  const runtime::Operation* operation = operations_.find(service, row.operation->name);
  if (operation == nullptr) return refuse(absent(*row.service, row.operation->name));
  (*operation)(call, [row, id = parts.request_id, respond](runtime::OperationResult result) {
    if (result.ok()) return respond(write_output(row, std::move(result).value(), id));
    respond(write_error(Protocol::kRestXml, nullptr, std::move(result).error(), id));
  });
}

Result<std::shared_ptr<ObjectRequest>, runtime::ServiceError> RequestHandler::open_object(
    const Parts& parts, Routed routed, Keep keep) const {
  const HttpRequest& request = parts.request;
  const ServiceModel& service = *routed.route.service;
  const std::string_view name = routed.route.operation->name;
  const auto* operation = operations_.find_streamed(service.wire().signing_name, name);
  if (operation == nullptr) return Err{absent(service, name)};
  const auto form = TRY(chunked_form(request.headers.value("x-amz-content-sha256")));
  std::optional<ChunkedDecoder> decoder;
  if (form) {
    std::optional<ChunkSigner> signer;
    if (!routed.secret.empty()) signer = ChunkSigner{*routed.authorization, routed.secret};
    decoder.emplace(*form, std::move(signer));
  }
  // read_input takes the body of other protocols; here there is none to take.
  json::Value input = TRY(read_object_input(routed.route, request, parts.query));
  // Git sends packs while it makes them; S3 wants to know their length first.
  std::optional<std::uint64_t> bytes;
  if (service.wire().signing_name != kGitService) {
    bytes = TRY(announced_bytes(request, form.has_value()));
  }
  ObjectRequest::Parts object{
      .route = std::move(routed.route),
      .call = {std::move(routed.principal), std::move(input), parts.request_id},
      .operation = operation,
      .decoder = std::move(decoder),
      .bytes = bytes,
      .sink = nullptr};
  if (keep == Keep::kInSink) {
    const auto* sinks = operations_.find_sinks(service.wire().signing_name);
    ENSURE(sinks != nullptr, name);
    object.sink = TRY((*sinks)(name, object.call));
  }
  return std::make_shared<ObjectRequest>(std::move(object));
}

RequestHandler::Opened RequestHandler::open(const HttpRequest& head, std::string request_id) const {
  const auto target = split_target(head.target);
  auto query = target ? parse_query(target->query, Plus::kIsPlus) : std::nullopt;
  const auto refused = [&](runtime::ServiceError error) {
    return Opened{nullptr, write_error(Protocol::kRestXml, nullptr, std::move(error), request_id)};
  };
  if (!query) return refused({.code = "InvalidRequestException", .message = {}, .members = {}});
  const Parts parts{head, request_id, *target, std::move(*query)};
  if (auto response = answer_directly(parts)) return {nullptr, std::move(response)};
  auto routed = route(parts);
  if (!routed.ok()) return {nullptr, std::move(routed).error()};
  if (!takes_bytes(*routed->route.operation)) {
    return refused({.code = "RequestEntityTooLargeException", .message = {}, .members = {}});
  }
  auto object = open_object(parts, std::move(*routed), Keep::kInSink);
  if (!object.ok()) return refused(object.error());
  return {std::move(*object), std::nullopt};
}

}  // namespace pawl::api
