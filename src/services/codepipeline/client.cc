#include "services/codepipeline/client.h"

#include <future>

#include "services/codepipeline/fields.h"

namespace pawl::codepipeline {

namespace {

ServiceError no_operation(std::string_view service, std::string_view operation) {
  return error(
      "UnknownOperationException",
      "Pawl does not have the operation " + std::string(service) + ":" + std::string(operation));
}

std::string object_input(std::string_view bucket, std::string_view key, std::string_view more) {
  std::string input;
  json::Writer(input).begin_object().key("Bucket").string(bucket).key("Key").string(key);
  return input.append(more) + "}";
}

Result<std::string, ServiceError> drain(runtime::AnswerBody body) {
  if (body.source == nullptr) return std::move(body.bytes);
  constexpr std::size_t kChunk = 4u << 20;
  std::string all;
  const std::uint64_t size = body.source->size();
  while (all.size() < size) {
    auto done = std::make_shared<std::promise<Result<std::string, runtime::BodyError>>>();
    auto read = done->get_future();
    body.source->read(kChunk, [done](Result<std::string, runtime::BodyError> bytes) {
      done->set_value(std::move(bytes));
    });
    auto bytes = read.get();
    if (!bytes.ok()) return Err{error("InternalError", bytes.error().message)};
    all += *bytes;
  }
  return all;
}

}  // namespace

Client Client::in_region(const std::string& region) const {
  runtime::Principal there = principal_;
  if (!region.empty()) there.region = region;
  return {operations_, std::move(there)};
}

Answer Client::call(std::string_view service, std::string_view operation, std::string input,
                    std::string_view request_id) const {
  const runtime::Operation* found = operations_.find(service, operation);
  const runtime::AnyOperation* any = operations_.find_any(service);
  if (found == nullptr && any == nullptr) return Err{no_operation(service, operation)};
  const runtime::Call made{principal_, json::Value::trusted(std::move(input)),
                           std::string(request_id)};
  const auto answered = std::make_shared<std::promise<Answer>>();
  auto answer = answered->get_future();
  runtime::Reply reply = [answered](runtime::OperationResult result) {
    answered->set_value(std::move(result));
  };
  found != nullptr ? (*found)(made, std::move(reply)) : (*any)(operation, made, std::move(reply));
  return answer.get();
}

Result<runtime::StreamedOutput, ServiceError> Client::stream(std::string_view service,
                                                             std::string_view operation,
                                                             const runtime::Call& call,
                                                             runtime::RequestBody body) const {
  const runtime::StreamedOperation* found = operations_.find_streamed(service, operation);
  if (found == nullptr) return Err{no_operation(service, operation)};
  using Streamed = Result<runtime::StreamedOutput, ServiceError>;
  const auto answered = std::make_shared<std::promise<Streamed>>();
  auto answer = answered->get_future();
  (*found)(call, std::move(body),
           [answered](Streamed result) { answered->set_value(std::move(result)); });
  return answer.get();
}

Result<Client::Object, ServiceError> Client::read_all(std::string_view service,
                                                      std::string_view operation,
                                                      std::string input) const {
  const runtime::Call made{principal_, json::Value::trusted(std::move(input)), {}};
  runtime::StreamedOutput output = TRY(stream(service, operation, made, {}));
  return Object{TRY(drain(std::move(output.body))), std::move(output.output)};
}

Result<Client::Object, ServiceError> Client::read_object(std::string_view bucket,
                                                         std::string_view key,
                                                         std::string_view version) const {
  std::string more;
  if (!version.empty()) {
    more = ",\"VersionId\":";
    json::print_string_to(version, more);
  }
  return read_all("s3", "GetObject", object_input(bucket, key, more));
}

Result<std::string, ServiceError> Client::read_blob(std::string_view repository,
                                                    std::string_view blob) const {
  std::string input;
  json::Writer out(input);
  out.begin_object().key("repositoryName").string(repository).key("blobId").string(blob);
  out.end_object();
  return TRY(read_all("codecommit", "ReadBlob", std::move(input))).bytes;
}

Result<json::Value, ServiceError> Client::put_object(std::string_view bucket, std::string_view key,
                                                     std::string bytes,
                                                     std::string_view more) const {
  const runtime::Call made{principal_, json::Value::trusted(object_input(bucket, key, more)), {}};
  return TRY(stream("s3", "PutObject", made, {.bytes = std::move(bytes), .staged = nullptr}))
      .output;
}

Result<Client::Upload, ServiceError> Client::begin_upload(std::string_view bucket,
                                                          std::string_view key,
                                                          std::string_view more) const {
  const runtime::OpenSink* open = operations_.find_sinks("s3");
  if (open == nullptr) return Err{no_operation("s3", "PutObject")};
  Upload upload;
  upload.client_ = this;
  upload.call_ = {principal_, json::Value::trusted(object_input(bucket, key, more)), {}};
  upload.sink_ = TRY((*open)("PutObject", upload.call_));
  return upload;
}

Result<void, std::string> Client::Upload::append(std::string bytes) {
  using Written = Result<void, runtime::BodyError>;
  const auto done = std::make_shared<std::promise<Written>>();
  auto written = done->get_future();
  sink_->write(std::move(bytes), [done](Written result) { done->set_value(std::move(result)); });
  const Written result = written.get();
  if (!result.ok()) return Err{result.error().message};
  return {};
}

Result<json::Value, ServiceError> Client::Upload::finish() {
  return TRY(client_->stream("s3", "PutObject", call_, {.bytes = {}, .staged = std::move(sink_)}))
      .output;
}

}  // namespace pawl::codepipeline
