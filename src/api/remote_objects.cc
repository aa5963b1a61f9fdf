#include "api/remote_objects.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "api/remote_protocol.h"
#include "json/members.h"
#include "json/writer.h"
#include "machine/timestamps.h"

namespace pawl::api {

namespace {

using objects::ObjectError;
using objects::ObjectInfo;

// Of one answer; what is larger is read in several.
constexpr std::size_t kReadMax = 8u << 20;
// S3 takes no parts below 5 MiB, but for the last, and 10,000 of them.
constexpr std::size_t kPartBytes = 16u << 20;
constexpr std::size_t kPageMax = 1'000;
constexpr int kWhole = 200;  // of an object of which a part was asked for
constexpr int kNotFound = 404;
constexpr int kRangeNotSatisfiable = 416;

// The members of an operation's input that are texts.
using Texts = std::vector<std::pair<std::string_view, std::string>>;

json::Value input_of(const Texts& members) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  for (const auto& [name, value] : members) out.key(name).string(value);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

ObjectError as_object_error(const runtime::ServiceError& error) {
  ObjectError::Kind kind = ObjectError::Kind::kFailed;
  if (error.code == "NoSuchBucket") kind = ObjectError::Kind::kNoBucket;
  if (error.code == "NoSuchKey") kind = ObjectError::Kind::kNoKey;
  return {kind, error.message};
}

// An answer that is a success, or what it says instead.
Result<outgoing::Answer, ObjectError> succeeded(outgoing::HttpClient::Outcome outcome) {
  if (!outcome.ok()) return Err{as_object_error(read_failure(outcome.error()))};
  if (outcome->status >= 300) return Err{as_object_error(read_xml_error(*outcome))};
  return std::move(outcome).value();
}

// The bytes from `from` on, at most `wanted`: whoever knows no ranges answers with all of them.
std::string_view bytes_of(const outgoing::Answer& answer, std::uint64_t from, std::size_t wanted) {
  std::string_view bytes = answer.body;
  if (answer.status == kWhole) bytes.remove_prefix(std::min<std::uint64_t>(from, bytes.size()));
  return bytes.substr(0, wanted);
}

class RemoteObjectWriter final : public objects::ObjectWriter {
 public:
  RemoteObjectWriter(RemoteServices& services, const Clock& clock, std::string bucket,
                     std::string key)
      : services_(services), clock_(clock), bucket_(std::move(bucket)), key_(std::move(key)) {}

  // What was never finished leaves no parts behind, as far as S3 can be reached.
  ~RemoteObjectWriter() override {
    if (upload_.empty()) return;
    std::ignore =
        services_.call_s3("AbortMultipartUpload", input_of(names({{"UploadId", upload_}})));
  }

  Result<void, ObjectError> append(std::string_view bytes) override {
    size_ += bytes.size();
    while (pending_.size() + bytes.size() > kPartBytes) {
      const std::size_t room = kPartBytes - pending_.size();
      pending_.append(bytes.substr(0, room));
      bytes.remove_prefix(room);
      TRY(put_part());
    }
    pending_.append(bytes);
    return {};
  }

  Result<ObjectInfo, ObjectError> finish() override {
    if (upload_.empty()) {
      const auto answer = TRY(succeeded(services_.call_s3(
          "PutObject", input_of(names({{"ContentType", "application/json"}})), pending_)));
      return info(std::string(answer.header("etag")));
    }
    if (!pending_.empty()) TRY(put_part());
    const auto answer = TRY(succeeded(services_.call_s3("CompleteMultipartUpload", completion())));
    // S3 may say 200 before it knows, and an error after.
    const auto completed =
        read_rest_xml_answer(services_.s3_operation("CompleteMultipartUpload"), answer);
    if (!completed.ok()) return Err{as_object_error(completed.error())};
    const std::string etag(json::Members(completed->root()).text_or("ETag", {}));
    if (etag.empty()) return Err{as_object_error(read_xml_error(answer))};
    upload_.clear();
    return info(etag);
  }

 private:
  Texts names(Texts more) const {
    more.insert(more.begin(), {{"Bucket", bucket_}, {"Key", key_}});
    return more;
  }

  ObjectInfo info(std::string etag) const {
    return {
        .key = key_, .size = size_, .last_modified = clock_.wall_now(), .etag = std::move(etag)};
  }

  Result<void, ObjectError> begin_upload() {
    const auto answer = TRY(succeeded(services_.call_s3(
        "CreateMultipartUpload", input_of(names({{"ContentType", "application/json"}})))));
    const auto begun =
        read_rest_xml_answer(services_.s3_operation("CreateMultipartUpload"), answer);
    if (!begun.ok()) return Err{as_object_error(begun.error())};
    upload_ = json::Members(begun->root()).text_or("UploadId", {});
    if (!upload_.empty()) return {};
    return Err{ObjectError{ObjectError::Kind::kFailed, "S3 began no multipart upload"}};
  }

