// CompleteMultipartUpload: the parts become the object; no byte is copied.
#include <algorithm>

#include "base/base64.h"
#include "base/hex.h"
#include "base/percent.h"
#include "services/s3/attributes.h"
#include "services/s3/conditions.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr store::Space kState = store::Space::kState;
constexpr std::uint64_t kPartBytesMin = 5u << 20;  // of all but the last
constexpr std::size_t kVersionsSearched = 1'000;   // for what an upload became

// An object made of parts has the id of its upload's random bytes, so that a client that did not
// hear the answer may ask again.
DataId data_id_of(std::string_view upload_id) {
  return DataId(upload_id.substr(kUploadIdBytes - kDataIdBytes));
}

ServiceError invalid_part(std::uint32_t number, std::string_view etag) {
  return with(with(error("InvalidPart",
                         "One or more of the specified parts could not be found.  The part may not "
                         "have been uploaded, or the specified entity tag may not match the part's "
                         "entity tag."),
                   "PartNumber", std::to_string(number)),
              "ETag", etag);
}

// The object's entity tag: the MD5 of the parts' MD5s, and how many there are.
std::string etag_of(const std::vector<Part>& parts) {
  Checksum md5(ChecksumKind::kMd5);
  for (const Part& part : parts) md5.add(decode_hex(part.etag).value_or(""));
  return encode_hex(md5.finish()) + "-" + std::to_string(parts.size());
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

const json::Node* given_parts(const Fields& fields) {
  const json::Node* upload = fields.node("MultipartUpload");
  return upload == nullptr ? nullptr : upload->find("Parts");
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

json::Value completed_output(const std::string& bucket, const std::string& key,
                             const ObjectRecord& record, const Bucket& owner) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("Location").string("http://s3.localhost/" + bucket + "/" + form_encode_key(key));
  out.key("Bucket").string(bucket).key("Key").string(key);
  out.key("ETag").string(quoted(record.etag));
  write_checksum(out, record.checksum);
  write_encryption(out, record.attributes);
  write_version(out, owner, record);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace

// What the upload was completed as before. S3 answers a repetition as it did the first time, unless
// the parts are others.
Result<ObjectRecord, ServiceError> Service::completed_before(const Fields& fields) const {
  const Place place = TRY(place_of(fields));
  const std::string id_text = fields.text("UploadId");
  const std::string id = parse_id(id_text).value_or("");
  if (id.size() != kUploadIdBytes) return Err{no_such_upload(id_text)};
  std::vector<ObjectRecord> versions = older_versions(place, kVersionsSearched);
  if (auto latest = current(place)) versions.insert(versions.begin(), std::move(*latest));
  const auto made = std::find_if(versions.begin(), versions.end(), [&](const ObjectRecord& one) {
    return one.data.storage == Storage::kParts && one.data.id == data_id_of(id);
  });
  if (made == versions.end()) return Err{no_such_upload(id_text)};
  const auto parts = TRY(chosen_parts(given_parts(fields), parts_of(*place.bucket, *made)));
  if (etag_of(parts) != made->etag) return Err{no_such_upload(id_text)};
  return *made;
}

void Service::complete_upload(const Call& call, const Reply& reply) {
  const auto place = place_of(Fields(call.input.root()));
  if (!place.ok()) return reply(Err{place.error()});
  enter(*place, [this, input = call.input, request_id = call.request_id,
                 reply](Result<Pass, ServiceError> pass) {
    if (!pass.ok()) return reply(Err{pass.error()});
    const auto where = place_of(Fields(input.root()));
    if (!where.ok()) return reply(Err{where.error()});
    const auto answer_of = [&](const ObjectRecord& made) {
      return completed_output(where->bucket->name, where->key, made, *where->bucket);
    };
    Change change;
    auto record = completed(Fields(input.root()), change);
    if (!record.ok() && record.error().code == "NoSuchUpload") {
      const auto before = completed_before(Fields(input.root()));
      return before.ok() ? reply(answer_of(*before)) : reply(Err{before.error()});
    }
    if (!record.ok()) return reply(Err{record.error()});
    json::Value answer = answer_of(*record);
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
  const std::vector<Part> uploaded = uploaded_parts(bucket, upload.id);
  const std::vector<Part> parts = TRY(chosen_parts(given_parts(fields), uploaded));
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
  record.data = {Storage::kParts, data_id_of(upload.id)};
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
