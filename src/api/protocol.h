// The wire protocols, each written once: an operation's input out of a request, an output or an
// error into a response. A further protocol is a further case of these three.
#pragma once

#include "api/http_message.h"
#include "api/router.h"
#include "json/value.h"
#include "runtime/operations.h"

namespace pawl::api {

// The input as the model has it, types not yet checked. Takes the request's body.
Result<json::Value, runtime::ServiceError> read_input(const Route& route, HttpRequest& request,
                                                      const std::vector<QueryParameter>& query);

HttpResponse write_output(const Route& route, json::Value output, std::string request_id);

// Of an operation whose answer may be bytes.
HttpResponse write_streamed(const Route& route,
                            Result<runtime::StreamedOutput, runtime::ServiceError> result,
                            std::string request_id);

// `service` is null when the request could not be told to be any service's.
HttpResponse write_error(Protocol protocol, const ServiceModel* service,
                         runtime::ServiceError error, std::string request_id);

// In whose manner to refuse a request that is not even routed.
Protocol manner_of(const HttpRequest& request);

}  // namespace pawl::api