  Result<void, ObjectError> put_part() {
    if (upload_.empty()) TRY(begin_upload());
    const std::string number = std::to_string(etags_.size() + 1);
    const auto answer = TRY(succeeded(services_.call_s3(
        "UploadPart", input_of(names({{"UploadId", upload_}, {"PartNumber", number}})),
        std::exchange(pending_, {}))));
    etags_.emplace_back(answer.header("etag"));
    return {};
  }

  json::Value completion() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    for (const auto& [name, value] : names({{"UploadId", upload_}})) out.key(name).string(value);
    out.key("MultipartUpload").begin_object().key("Parts").begin_array();
    for (std::size_t i = 0; i < etags_.size(); ++i) {
      out.begin_object().key("ETag").string(etags_[i]);
      out.key("PartNumber").integer(static_cast<std::int64_t>(i + 1)).end_object();
    }
    out.end_array().end_object().end_object();
    return json::Value::trusted(std::move(text));
  }

  RemoteServices& services_;
  const Clock& clock_;
  const std::string bucket_;
  const std::string key_;
  std::string upload_;  // empty: none has begun
  std::vector<std::string> etags_;
  std::string pending_;  // of the part that is not full yet
  std::uint64_t size_ = 0;
};

}  // namespace

Result<std::string, ObjectError> RemoteObjectStore::read(const std::string& bucket,
                                                         const std::string& key,
                                                         std::uint64_t offset, std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    const std::uint64_t from = offset + bytes.size();
    const std::size_t wanted = std::min(count - bytes.size(), kReadMax);
    auto outcome = services_.call_s3("GetObject",
                                     input_of({{"Bucket", bucket},
                                               {"Key", key},
                                               {"Range", "bytes=" + std::to_string(from) + "-" +
                                                             std::to_string(from + wanted - 1)}}));
    if (outcome.ok() && outcome->status == kRangeNotSatisfiable) break;  // behind its end
    const auto answer = TRY(succeeded(std::move(outcome)));
    const std::string_view read = bytes_of(answer, from, wanted);
    bytes += read;
    if (read.size() < wanted) break;
  }
  return bytes;
}

Result<std::vector<ObjectInfo>, ObjectError> RemoteObjectStore::list(const std::string& bucket,
                                                                     std::string_view prefix,
                                                                     const std::string& after,
                                                                     std::size_t limit) {
  std::vector<ObjectInfo> found;
  std::string last = after;
  for (bool more = true; more && found.size() < limit;) {
    Texts input = {{"Bucket", bucket},
                   {"Prefix", std::string(prefix)},
                   {"MaxKeys", std::to_string(std::min(limit - found.size(), kPageMax))}};
    if (!last.empty()) input.emplace_back("StartAfter", last);
    const auto answer = TRY(succeeded(services_.call_s3("ListObjectsV2", input_of(input))));
    const auto page = read_rest_xml_answer(services_.s3_operation("ListObjectsV2"), answer);
    if (!page.ok()) return Err{as_object_error(page.error())};
    const json::Members members(page->root());
    const json::Node* contents = members.node("Contents");
    if (contents != nullptr) {
      for (const json::Node& object : *contents) {
        const json::Members fields(object);
        const auto modified = machine::parse_timestamp(fields.text_or("LastModified", {}));
        last = std::string(fields.text_or("Key", {}));
        found.push_back({.key = last,
                         .size = static_cast<std::uint64_t>(fields.integer("Size").value_or(0)),
                         .last_modified = modified ? machine::millis_not_before(*modified) : 0,
                         .etag = std::string(fields.text_or("ETag", {}))});
      }
    }
    more = members.flag("IsTruncated") && contents != nullptr && contents->size() > 0;
  }
  return found;
}

Result<std::unique_ptr<objects::ObjectWriter>, ObjectError> RemoteObjectStore::create(
    const std::string& bucket, const std::string& key) {
  const auto known = services_.call_s3("HeadBucket", input_of({{"Bucket", bucket}}));
  if (known.ok() && known->status == kNotFound) {  // without a body
    return Err{ObjectError{ObjectError::Kind::kNoBucket, "The specified bucket does not exist"}};
  }
  TRY(succeeded(known));
  return std::unique_ptr<objects::ObjectWriter>(
      std::make_unique<RemoteObjectWriter>(services_, clock_, bucket, key));
}

}  // namespace pawl::api
