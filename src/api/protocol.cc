// Dispatch to the protocols; what all of them share.
#include "api/protocol.h"

#include "api/bucket_routes.h"
#include "api/protocols.h"
#include "base/utf8.h"

namespace pawl::api {

namespace {

// A message may quote bytes of a header; it goes into JSON or XML.
void make_text(std::string& message) {
  if (is_valid_utf8(message)) return;
  for (char& byte : message) {
    if (static_cast<unsigned char>(byte) >= 0x80) byte = '?';
  }
}

// S3 has a field of its own for it.
void set_request_id(HttpResponse& response, Protocol protocol, std::string request_id) {
  if (protocol != Protocol::kRestXml) response.request_id = std::move(request_id);
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
    case Protocol::kRestXml:
      return write_rest_xml_error(error, request_id);
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
    case Protocol::kRestXml:
      return write_rest_xml_output(route, output, {}, request_id);
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
    case Protocol::kRestXml:
      return read_rest_xml_input(route, request, query);
  }
  return json::Value();
}

HttpResponse write_output(const Route& route, json::Value output, std::string request_id) {
  HttpResponse response = write_output_body(route, std::move(output), request_id);
  set_request_id(response, route.service->wire().protocol, std::move(request_id));
  return response;
}

HttpResponse write_streamed(const Route& route,
                            Result<runtime::StreamedOutput, runtime::ServiceError> result,
                            std::string request_id) {
  if (!result.ok()) {
    return write_error(Protocol::kRestXml, route.service.get(), std::move(result).error(),
                       std::move(request_id));
  }
  return write_rest_xml_output(route, result->output, std::move(result->body), request_id);
}

HttpResponse write_error(Protocol protocol, const ServiceModel* service,
                         runtime::ServiceError error, std::string request_id) {
  make_text(error.message);
  HttpResponse response = write_error_body(protocol, service, error, request_id);
  set_request_id(response, protocol, std::move(request_id));
  return response;
}

Protocol manner_of(const HttpRequest& request) {
  if (is_for_s3(request)) return Protocol::kRestXml;
  const std::string_view type = request.headers.value("content-type");
  if (request.headers.has("x-amz-target")) {
    return type.substr(0, 26) == "application/x-amz-json-1.1" ? Protocol::kJson11
                                                              : Protocol::kJson10;
  }
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  return type.substr(0, kForm.size()) == kForm ? Protocol::kQuery : Protocol::kRestJson;
}

}  // namespace pawl::api
