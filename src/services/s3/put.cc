// PutObject.
#include "base/base64.h"
#include "base/hex.h"
#include "services/s3/attributes.h"
#include "services/s3/conditions.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr std::uint64_t kObjectBytesMax = 5ull << 30;  // of one request

json::Value put_output(const Bucket& bucket, const ObjectRecord& record) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("ETag").string(quoted(record.etag));
  write_checksum(out, record.checksum);
  write_encryption(out, record.attributes);
  write_version(out, bucket, record);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

Result<void, ServiceError> check_size(const Fields& fields) {
  const std::int64_t bytes = fields.integer("ContentLength").value_or(0);
  if (bytes <= static_cast<std::int64_t>(kObjectBytesMax)) return {};
  return Err{
      with(with(error("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"),
                "ProposedSize", std::to_string(bytes)),
           "MaxSizeAllowed", std::to_string(kObjectBytesMax))};
}

// A task gives the body as a member: a text, or any JSON.
std::string body_of(const Fields& fields) {
  const json::Node* body = fields.node("Body");
  if (body == nullptr) return {};
  return body->is_string() ? std::string(body->string()) : json::print(*body);
}

}  // namespace

void Service::add_bytes_operations(runtime::Operations& operations) {
  const auto add =
      [&](std::string_view name,
          void (Service::*run)(const Call&, runtime::RequestBody, const StreamedReply&)) {
        operations.add_streamed(
            "s3", name,
            [this, run](const Call& call, runtime::RequestBody body, const StreamedReply& reply) {
              (this->*run)(call, std::move(body), reply);
            });
        operations.add("s3", name, [this, run](const Call& call, const Reply& reply) {
          runtime::RequestBody body{.bytes = body_of(Fields(call.input.root())), .staged = nullptr};
          (this->*run)(call, std::move(body), [reply](Result<StreamedOutput, ServiceError> result) {
            if (!result.ok()) return reply(Err{std::move(result).error()});
            reply(std::move(result->output));
          });
        });
      };
  add("PutObject", &Service::put_object);
  add("UploadPart", &Service::upload_part);
  operations.add_streamed("s3", "GetObject",
                          [this](const Call& call, const runtime::RequestBody&,
                                 const StreamedReply& reply) { get_object(call, reply); });
  operations.add_sinks("s3", [this](std::string_view operation, const Call& call) {
    return open_sink(operation, call);
  });
}

// What can be refused by the head alone is refused before gigabytes have come.
Result<std::shared_ptr<runtime::BodySink>, ServiceError> Service::open_sink(
    std::string_view operation, const Call& call) {
  const Fields fields(call.input.root());
  TRY(place_of(fields));
  TRY(check_size(fields));
  if (!store_.has_space()) return Err{no_space()};
  if (operation == "UploadPart") TRY(find_upload(fields));
  if (operation == "PutObject") TRY(read_attributes(fields));
  Expected expected = TRY(read_expected(fields));
  if (operation == "UploadPart" && !expected.kind) {
    expected.kind = TRY(find_upload(fields)).record.checksum;
  }
  return std::shared_ptr<runtime::BodySink>(make_writer(expected.kinds()));
}

void Service::put_object(const Call& call, runtime::RequestBody body, const StreamedReply& reply) {
  const Fields fields(call.input.root());
  auto place = place_of(fields);
  if (!place.ok()) return reply(Err{place.error()});
  auto attributes = read_attributes(fields);
  if (!attributes.ok()) return reply(Err{attributes.error()});
  const auto expected = read_expected(fields);
  if (!expected.ok()) return reply(Err{expected.error()});
  if (const auto size = check_size(fields); !size.ok()) return reply(Err{size.error()});

  PutRequest request{.place = std::move(*place), .record = {}, .input = call.input};
  request.record.attributes = std::move(*attributes);
  request.request_id = call.request_id;
  keep_body(std::move(body), expected->kinds(),
            [this, request = std::make_shared<PutRequest>(std::move(request)), reply,
             expected = *expected](Result<KeptBytes, ServiceError> kept) {
              if (!kept.ok()) return reply(Err{kept.error()});
              if (auto right = check(expected, kept->checksums); !right.ok()) {
                return reply(Err{right.error()});
              }
              const ChecksumKind kind = expected.kept_kind();
              request->record.checksum = StoredChecksum{kind, ChecksumForm::kFullObject,
                                                        encode_base64(kept->checksums[kind])};
              const BucketPointer bucket = request->place.bucket;
              put_object_kept(std::move(*request), std::move(*kept),
                              [bucket, reply](Result<ObjectRecord, ServiceError> record) {
                                if (!record.ok()) return reply(Err{record.error()});
                                reply(StreamedOutput{put_output(*bucket, *record), {}});
                              });
            });
}

// The bytes are on disk; now the key is made to be them.
void Service::put_object_kept(PutRequest given, KeptBytes kept,
                              std::function<void(Result<ObjectRecord, ServiceError>)> done) {
  struct Work {
    PutRequest request;
    KeptBytes kept;
    std::function<void(Result<ObjectRecord, ServiceError>)> done;
  };
  const auto work =
      std::make_shared<Work>(Work{std::move(given), std::move(kept), std::move(done)});
  enter(work->request.place, [this, work](Result<Pass, ServiceError> pass) {
    if (!pass.ok()) return work->done(Err{pass.error()});
    const Place& place = work->request.place;
    const auto before = current(place);
    const Fields fields(work->request.input.root());
    if (auto allowed = check_write(fields, place.key, before); !allowed.ok()) {
      return work->done(Err{allowed.error()});
    }
    Change change;
    ObjectRecord record = work->request.record;
    record.sequence = next_sequence();
    record.modified = clock_.wall_now();
    record.size = work->kept.size;
    record.data = work->kept.data;
    if (record.etag.empty()) record.etag = encode_hex(work->kept.checksums[ChecksumKind::kMd5]);
    refer(*place.bucket, work->kept, change);
    const auto made = std::make_shared<ObjectRecord>(put_record(place, record, before, change));
    commit(place.bucket, std::move(change), [this, work, made, held = std::move(*pass)] {
      notifications_.tell(event_of(work->request, *made),
                          [work, made] { work->done(std::move(*made)); });
    });
  });
}

ObjectEvent Service::event_of(const PutRequest& request, const ObjectRecord& record) const {
  return {.name = request.event,
          .bucket = request.place.bucket,
          .key = request.place.key,
          .object = record,
          .request_id = request.request_id,
          .time = record.modified};
}

void Service::put_kept(const Place& place, Attributes attributes, KeptBytes kept,
                       std::function<void(Result<ObjectRecord, ServiceError>)> done) {
  PutRequest request{.place = place, .record = {}, .input = json::Value::trusted("{}")};
  request.record.attributes = std::move(attributes);
  request.record.checksum = StoredChecksum{ChecksumKind::kCrc64Nvme, ChecksumForm::kFullObject,
                                           encode_base64(kept.checksums[ChecksumKind::kCrc64Nvme])};
  put_object_kept(std::move(request), std::move(kept), std::move(done));
}

}  // namespace pawl::s3
