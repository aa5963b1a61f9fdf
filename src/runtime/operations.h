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
#include "runtime/body.h"

namespace pawl::runtime {

// Who calls, and where.
struct Principal {
  std::string account = "000000000000";
  std::string region = "us-east-1";
  std::string access_key;
  // Who the access key belongs to, where it is a user's or a role's; empty: the account's root.
  std::string arn{};
  std::string user_id{};
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

// The form of an operation that may wait long for its answer, for callers that may go meanwhile.
// What it returns such a caller calls, once, on any thread: then the answer comes soon and says
// that there was nothing. Behind the answer it does nothing. Empty: this call does not wait.
using Withdraw = std::function<void()>;
using WaitingOperation = std::function<Withdraw(const Call& call, Reply reply)>;

using AnyOperation = std::function<void(std::string_view operation, const Call& call, Reply reply)>;

// The form of an operation whose request or answer carries a body that is no JSON (S3's objects):
// for callers that can stream. It has a row of the plain form too, with the body as text in `Body`.
struct StreamedOutput {
  json::Value output;
  AnswerBody body;
};
using StreamedReply = std::function<void(Result<StreamedOutput, ServiceError>)>;
using StreamedOperation =
    std::function<void(const Call& call, RequestBody body, StreamedReply reply)>;
// Refuses a body before it comes, or says where it goes.
using OpenSink = std::function<Result<std::shared_ptr<BodySink>, ServiceError>(
    std::string_view operation, const Call& call)>;

class Operations {
 public:
  // `service` is the signing name ("states", "lambda"), `operation` the model's ("Invoke").
  // Registering twice is a bug. Registration ends before serving starts.
  void add(std::string_view service, std::string_view operation, Operation run);
  // For a service whose operations are not known one by one: all that have no row of their own.
  void add_any(std::string_view service, AnyOperation run);
  // Adds the plain form with it.
  void add_waiting(std::string_view service, std::string_view operation, WaitingOperation run);
  void add_streamed(std::string_view service, std::string_view operation, StreamedOperation run);
  void add_sinks(std::string_view service, OpenSink open);
  const StreamedOperation* find_streamed(std::string_view service,
                                         std::string_view operation) const;
  const WaitingOperation* find_waiting(std::string_view service, std::string_view operation) const;
  const OpenSink* find_sinks(std::string_view service) const;
  const Operation* find(std::string_view service, std::string_view operation) const;
  const AnyOperation* find_any(std::string_view service) const;
  bool has_service(std::string_view service) const;

 private:
  std::map<std::string, std::map<std::string, Operation, std::less<>>, std::less<>> services_;
  std::map<std::string, std::map<std::string, StreamedOperation, std::less<>>, std::less<>>
      streamed_;
  std::map<std::string, std::map<std::string, WaitingOperation, std::less<>>, std::less<>> waiting_;
  std::map<std::string, AnyOperation, std::less<>> any_;
  std::map<std::string, OpenSink, std::less<>> sinks_;
};

}  // namespace pawl::runtime
