// UploadPart: a part is kept as an object is, under the upload instead of the key.
#include "base/base64.h"
#include "base/hex.h"
#include "services/s3/attributes.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

Result<std::uint32_t, ServiceError> read_number(const Fields& fields) {
  const std::int64_t number = fields.integer("PartNumber").value_or(0);
  if (number >= 1 && number <= 10'000) return static_cast<std::uint32_t>(number);
  return Err{invalid_argument("Part number must be an integer between 1 and 10000, inclusive",
                              "partNumber", std::to_string(number))};
}

}  // namespace

void Service::upload_part(const Call& call, runtime::RequestBody body, const StreamedReply& reply) {
  const Fields fields(call.input.root());
  const auto number = read_number(fields);
  if (!number.ok()) return reply(Err{number.error()});
  auto upload = find_upload(fields);
  if (!upload.ok()) return reply(Err{upload.error()});
  auto expected = read_expected(fields);
  if (!expected.ok()) return reply(Err{expected.error()});
  const std::optional<ChecksumKind> wanted = upload->record.checksum;
  if (wanted && expected->kind && *wanted != *expected->kind) {
    return reply(Err{error("InvalidRequest",
                           "Checksum Type mismatch occurred, expected checksum Type: " +
                               std::string(pawl::name_of(*wanted)) + ", actual checksum Type: " +
                               std::string(pawl::name_of(*expected->kind)))});
  }
  if (!expected->kind) expected->kind = wanted;
  Part part;
  part.number = *number;
  keep_body(std::move(body), expected->kinds(),
            [this, upload = *upload, part, expected = *expected,
             reply](Result<KeptBytes, ServiceError> kept) mutable {
              if (!kept.ok()) return reply(Err{kept.error()});
              if (auto right = check(expected, kept->checksums); !right.ok()) {
                return reply(Err{right.error()});
              }
              const ChecksumKind kind = expected.kept_kind();
              part.checksum = StoredChecksum{kind, ChecksumForm::kFullObject,
                                             encode_base64(kept->checksums[kind])};
              put_part(upload, part, std::move(*kept),
                       [upload, reply](Result<Part, ServiceError> stored) {
                         if (!stored.ok()) return reply(Err{stored.error()});
                         std::string text;
                         json::Writer out(text);
                         out.begin_object().key("ETag").string(quoted(stored->etag));
                         write_checksum_value(out, *stored->checksum);
                         write_encryption(out, upload.record.attributes);
                         out.end_object();
                         reply(StreamedOutput{json::Value::trusted(std::move(text)), {}});
                       });
            });
}

void Service::put_part(const Upload& upload, Part part, KeptBytes kept,
                       std::function<void(Result<Part, ServiceError>)> done) {
  struct Work {
    Upload upload;
    Part part;
    KeptBytes kept;
    std::function<void(Result<Part, ServiceError>)> done;
  };
  const auto work =
      std::make_shared<Work>(Work{upload, std::move(part), std::move(kept), std::move(done)});
  enter(upload.place, [this, work](Result<Pass, ServiceError> pass) {
    if (!pass.ok()) return work->done(Err{pass.error()});
    const Place& place = work->upload.place;
    const Bucket& bucket = *place.bucket;
    const std::string upload_row = upload_key(bucket.id, place.key, work->upload.id);
    if (!store_.get(shard_of(bucket.id), store::Space::kState, upload_row)) {
      return work->done(Err{no_such_upload(work->upload.id_text)});
    }
    Part& made = work->part;
    made.size = work->kept.size;
    made.etag = encode_hex(work->kept.checksums[ChecksumKind::kMd5]);
    made.modified = clock_.wall_now();
    made.data = work->kept.data;
    Change change;
    const std::string row = part_key(bucket.id, work->upload.id, made.number);
    // A part that was there already is replaced.
    if (const auto before = store_.get(shard_of(bucket.id), store::Space::kState, row)) {
      const auto old = decode_parts(*before);
      if (old && old->size() == 1) drop(bucket, old->front().data, change);
    }
    refer(bucket, work->kept, change);
    change.batch.put(store::Space::kState, row, encode(std::vector<Part>{made}));
    commit(place.bucket, std::move(change),
           [work, held = std::move(*pass)] { work->done(work->part); });
  });
}

}  // namespace pawl::s3
