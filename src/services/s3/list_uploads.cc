// Listing uploads and their parts.
#include <algorithm>

#include "base/utc_text.h"
#include "services/s3/attributes.h"
#include "services/s3/listing.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

using Uploads = std::vector<std::pair<std::string, UploadRecord>>;  // by id

void write_people(json::Writer& out, const Bucket& bucket, const UploadRecord& upload) {
  out.key("Initiator").begin_object().key("ID").string(upload.initiator).end_object();
  out.key("Owner").begin_object().key("ID").string(owner_id(bucket.account)).end_object();
}

void write_checksum_choice(json::Writer& out, const UploadRecord& upload) {
  if (!upload.checksum) return;
  out.key("ChecksumAlgorithm").string(pawl::name_of(*upload.checksum));
  out.key("ChecksumType").string(name_of(upload.form));
}

void write_uploads(json::Writer& out, const Uploads& page, const Encoding& encoding,
                   const Bucket& bucket) {
  out.key("Uploads").begin_array();
  for (const auto& [id, upload] : page) {
    out.begin_object().key("UploadId").string(id_text(id));
    out.key("Key").string(encoding(upload.key));
    out.key("Initiated").string(iso_time(upload.initiated));
    out.key("StorageClass").string(storage_class_of(upload.attributes));
    write_people(out, bucket, upload);
    write_checksum_choice(out, upload);
    out.end_object();
  }
  out.end_array();
}

// What is gathered of one page.
struct UploadPage {
  Uploads uploads;
  std::vector<std::string> prefixes;
  bool more = false;

  std::size_t size() const { return uploads.size() + prefixes.size(); }
  bool ends_with_prefix() const {
    return !prefixes.empty() && (uploads.empty() || prefixes.back() > uploads.back().second.key);
  }
};

struct UploadQuery {
  std::string prefix;
  std::string delimiter;
  std::string key_marker;
  std::string id_marker;  // bytes
  std::size_t limit = 0;

  bool is_behind_markers(const std::string& key, const std::string& id) const {
    if (key_marker.empty() || key > key_marker) return true;
    return !id_marker.empty() && key == key_marker && id > id_marker;
  }
};

UploadPage gather(const store::Store& store, const Bucket& bucket, const UploadQuery& query) {
  UploadPage page;
  const std::string from = uploads_prefix(bucket.id);
  store.scan(shard_of(bucket.id), store::Space::kState, from, behind(from),
             store::Store::Direction::kForward, [&](std::string_view row, std::string_view value) {
               auto record = decode_upload(value);
               std::string id(row.substr(row.size() - kUploadIdBytes));
               if (!record || !record->key.starts_with(query.prefix)) return true;
               if (!query.is_behind_markers(record->key, id)) return true;
               auto common = common_prefix(record->key, query.prefix, query.delimiter);
               if (common && *common == query.key_marker) return true;
               if (common && !page.prefixes.empty() && page.prefixes.back() == *common) return true;
               page.more = page.size() == query.limit;
               if (page.more) return false;
               if (common) {
                 page.prefixes.push_back(std::move(*common));
               } else {
                 page.uploads.emplace_back(std::move(id), std::move(*record));
               }
               return true;
             });
  return page;
}

}  // namespace

OperationResult Service::list_uploads(const Call& call) {
  const Fields fields(call.input.root());
  const BucketPointer bucket = TRY(buckets_.get(fields.text("Bucket")));
  const Encoding encoding = TRY(Encoding::read(fields));
  const UploadQuery query{.prefix = fields.text("Prefix"),
                          .delimiter = fields.text("Delimiter"),
                          .key_marker = fields.text("KeyMarker"),
                          .id_marker = parse_id(fields.text("UploadIdMarker")).value_or(""),
                          .limit = TRY(read_limit(fields, "MaxUploads"))};
  const UploadPage page = gather(store_, *bucket, query);
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Bucket").string(bucket->name);
  out.key("KeyMarker").string(encoding(query.key_marker));
  out.key("UploadIdMarker").string(fields.text("UploadIdMarker"));
  if (page.more && page.size() > 0) {
    const bool prefix = page.ends_with_prefix();
    out.key("NextKeyMarker")
        .string(encoding(prefix ? page.prefixes.back() : page.uploads.back().second.key));
    if (!prefix) out.key("NextUploadIdMarker").string(id_text(page.uploads.back().first));
  }
  out.key("Prefix").string(encoding(query.prefix));
  if (!query.delimiter.empty()) out.key("Delimiter").string(encoding(query.delimiter));
  out.key("MaxUploads").integer(static_cast<std::int64_t>(query.limit));
  out.key("IsTruncated").boolean(page.more);
  if (encoding.is_url()) out.key("EncodingType").string("url");
  write_uploads(out, page.uploads, encoding, *bucket);
  out.key("CommonPrefixes").begin_array();
  for (const std::string& prefix : page.prefixes) {
    out.begin_object().key("Prefix").string(encoding(prefix)).end_object();
  }
  out.end_array().end_object();
  return json::Value::trusted(std::move(text));
}

OperationResult Service::list_parts(const Call& call) {
  const Fields fields(call.input.root());
  const Upload upload = TRY(find_upload(fields));
  const std::size_t limit = TRY(read_limit(fields, "MaxParts"));
  const std::int64_t marker = fields.integer("PartNumberMarker").value_or(0);
  std::vector<Part> page;
  bool more = false;
  for (Part& part : uploaded_parts(*upload.place.bucket, upload.id)) {
    if (part.number <= marker) continue;
    more = page.size() == limit;
    if (more) break;
    page.push_back(std::move(part));
  }
  std::string text;
  json::Writer out(text);
  out.begin_object().key("Bucket").string(upload.place.bucket->name);
  out.key("Key").string(upload.place.key).key("UploadId").string(upload.id_text);
  out.key("PartNumberMarker").integer(marker);
  if (!page.empty()) out.key("NextPartNumberMarker").integer(page.back().number);
  out.key("MaxParts").integer(static_cast<std::int64_t>(limit));
  out.key("IsTruncated").boolean(more);
  out.key("Parts").begin_array();
  for (const Part& part : page) {
    out.begin_object().key("PartNumber").integer(part.number);
    out.key("LastModified").string(iso_time(part.modified));
    out.key("ETag").string(quoted(part.etag));
    out.key("Size").integer(static_cast<std::int64_t>(part.size));
    if (upload.record.checksum && part.checksum) write_checksum_value(out, *part.checksum);
    out.end_object();
  }
  out.end_array();
  write_people(out, *upload.place.bucket, upload.record);
  out.key("StorageClass").string(storage_class_of(upload.record.attributes));
  write_checksum_choice(out, upload.record);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::s3
