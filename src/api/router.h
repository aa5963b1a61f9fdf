// Which service and operation a request is for: by X-Amz-Target, by the credential scope, by
// method and path, by the form's Action.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http_message.h"
#include "api/model.h"
#include "api/url.h"
#include "runtime/operations.h"

namespace pawl::api {

// A parameter taken from the path, decoded.
struct PathParameter {
  std::string_view name;
  std::string value;
};

struct Route {
  // Shared, because an answer may come when the router has gone.
  std::shared_ptr<const ServiceModel> service;
  const OperationModel* operation = nullptr;
  std::vector<PathParameter> path;
  std::vector<QueryParameter> form;  // of the query protocol: from the body, or from the URL
};

// Why there is no route, and in whose manner to say so.
struct NoRoute {
  Protocol protocol = Protocol::kRestJson;
  runtime::ServiceError error;
};

class BucketRoutes;

class Router {
 public:
  explicit Router(std::vector<ServiceModel> services);
  ~Router();

  // `scope_service` is the signing name in the request's credential scope, or empty.
  Result<Route, NoRoute> route(const HttpRequest& request, const Target& target,
                               const std::vector<QueryParameter>& query,
                               std::string_view scope_service) const;

  // Whether the head announces an upload.
  BodySize body_size(const HttpRequest& head, const Target& target) const;

 private:
  struct RestRow {
    std::shared_ptr<const ServiceModel> service;
    const OperationModel* operation;
    std::vector<std::string_view> segments;
  };

  bool is_for_buckets(const HttpRequest& request, const Target& target,
                      std::string_view scope_service) const;
  Result<Route, NoRoute> route_target(const HttpRequest& request, std::string_view target) const;
  Result<Route, NoRoute> route_form(const HttpRequest& request,
                                    const std::vector<QueryParameter>& query,
                                    std::string_view scope_service) const;
  Result<Route, NoRoute> route_path(const HttpRequest& request, const Target& target,
                                    std::string_view scope_service) const;

  std::vector<std::shared_ptr<const ServiceModel>> services_;
  std::vector<RestRow> rest_rows_;
  std::unique_ptr<BucketRoutes> bucket_routes_;  // nullptr: no such service
};

}  // namespace pawl::api
