#include "services/lambda/package_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "base/base64.h"
#include "json/writer.h"
#include "services/lambda/fields.h"

namespace pawl::lambda {
namespace {

using functions::IncomingPackage;
using functions::StoredCode;
using json::Node;
using Incoming = std::unique_ptr<IncomingPackage>;

constexpr std::size_t kPieceBytes = 1 << 20;

ServiceError not_kept(const functions::ArchiveError& error) {
  return invalid_parameter(error.message);
}

ServiceError not_fetched(std::string_view code, std::string_view message) {
  return invalid_parameter(fmt::format(
      "Error occurred while GetObject. S3 Error Code: {}. S3 Error Message: {}", code, message));
}

std::string object_input(Node code) {
  std::string input;
  json::Writer out(input);
  out.begin_object().key("Bucket").string(text_member(code, "S3Bucket").value_or(""));
  out.key("Key").string(text_member(code, "S3Key").value_or(""));
  if (const auto version = text_member(code, "S3ObjectVersion")) {
    out.key("VersionId").string(*version);
  }
  out.end_object();
  return input;
}

// Answers come on another thread; the caller of this one has time.
Result<runtime::StreamedOutput, ServiceError> get_object(const runtime::Call& call, Node code,
                                                         const runtime::Operations* objects) {
  const auto* operation = objects ? objects->find_streamed("s3", "GetObject") : nullptr;
  if (operation == nullptr) {
    return Err{invalid_parameter("This server has no buckets; send the package as ZipFile")};
  }
  using Outcome = Result<runtime::StreamedOutput, ServiceError>;
  auto answered = std::make_shared<std::promise<Outcome>>();
  auto answer = answered->get_future();
  const runtime::Call made{call.principal, json::Value::trusted(object_input(code)),
                           call.request_id};
  (*operation)(made, {}, [answered](Outcome outcome) { answered->set_value(std::move(outcome)); });
  Outcome outcome = answer.get();
  if (outcome.ok()) return outcome;
  return Err{not_fetched(outcome.error().code, outcome.error().message)};
}

Result<std::string, runtime::BodyError> read_piece(runtime::BodySource& source) {
  using Piece = Result<std::string, runtime::BodyError>;
  auto answered = std::make_shared<std::promise<Piece>>();
  auto answer = answered->get_future();
  source.read(kPieceBytes, [answered](Piece piece) { answered->set_value(std::move(piece)); });
  return answer.get();
}

Result<void, ServiceError> append(IncomingPackage& incoming, std::string_view bytes) {
  if (auto written = incoming.append(bytes); !written.ok()) return Err{not_kept(written.error())};
  return {};
}

Result<void, ServiceError> take_object(const runtime::AnswerBody& body, IncomingPackage& incoming,
                                       std::uint64_t bytes_max) {
  const std::uint64_t size = body.source ? body.source->size() : body.bytes.size();
  // It cannot unpack to less: the store refuses it before it fills the disk.
  if (size > bytes_max) {
    return Err{
        invalid_parameter(fmt::format("Unzipped size must be smaller than {} bytes", bytes_max))};
  }
  if (!body.source) return append(incoming, body.bytes);
  while (incoming.bytes() < size) {
    const auto piece = read_piece(*body.source);
    if (!piece.ok()) return Err{not_fetched("InternalError", piece.error().message)};
    TRY(append(incoming, *piece));
  }
  return {};
}

Result<void, ServiceError> take_zip_file(std::string_view text, IncomingPackage& incoming) {
  const auto bytes = decode_base64(text);
  if (!bytes) return Err{invalid_parameter("ZipFile is not base64")};
  return append(incoming, *bytes);
}

Result<void, ServiceError> check_source(Node code) {
  const bool in_bucket = member(code, "S3Bucket") != nullptr || member(code, "S3Key") != nullptr;
  if (member(code, "ImageUri") != nullptr) {
    return Err{invalid_parameter("Pawl does not run container images; send a ZipFile")};
  }
  if (member(code, "ZipFile") != nullptr) {
    if (!in_bucket) return {};
    return Err{invalid_parameter(
        "Please do not provide other FunctionCode parameters when providing a ZipFile.")};
  }
  if (text_member(code, "S3Bucket") && text_member(code, "S3Key")) return {};
  return Err{invalid_parameter("Please provide a source for function code.")};
}

}  // namespace

Result<StoredCode, ServiceError> fetch_package(const runtime::Call& call, Node code,
                                               functions::CodeStore& codes,
                                               const runtime::Operations* objects) {
  TRY(check_source(code));
  auto incoming = codes.receive();
  if (!incoming.ok()) return Err{not_kept(incoming.error())};
  if (const Node* text = member(code, "ZipFile")) {
    TRY(take_zip_file(text->is_string() ? text->string() : std::string_view(), **incoming));
  } else {
    const runtime::StreamedOutput object = TRY(get_object(call, code, objects));
    TRY(take_object(object.body, **incoming, codes.limits().unpacked_bytes_max));
  }
  auto stored = codes.add(**incoming);
  if (!stored.ok()) return Err{not_kept(stored.error())};
  return std::move(stored).value();
}

}  // namespace pawl::lambda
