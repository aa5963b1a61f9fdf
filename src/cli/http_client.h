// HTTP requests to a running server, signed with the caller's own AWS keys. libcurl stays inside
// http_client.cc.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/commands.h"
#include "json/value.h"

namespace pawl::cli {

struct HttpAnswer {
  long status = 0;
  std::string body;
};
struct HttpError {
  enum class Kind { kUnreachable, kFailed } kind = Kind::kFailed;
  std::string message;
};

// POSTs to `path` of the client's endpoint. Keys are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,
// else `test`; `service` is the signing name.
Result<HttpAnswer, HttpError> post(const Client& client, const std::string& service,
                                   const std::string& path, const std::vector<std::string>& headers,
                                   const std::string& body);

// An operation of the Step Functions API. Error: a line for a person to read.
Result<json::Value, std::string> call_states(const Client& client, const std::string& operation,
                                             const std::string& input);

// One of Pawl's own operations, by its path under /_pawl/ (docs/extensions.md).
Result<json::Value, std::string> call_pawl(const Client& client, const std::string& path,
                                           const std::string& input);

}  // namespace pawl::cli
