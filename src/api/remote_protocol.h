// The wire protocols from the client's side: an operation's input into a request, an answer into an
// output or an error. The counterpart of api/protocol.h, over the same tables.
#pragma once

#include "api/model.h"
#include "api/remote_signer.h"
#include "json/value.h"
#include "runtime/operations.h"

namespace pawl::api {

// json-1.0 and json-1.1.
UnsignedRequest write_json_request(const Wire& wire, std::string_view operation,
                                   const json::Value& input);
runtime::OperationResult read_json_answer(const outgoing::Answer& answer);

// rest-json. `input` has the model's member names; what is not in the model is left out.
Result<UnsignedRequest, runtime::ServiceError> write_rest_json_request(
    const OperationModel& operation, const json::Value& input);
runtime::OperationResult read_rest_json_answer(const OperationModel& operation,
                                               const outgoing::Answer& answer);

// rest-xml: S3. `body`, if any, is the payload that `input` does not have.
UnsignedRequest write_rest_xml_request(const OperationModel& operation, const json::Value& input,
                                       std::string body = {});
runtime::OperationResult read_rest_xml_answer(const OperationModel& operation,
                                              const outgoing::Answer& answer);
runtime::ServiceError read_xml_error(const outgoing::Answer& answer);

// query: SNS, of which tasks publish alone.
UnsignedRequest write_query_request(std::string_view version, std::string_view operation,
                                    const json::Value& input);
runtime::OperationResult read_publish_answer(const outgoing::Answer& answer);

// `output` and what HTTP said beside it (runtime/http_metadata.h).
json::Value with_http(const json::Value& output, const outgoing::Answer& answer);

// An answer with a status that is no success, in any protocol that speaks JSON. Without a code of
// the service the error's code is empty: a proxy's page, most likely.
runtime::ServiceError read_error(const outgoing::Answer& answer);

// No answer at all: `SdkClientException`, with http_status 0, as the AWS SDKs report it.
runtime::ServiceError read_failure(const outgoing::Failure& failure);

}  // namespace pawl::api
