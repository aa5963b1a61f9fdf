#include "services/cloudformation/inline_code.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <cstdint>
#include <vector>

#include "base/base64.h"

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

void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
}

struct Entry {
  std::string_view name;
  std::string_view text;
};

// What the local header and the central directory both say of an entry (APPNOTE 4.3.7, 4.3.12).
std::string entry_fields(const Entry& entry) {
  const auto crc = static_cast<std::uint32_t>(crc32(
      0, reinterpret_cast<const Bytef*>(entry.text.data()), static_cast<uInt>(entry.text.size())));
  const auto size = static_cast<std::uint32_t>(entry.text.size());
  std::string out;
  put(out, 20, 2);      // version needed
  put(out, 0x0800, 2);  // names are UTF-8
  put(out, 0, 2);       // stored
  put(out, 0, 2);       // time
  put(out, 0x21, 2);    // date: 1980-01-01
  put(out, crc, 4);
  put(out, size, 4);
  put(out, size, 4);
  put(out, static_cast<std::uint32_t>(entry.name.size()), 2);
  put(out, 0, 2);
  return out;
}

std::string zipped(const std::vector<Entry>& entries) {
  constexpr std::uint32_t kRegularFile = 0100644u << 16;
  std::string out, directory;
  for (const Entry& entry : entries) {
    const auto offset = static_cast<std::uint32_t>(out.size());
    out.append("PK\x03\x04").append(entry_fields(entry)).append(entry.name).append(entry.text);
    directory.append("PK\x01\x02");
    put(directory, 0x0314, 2);  // made on Unix
    directory.append(entry_fields(entry));
    put(directory, 0, 2);
    put(directory, 0, 2);
    put(directory, 0, 2);
    put(directory, kRegularFile, 4);
    put(directory, offset, 4);
    directory.append(entry.name);
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  out.append(directory).append("PK\x05\x06");
  put(out, 0, 4);
  put(out, static_cast<std::uint32_t>(entries.size()), 2);
  put(out, static_cast<std::uint32_t>(entries.size()), 2);
  put(out, static_cast<std::uint32_t>(directory.size()), 4);
  put(out, start, 4);
  put(out, 0, 2);
  return out;
}

}  // namespace

std::string inline_package(std::string_view runtime, std::string_view code) {
  const bool python = runtime.starts_with("python");
  const std::string archive =
      python ? zipped({{"index.py", code}, {"cfnresponse.py", kResponsePython}})
             : zipped({{"index.js", code}, {"cfn-response.js", kResponseJavaScript}});
  return encode_base64(archive);
}

}  // namespace pawl::cloudformation
