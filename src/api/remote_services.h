// Services that live elsewhere (`--service-endpoint lambda=https://...`): tasks reach them through
// the same seams as Pawl's own, runtime::Operations and runtime::FunctionInvoker.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/model.h"
#include "api/remote_signer.h"
#include "base/clock.h"
#include "outgoing/http_client.h"
#include "runtime/functions.h"
#include "runtime/operations.h"

namespace pawl::api {

struct RemoteOptions {
  // Signing name ("lambda", "dynamodb") -> "http://host:port".
  std::map<std::string, std::string> endpoints;
  SigningKeys keys;
  std::string region;     // signed for; empty: that of the execution that calls
  std::string ca_bundle;  // PEM file of the authorities trusted; empty: those of the system
  outgoing::Limits limits;
};

// Signing names of the services whose protocol is known.
std::vector<std::string_view> callable_services();
// Why this endpoint cannot be used, if so.
std::optional<std::string> endpoint_problem(std::string_view service, std::string_view url);

class RemoteServices final : public runtime::FunctionInvoker {
 public:
  // `clock` outlives it. Every endpoint has passed endpoint_problem().
  RemoteServices(RemoteOptions options, const Clock& clock);

  bool has(std::string_view service) const;
  // The operations of every service that has an endpoint. Outlived by this.
  void add_to(runtime::Operations& operations);

  // Synchronous calls of functions; only with an endpoint for lambda.
  void invoke(runtime::FunctionCall call, Reply reply) override;

  // Calls S3 and waits for its answer, whatever its status; only with an endpoint for s3. The bytes
  // of `body` are the input's Body.
  outgoing::HttpClient::Outcome call_s3(std::string_view operation, const json::Value& input,
                                        std::string body = {});
  const OperationModel& s3_operation(std::string_view name) const;

 private:
  void send(std::string_view service, const runtime::Principal& principal, UnsignedRequest request,
            std::chrono::milliseconds timeout, outgoing::HttpClient::Reply reply);
  void add_publish(runtime::Operations& operations);
  void add_rest_xml(runtime::Operations& operations, const ServiceModel& model);
  void add_rest_json(runtime::Operations& operations, const ServiceModel& model);

  const RemoteOptions options_;
  const Clock& clock_;
  const ServiceModel lambda_;
  const ServiceModel s3_;
  outgoing::HttpClient client_;
};

}  // namespace pawl::api
