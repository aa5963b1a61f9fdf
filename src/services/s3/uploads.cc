// Multipart uploads: beginning, giving up, listing and completing them.
#include <algorithm>

#include "base/base64.h"
#include "services/s3/attributes.h"
#include "services/s3/conditions.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr store::Space kState = store::Space::kState;
constexpr std::uint64_t kPartBytesMin = 5u << 20;  // of all but the last

ServiceError invalid_part(std::uint32_t number, std::string_view etag) {
  return with(with(error("InvalidPart",
                         "One or more of the specified parts could not be found.  The part may not "
                         "have been uploaded, or the specified entity tag may not match the part's "
                         "entity tag."),
                   "PartNumber", std::to_string(number)),
              "ETag", etag);
}

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
  std::string name(pawl::name_of(*kind));
  for (char& byte : name) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + ('a' - 'A'));
  }
  return Err{error("InvalidRequest", "The " + form + " checksum type cannot be used with the " +
                                         name + " checksum algorithm.")};
}

// The object's entity tag: the MD5 of the parts' MD5s, and how many there are.
std::string etag_of(const std::vector<Part>& parts) {
  Checksum md5(ChecksumKind::kMd5);
  for (const Part& part : parts) md5.add(parse_hex(part.etag).value_or(""));
  return hex(md5.finish()) + "-" + std::to_string(parts.size());
}

std::optional<StoredChecksum> checksum_of_parts(const UploadRecord& upload,
                                                const std::vector<Part>& parts) {
  const ChecksumKind kind = upload.checksum.value_or(ChecksumKind::kCrc64Nvme);
  StoredChecksum whole{kind, upload.form, {}};
  if (upload.form == ChecksumForm::kComposite) {
    Checksum composite(kind);
    for (const Part& part : parts) {
      if (!part.checksum) return std::nullopt;
      composite.add(parse_base64(part.checksum->text).value_or(""));
    }
    whole.text = encode_base64(composite.finish()) + "-" + std::to_string(parts.size());
    return whole;
  }
  const auto crc = crc_kind(kind);
  if (!crc) return std::nullopt;
  std::uint64_t value = 0;
  for (const Part& part : parts) {
    if (!part.checksum || part.checksum->kind != kind) return std::nullopt;
    const std::uint64_t next = crc_from_bytes(parse_base64(part.checksum->text).value_or(""));
    value = combine_crc(*crc, value, next, part.size);
  }
  whole.text = encode_base64(crc_to_bytes(*crc, value));
  return whole;
}

// What the client says the parts are, held against what they are.
Result<std::vector<Part>, ServiceError> chosen_parts(const json::Node* given,
                                                     const std::vector<Part>& uploaded) {
  std::vector<Part> chosen;
  if (given == nullptr || given->size() == 0) {
    return Err{error("MalformedXML",
                     "The XML you provided was not well-formed or did not validate against our "
                     "published schema")};
  }
  for (const json::Node& node : *given) {
    const Fields wanted(node);
    const auto number = static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(wanted.integer("PartNumber").value_or(0), 0, UINT32_MAX));
    if (!chosen.empty() && number <= chosen.back().number) {
      return Err{
          error("InvalidPartOrder",
                "The list of parts was not in ascending order. Parts must be ordered by part "
                "number.")};
    }
    const std::string etag(unquoted(wanted.text("ETag")));
    const auto part = std::find_if(uploaded.begin(), uploaded.end(),
                                   [&](const Part& one) { return one.number == number; });
    if (part == uploaded.end() || part->etag != etag) return Err{invalid_part(number, etag)};
    const auto expected = TRY(read_expected(wanted));
    if (!expected.checksum.empty() &&
        (!part->checksum || part->checksum->text != encode_base64(expected.checksum))) {
      return Err{invalid_part(number, etag)};
    }
    chosen.push_back(*part);
  }
  for (std::size_t i = 0; i + 1 < chosen.size(); ++i) {
    if (chosen[i].size >= kPartBytesMin) continue;
    ServiceError small =
        error("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
    small = with(std::move(small), "ProposedSize", std::to_string(chosen[i].size));
    small = with(std::move(small), "MinSizeAllowed", std::to_string(kPartBytesMin));
    small = with(std::move(small), "PartNumber", std::to_string(chosen[i].number));
    return Err{with(std::move(small), "ETag", chosen[i].etag)};
  }
  return chosen;
}

