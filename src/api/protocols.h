// The protocols' own functions, for api/protocol.cc alone.
#pragma once

#include "api/protocol.h"

namespace pawl::api {

Result<json::Value, runtime::ServiceError> read_json_input(HttpRequest& request);
HttpResponse write_json_output(Protocol protocol, json::Value output);
HttpResponse write_json_error(Protocol protocol, const runtime::ServiceError& error);

Result<json::Value, runtime::ServiceError> read_rest_json_input(
    const Route& route, HttpRequest& request, const std::vector<QueryParameter>& query);
HttpResponse write_rest_json_output(const Route& route, json::Value output);
HttpResponse write_rest_json_error(const ServiceModel* service, const runtime::ServiceError& error);

Result<json::Value, runtime::ServiceError> read_query_input(const Route& route);
HttpResponse write_query_output(const Route& route, json::Value output,
                                std::string_view request_id);
HttpResponse write_query_error(const ServiceModel* service, const runtime::ServiceError& error,
                               std::string_view request_id);

Result<json::Value, runtime::ServiceError> read_rest_xml_input(
    const Route& route, const HttpRequest& request, const std::vector<QueryParameter>& query);
HttpResponse write_rest_xml_output(const Route& route, const json::Value& output,
                                   runtime::AnswerBody body, std::string_view request_id);
HttpResponse write_rest_xml_error(runtime::ServiceError error, std::string_view request_id);

}  // namespace pawl::api
