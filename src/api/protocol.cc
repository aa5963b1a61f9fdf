// Dispatch to the protocols; what all of them share.
#include "api/protocol.h"

#include "api/protocols.h"

namespace pawl::api {

namespace {

// A message may quote bytes of a header; it goes into JSON or XML.
void make_text(std::string& message) {
  if (is_valid_utf8(message)) return;
  for (char& byte : message) {
    if (static_cast<unsigned char>(byte) >= 0x80) byte = '?';
  }
}

HttpResponse write_error_body(Protocol protocol, const ServiceModel* service,
                              const runtime::ServiceError& error, std::string_view request_id) {
  switch (protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      return write_json_error(protocol, error);
    case Protocol::kRestJson:
      return write_rest_json_error(service, error);
    case Protocol::kQuery:
      return write_query_error(service, error, request_id);
  }
  return {};
}

HttpResponse write_output_body(const Route& route, json::Value output,
                               std::string_view request_id) {
  const Protocol protocol = route.service->wire().protocol;
  switch (protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      return write_json_output(protocol, std::move(output));
    case Protocol::kRestJson:
      return write_rest_json_output(route, std::move(output));
    case Protocol::kQuery:
      return write_query_output(route, std::move(output), request_id);
  }
  return {};
}

}  // namespace

Result<json::Value, runtime::ServiceError> read_input(const Route& route, HttpRequest& request,
                                                      const std::vector<QueryParameter>& query) {
  switch (route.service->wire().protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      return read_json_input(request);
    case Protocol::kRestJson:
      return read_rest_json_input(route, request, query);
    case Protocol::kQuery:
      return read_query_input(route);
  }
  return json::Value();
}

HttpResponse write_output(const Route& route, json::Value output, std::string request_id) {
  HttpResponse response = write_output_body(route, std::move(output), request_id);
  response.request_id = std::move(request_id);
  return response;
}

HttpResponse write_error(Protocol protocol, const ServiceModel* service,
                         runtime::ServiceError error, std::string request_id) {
  make_text(error.message);
  HttpResponse response = write_error_body(protocol, service, error, request_id);
  response.request_id = std::move(request_id);
  return response;
}

Protocol manner_of(const HttpRequest& request) {
  const std::string_view type = request.headers.value("content-type");
  if (request.headers.has("x-amz-target")) {
    return type.substr(0, 26) == "application/x-amz-json-1.1" ? Protocol::kJson11
                                                              : Protocol::kJson10;
  }
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  return type.substr(0, kForm.size()) == kForm ? Protocol::kQuery : Protocol::kRestJson;
}

}  // namespace pawl::api
