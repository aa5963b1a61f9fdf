// Multipart uploads: beginning and giving up.
#include "base/ascii.h"
#include "services/s3/attributes.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr store::Space kState = store::Space::kState;

Result<ChecksumForm, ServiceError> read_form(const Fields& fields,
                                             const std::optional<ChecksumKind>& kind) {
  const std::string form = fields.text("ChecksumType");
  if (form.empty()) {
    return !kind || *kind == ChecksumKind::kCrc64Nvme ? ChecksumForm::kFullObject
                                                      : ChecksumForm::kComposite;
  }
  if (!kind) {
    return Err{error("InvalidRequest",
                     "The x-amz-checksum-type header can only be used with the "
                     "x-amz-checksum-algorithm header.")};
  }
  const bool full = form == "FULL_OBJECT";
  if (!full && form != "COMPOSITE") {
    return Err{error("InvalidRequest", "Value for x-amz-checksum-type header is invalid.")};
  }
  const bool possible = full ? crc_kind(*kind).has_value() : *kind != ChecksumKind::kCrc64Nvme;
  if (possible) return full ? ChecksumForm::kFullObject : ChecksumForm::kComposite;
  return Err{error("InvalidRequest", "The " + form + " checksum type cannot be used with the " +
                                         lower_case(pawl::name_of(*kind)) +
                                         " checksum algorithm.")};
}

}  // namespace

Result<Service::Upload, ServiceError> Service::find_upload(const Fields& fields) const {
  Upload upload{
      .place = TRY(place_of(fields)), .id = {}, .id_text = fields.text("UploadId"), .record = {}};
  upload.id = parse_id(upload.id_text).value_or("");
  const auto row =
      upload.id.size() != kUploadIdBytes
          ? std::nullopt
          : store_.get(shard_of(upload.place.bucket->id), kState,
                       upload_key(upload.place.bucket->id, upload.place.key, upload.id));
  auto record = row ? decode_upload(*row) : std::nullopt;
  if (!record) return Err{no_such_upload(upload.id_text)};
  upload.record = std::move(*record);
  return upload;
}

void Service::create_upload(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  const auto place = place_of(fields);
  if (!place.ok()) return reply(Err{place.error()});
  auto attributes = read_attributes(fields);
  if (!attributes.ok()) return reply(Err{attributes.error()});
  const auto expected = read_expected(fields);
  if (!expected.ok()) return reply(Err{expected.error()});
  const auto form = read_form(fields, expected->kind);
  if (!form.ok()) return reply(Err{form.error()});
  enter(*place, [this, place = *place, kind = expected->kind, form = *form,
                 attributes = std::make_shared<Attributes>(std::move(*attributes)), reply,
                 principal = call.principal](Result<Pass, ServiceError> pass) {
    if (!pass.ok()) return reply(Err{pass.error()});
    const std::string id = crc_to_bytes(CrcKind::kCrc64Nvme, next_sequence()) + new_data_id();
    UploadRecord record{.key = place.key,
                        .initiated = clock_.wall_now(),
                        .attributes = std::move(*attributes),
                        .checksum = kind,
                        .form = form,
                        .initiator = principal.arn.empty()
                                         ? "arn:aws:iam::" + principal.account + ":root"
                                         : principal.arn};
    Change change;
    change.batch.put(kState, upload_key(place.bucket->id, place.key, id), encode(record));
    std::string text;
    json::Writer out(text);
    out.begin_object().key("Bucket").string(place.bucket->name).key("Key").string(place.key);
    out.key("UploadId").string(id_text(id));
    write_encryption(out, record.attributes);
    if (kind) {
      out.key("ChecksumAlgorithm").string(pawl::name_of(*kind));
      out.key("ChecksumType").string(name_of(form));
    }
    out.end_object();
    commit(place.bucket, std::move(change),
           [reply, answer = json::Value::trusted(std::move(text)), held = std::move(*pass)] {
             reply(answer);
           });
  });
}

std::vector<Part> Service::uploaded_parts(const Bucket& bucket, std::string_view upload_id) const {
  std::vector<Part> parts;
  const std::string from = parts_prefix(bucket.id, upload_id);
  store_.scan(shard_of(bucket.id), kState, from, behind(from), store::Store::Direction::kForward,
              [&](std::string_view, std::string_view row) {
                auto part = decode_parts(row);
                if (part && part->size() == 1) parts.push_back(std::move(part->front()));
                return true;
              });
  return parts;
}

void Service::drop_upload(const Bucket& bucket, std::string_view upload_id, Change& change) const {
  for (const Part& part : uploaded_parts(bucket, upload_id)) {
    drop(bucket, part.data, change);
    change.batch.erase(kState, part_key(bucket.id, upload_id, part.number));
  }
}

void Service::abort_upload(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  const auto place = place_of(fields);
  if (!place.ok()) return reply(Err{place.error()});
  enter(*place, [this, input = call.input, reply](Result<Pass, ServiceError> pass) {
    if (!pass.ok()) return reply(Err{pass.error()});
    const auto upload = find_upload(Fields(input.root()));
    if (!upload.ok()) return reply(Err{upload.error()});
    const Bucket& bucket = *upload->place.bucket;
    Change change;
    change.batch.erase(kState, upload_key(bucket.id, upload->place.key, upload->id));
    drop_upload(bucket, upload->id, change);
    commit(upload->place.bucket, std::move(change),
           [reply, held = std::move(*pass)] { reply(json::Value::trusted("{}")); });
  });
}

}  // namespace pawl::s3