Result<void, ServiceError> check_whole(const Fields& fields, const ObjectRecord& record) {
  // A composite value ends in "-N", which the reader of plain ones does not know.
  if (record.checksum) {
    const std::string member = "Checksum" + std::string(pawl::name_of(record.checksum->kind));
    const std::string given = fields.text(member);
    const std::string_view plain =
        std::string_view(record.checksum->text).substr(0, record.checksum->text.find('-'));
    if (!given.empty() && given != record.checksum->text && given != plain) {
      return Err{bad_digest(pawl::name_of(record.checksum->kind))};
    }
  }
  const auto size = fields.integer("MpuObjectSize");
  if (size && *size != static_cast<std::int64_t>(record.size)) {
    return Err{error("InvalidRequest",
                     "The provided 'x-amz-mp-object-size' header does not match what was "
                     "computed.")};
  }
  return {};
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

namespace {

json::Value completed_output(const std::string& bucket, const std::string& key,
                             const ObjectRecord& record, const Bucket& owner) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("Location").string("http://s3.localhost/" + bucket + "/" + url_encode(key));
  out.key("Bucket").string(bucket).key("Key").string(key);
  out.key("ETag").string(quoted(record.etag));
  write_checksum(out, record.checksum);
  write_encryption(out, record.attributes);
  write_version(out, owner, record);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

void Service::complete_upload(const Call& call, const Reply& reply) {
  const auto place = place_of(Fields(call.input.root()));
  if (!place.ok()) return reply(Err{place.error()});
  enter(*place, [this, input = call.input, request_id = call.request_id,
                 reply](Result<Pass, ServiceError> pass) {
    if (!pass.ok()) return reply(Err{pass.error()});
    Change change;
    auto record = completed(Fields(input.root()), change);
    if (!record.ok()) return reply(Err{record.error()});
    const auto where = place_of(Fields(input.root()));
    if (!where.ok()) return reply(Err{where.error()});
    json::Value answer = completed_output(where->bucket->name, where->key, *record, *where->bucket);
    ObjectEvent event{.name = "ObjectCreated:CompleteMultipartUpload",
                      .bucket = where->bucket,
                      .key = where->key,
                      .object = *record,
                      .request_id = request_id,
                      .time = record->modified};
    commit(where->bucket, std::move(change),
           [this, reply, answer = std::move(answer), event = std::move(event),
            held = std::move(*pass)] {
             notifications_.tell(event, [reply, answer] { reply(answer); });
           });
  });
}

// The object that the parts are, and the rows that make it so: no byte is copied.
Result<ObjectRecord, ServiceError> Service::completed(const Fields& fields, Change& change) {
  const Upload upload = TRY(find_upload(fields));
  const Place& place = upload.place;
  const Bucket& bucket = *place.bucket;
  const json::Node* given = fields.node("MultipartUpload");
  const std::vector<Part> uploaded = uploaded_parts(bucket, upload.id);
  std::vector<Part> parts =
      TRY(chosen_parts(given == nullptr ? nullptr : given->find("Parts"), uploaded));
  const auto before = current(place);
  TRY(check_write(fields, place.key, before));

  ObjectRecord record;
  record.sequence = next_sequence();
  record.modified = clock_.wall_now();
  record.attributes = upload.record.attributes;
  record.etag = etag_of(parts);
  record.parts = static_cast<std::uint32_t>(parts.size());
  record.checksum = checksum_of_parts(upload.record, parts);
  for (const Part& part : parts) record.size += part.size;
  TRY(check_whole(fields, record));
  record.data = {Storage::kParts, new_data_id()};
  change.batch.put(kState, data_key(bucket.id, record.data.id), encode(parts));
  change.batch.erase(kState, upload_key(bucket.id, place.key, upload.id));
  for (const Part& part : uploaded) {
    change.batch.erase(kState, part_key(bucket.id, upload.id, part.number));
    const bool used = std::any_of(parts.begin(), parts.end(),
                                  [&](const Part& one) { return one.number == part.number; });
    if (!used) drop(bucket, part.data, change);
  }
  return put_record(place, record, before, change);
}

}  // namespace pawl::s3
