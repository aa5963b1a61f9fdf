// From a request to its response, without sockets: guard, route, authenticate, read, check, call,
// write. Immutable after construction; any thread may use it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/browser_guard.h"
#include "api/credentials.h"
#include "api/function_urls.h"
#include "api/http_message.h"
#include "api/object_request.h"
#include "api/router.h"
#include "api/signature.h"
#include "base/clock.h"
#include "runtime/access_key.h"
#include "runtime/operations.h"

namespace pawl::api {

// What watches over the server asks for these.
inline constexpr std::string_view kHealthPath = "/_pawl/health";
inline constexpr std::string_view kMetricsPath = "/_pawl/metrics";

struct Health {
  std::string status = "ok";  // anything else answers 503
};
// Called on server threads; must be quick and thread-safe.
using HealthCheck = std::function<Health()>;
// A page in Prometheus's text format; called on server threads.
using MetricsPage = std::function<std::string()>;

// The console's answer to a GET or HEAD of a path below /_pawl, or nothing; called on server
// threads.
using Pages =
    std::function<std::optional<HttpResponse>(const HttpRequest& request, std::string_view path)>;

struct HandlerOptions {
  // Origins that may call across sites ("https://app.example.com"), and further names for Host.
  std::vector<std::string> allowed_origins;
  std::vector<std::string> allowed_hosts;
  BrowserGuard::HostCheck host_check = BrowserGuard::HostCheck::kLoopback;
  // With credentials every request must be signed by one of them; without, the signature only tells
  // account and region.
  std::optional<Credentials> credentials;
  // Further keys, that the server's own services gave out; maybe none.
  runtime::FindAccessKey find_key = {};
  PayloadLimits payload_limits = PayloadLimits::kAws;
  MetricsPage metrics = {};
  Pages pages = {};
};

class RequestHandler {
 public:
  // Called exactly once for each request, maybe before handle() returns, on any thread.
  using Respond = std::function<void(HttpResponse)>;

  // `operations` and `clock` outlive the handler.
  RequestHandler(const runtime::Operations& operations, const Clock& clock, HealthCheck health,
                 HandlerOptions options);

  // Empty unless the request may wait long for its answer: then what a connection calls whose
  // client has gone.
  runtime::Withdraw handle(HttpRequest request, std::string request_id, Respond respond) const;

  // What kind of body a request with this head may have.
  BodySize body_size(const HttpRequest& head) const;

  // For a body that is too large for memory: what takes it. Or the answer, without it.
  struct Opened {
    std::shared_ptr<ObjectRequest> object;
    std::optional<HttpResponse> refusal;
  };
  Opened open(const HttpRequest& head, std::string request_id) const;

 private:
  struct Parts;

  std::optional<HttpResponse> answer_directly(const Parts& parts) const;
  HttpResponse preflight(const HttpRequest& request) const;
  HttpResponse own_page(const Parts& parts) const;
  // Who calls what: found, and authenticated.
  struct Routed {
    Route route;
    std::optional<Authorization> authorization;
    runtime::Principal principal;
    std::string secret;  // empty where signatures are not verified
  };
  Result<Routed, HttpResponse> route(const Parts& parts) const;
  struct Identity;
  // What a caller must be let in to.
  struct Door {
    std::string_view signing_name;
    Effect effect;
  };
  Result<Identity, runtime::ServiceError> authenticate(
      const Parts& parts, const std::optional<Authorization>& authorization, Door door) const;
  void call_function_url(HttpRequest& request, const Parts& parts, const FunctionUrl& url,
                         const Respond& respond) const;
  runtime::Withdraw call(HttpRequest& request, const Parts& parts, Respond respond) const;
  void call_streamed(HttpRequest& request, const Parts& parts, Routed routed,
                     const Respond& respond) const;
  enum class Keep { kInMemory, kInSink };
  Result<std::shared_ptr<ObjectRequest>, runtime::ServiceError> open_object(const Parts& parts,
                                                                            Routed routed,
                                                                            Keep keep) const;
  void add_cors_fields(const HttpRequest& request, HttpResponse& response) const;

  const runtime::Operations& operations_;
  const Clock& clock_;
  const HealthCheck health_;
  const HandlerOptions options_;
  const BrowserGuard guard_;
  const Router router_;
};

}  // namespace pawl::api
