#include "services/cloudformation/inline_code.h"

#include "base/base64.h"
#include "zip/writer.h"

namespace pawl::cloudformation {

namespace {

constexpr std::string_view kResponseJavaScript = R"js('use strict';
// Answers a custom resource: PUT to the address that its event names.
const url = require('url');
exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';
exports.send = function (event, context, status, data, physicalId, noEcho) {
  const body = JSON.stringify({
    Status: status,
    Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
    PhysicalResourceId: physicalId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: data,
  });
  const to = url.parse(event.ResponseURL);
  const web = require(to.protocol === 'https:' ? 'https' : 'http');
  return new Promise(function (resolve, reject) {
    const request = web.request({
      hostname: to.hostname, port: to.port, path: to.path, method: 'PUT',
      headers: {'content-type': '', 'content-length': Buffer.byteLength(body)},
    }, function (response) {
      response.resume();
      response.on('end', function () { resolve(context.done && context.done()); });
    });
    request.on('error', function (error) { reject(context.done ? context.done(error) : error); });
    request.end(body);
  });
};
)js";

constexpr std::string_view kResponsePython =
    R"py("""Answers a custom resource: PUT to the address that its event names."""
import json
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False,
         reason=None):
    body = json.dumps({
        "Status": responseStatus,
        "Reason": reason or "See the details in CloudWatch Log Stream: " + context.log_stream_name,
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }).encode()
    request = urllib.request.Request(event["ResponseURL"], body, {"content-type": ""}, method="PUT")
    with urllib.request.urlopen(request) as answer:
        answer.read()
)py";

}  // namespace

std::string inline_package(std::string_view runtime, std::string_view code) {
  const bool python = runtime.starts_with("python");
  const std::string archive =
      python ? zip::archive_of({{"index.py", code}, {"cfnresponse.py", kResponsePython}})
             : zip::archive_of({{"index.js", code}, {"cfn-response.js", kResponseJavaScript}});
  return encode_base64(archive);
}

}  // namespace pawl::cloudformation
