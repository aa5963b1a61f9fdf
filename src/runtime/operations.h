// How services call each other and how the API layer calls them: one table of operations, filled
// by main() (decision D11). A service may as well be remote.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace pawl::runtime {

// Who calls, and where.
struct Principal {
  std::string account = "000000000000";
  std::string region = "us-east-1";
  std::string access_key;
};

struct ServiceError {
  std::string code;  // "ResourceNotFoundException", as the wire's __type
  std::string message;
  int http_status = 400;
  // Further members of the error body: name -> JSON text.
  std::vector<std::pair<std::string, std::string>> members;
  // Of the remote service that answered; empty: the caller's own id is the request's.
  std::string request_id{};
};

using OperationResult = Result<json::Value, ServiceError>;
// Called exactly once, on any thread, maybe before the operation function returns.
using Reply = std::function<void(OperationResult)>;

struct Call {
  Principal principal;
  // The modelled input as an object with the model's member names; blobs that hold JSON (Lambda's
  // Payload) are embedded as JSON, other blobs are base64 text.
  json::Value input;
  std::string request_id;  // of the API call, or of the task that makes it
};

using Operation = std::function<void(const Call& call, Reply reply)>;
using AnyOperation = std::function<void(std::string_view operation, const Call& call, Reply reply)>;

class Operations {
 public:
  // `service` is the signing name ("states", "lambda"), `operation` the model's ("Invoke").
  // Registering twice is a bug. Registration ends before serving starts.
  void add(std::string_view service, std::string_view operation, Operation run);
  // For a service whose operations are not known one by one: all that have no row of their own.
  void add_any(std::string_view service, AnyOperation run);
  const Operation* find(std::string_view service, std::string_view operation) const;
  const AnyOperation* find_any(std::string_view service) const;
  bool has_service(std::string_view service) const;

 private:
  std::map<std::string, std::map<std::string, Operation, std::less<>>, std::less<>> services_;
  std::map<std::string, AnyOperation, std::less<>> any_;
};

}  // namespace pawl::runtime
