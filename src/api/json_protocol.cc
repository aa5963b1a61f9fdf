// json-1.0 and json-1.1: the operation in X-Amz-Target, input and output as the body.
#include "api/errors.h"
#include "api/protocols.h"
#include "json/writer.h"

namespace pawl::api {

namespace {
std::string_view media_type(Protocol protocol) {
  return protocol == Protocol::kJson11 ? "application/x-amz-json-1.1"
                                       : "application/x-amz-json-1.0";
}
}  // namespace

Result<json::Value, runtime::ServiceError> read_json_input(HttpRequest& request) {
  auto parsed = json::Value::parse(std::move(request.body));
  if (!parsed.ok()) {
    return Err{
        serialization_error("Could not parse request body into json: " + parsed.error().message)};
  }
  return std::move(parsed).value();
}

HttpResponse write_json_output(Protocol protocol, json::Value output) {
  HttpResponse response;
  response.content_type = media_type(protocol);
  response.set_body(std::move(output));
  return response;
}

HttpResponse write_json_error(Protocol protocol, const runtime::ServiceError& error) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  writer.key("__type").string(error.code);
  writer.key("message").string(error.message);
  for (const auto& [name, value] : error.members) writer.key(name).raw(value);
  writer.end_object();
  HttpResponse response;
  response.status = error.http_status;
  response.content_type = media_type(protocol);
  response.body = std::move(body);
  return response;
}

}  // namespace pawl::api
