// Finding S3's operations: by host (a bucket may stand before it) and path, by sub-resources in the
// query, by header fields.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http_message.h"
#include "api/model.h"
#include "api/router.h"

namespace pawl::api {

// The bucket that a Host names: "photos.localhost", "photos.s3.anything". Empty: the path has it.
std::string_view bucket_of_host(std::string_view host);

// Whether a request that nobody else's route claims is meant for S3: by its signature's scope.
bool is_for_s3(const HttpRequest& request);

class BucketRoutes {
 public:
  explicit BucketRoutes(std::shared_ptr<const ServiceModel> service);

  Result<Route, NoRoute> route(const HttpRequest& request, const Target& target,
                               const std::vector<QueryParameter>& query) const;

 private:
  enum class Level { kService, kBucket, kObject };

  struct Row {
    const OperationModel* operation;
    Level level;
    std::string_view parameter;  // of the query; empty: none
    std::string_view parameter_value;
    std::vector<std::string_view> required_query;
    std::vector<std::string_view> required_headers;

    std::size_t conditions() const {
      return (parameter.empty() ? 0u : 1u) + required_query.size() + required_headers.size();
    }
    bool holds(const HttpRequest& request, const std::vector<QueryParameter>& query) const;
  };
  static Row row_of(const OperationModel& operation);

  std::shared_ptr<const ServiceModel> service_;
  std::vector<Row> rows_;
};

}  // namespace pawl::api
