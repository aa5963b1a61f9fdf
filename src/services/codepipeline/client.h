// Calls of other services in the name of a pipeline, for code that may wait for the answer.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/operations.h"

namespace pawl::codepipeline {

using Answer = Result<json::Value, runtime::ServiceError>;

class Client {
 public:
  // `operations` outlives this.
  Client(const runtime::Operations& operations, runtime::Principal principal)
      : operations_(operations), principal_(std::move(principal)) {}

  const runtime::Principal& principal() const { return principal_; }
  // The same account elsewhere.
  Client in_region(const std::string& region) const;

  // Blocks. `input` is JSON with the operation's members.
  Answer call(std::string_view service, std::string_view operation, std::string input,
              std::string_view request_id = {}) const;
  bool has_service(std::string_view service) const { return operations_.has_service(service); }

  struct Object {
    std::string bytes;
    json::Value head;  // of GetObject
  };
  // Of that version, where one is given.
  Result<Object, runtime::ServiceError> read_object(std::string_view bucket, std::string_view key,
                                                    std::string_view version = {}) const;
  // The bytes of a Git object, however many.
  Result<std::string, runtime::ServiceError> read_blob(std::string_view repository,
                                                       std::string_view blob) const;
  // `more` is JSON members with a comma before each: `,"ACL":"private"`.
  Result<json::Value, runtime::ServiceError> put_object(std::string_view bucket,
                                                        std::string_view key, std::string bytes,
                                                        std::string_view more = {}) const;

  // An object of any size, piece by piece; it is there at finish(), or never.
  class Upload {
   public:
    Result<void, std::string> append(std::string bytes);
    Result<json::Value, runtime::ServiceError> finish();

   private:
    friend class Client;
    const Client* client_ = nullptr;
    runtime::Call call_;
    std::shared_ptr<runtime::BodySink> sink_;
  };
  Result<Upload, runtime::ServiceError> begin_upload(std::string_view bucket, std::string_view key,
                                                     std::string_view more = {}) const;

 private:
  Result<runtime::StreamedOutput, runtime::ServiceError> stream(std::string_view service,
                                                                std::string_view operation,
                                                                const runtime::Call& call,
                                                                runtime::RequestBody body) const;
  Result<Object, runtime::ServiceError> read_all(std::string_view service,
                                                 std::string_view operation,
                                                 std::string input) const;

  const runtime::Operations& operations_;
  runtime::Principal principal_;
};

}  // namespace pawl::codepipeline
