// ListObjects, ListObjectsV2.
#include "base/utc_text.h"
#include "services/s3/attributes.h"
#include "services/s3/listing.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

enum class Owner { kShown, kLeftOut };

void write_object(json::Writer& out, const Listed& item, const Encoding& encoding,
                  const Bucket& bucket, Owner owner) {
  const ObjectRecord& record = *item.record;
  out.begin_object();
  out.key("Key").string(encoding(item.key));
  out.key("LastModified").string(iso_time(record.modified));
  out.key("ETag").string(quoted(record.etag));
  if (record.checksum) {
    out.key("ChecksumAlgorithm").begin_array();
    out.string(pawl::name_of(record.checksum->kind)).end_array();
    out.key("ChecksumType").string(name_of(record.checksum->form));
  }
  out.key("Size").integer(static_cast<std::int64_t>(record.size));
  if (owner == Owner::kShown) {
    out.key("Owner").begin_object().key("ID").string(owner_id(bucket.account)).end_object();
  }
  out.key("StorageClass").string(storage_class_of(record.attributes));
  out.end_object();
}

void write_page(json::Writer& out, const ListPage& page, const Encoding& encoding,
                const Bucket& bucket, Owner owner) {
  out.key("Contents").begin_array();
  for (const Listed& item : page.items) {
    if (item.record) write_object(out, item, encoding, bucket, owner);
  }
  out.end_array().key("CommonPrefixes").begin_array();
  for (const Listed& item : page.items) {
    if (item.record) continue;
    out.begin_object().key("Prefix").string(encoding(item.key)).end_object();
  }
  out.end_array();
}

// Where the page begins is said in words of each version's own.
Result<ListRequest, ServiceError> read_list_request(const Fields& fields) {
  return ListRequest{.prefix = fields.text("Prefix"),
                     .delimiter = fields.text("Delimiter"),
                     .from = {},
                     .after = {},
                     .limit = TRY(read_limit(fields, "MaxKeys"))};
}

void write_if_given(json::Writer& out, const Fields& fields, std::string_view name,
                    const Encoding& encoding) {
  if (fields.has(name)) out.key(name).string(encoding(fields.text(name)));
}

}  // namespace

OperationResult Service::list_objects(const Call& call) {
  const Fields fields(call.input.root());
  const BucketPointer bucket = TRY(buckets_.get(fields.text("Bucket")));
  const Encoding encoding = TRY(Encoding::read(fields));
  ListRequest request = TRY(read_list_request(fields));
  const std::string marker = fields.text("Marker");
  if (!marker.empty()) {
    request.from = successor(marker);
    request.after = marker;
  }
  const ListPage page = list_keys(store_, *bucket, request);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("Name").string(bucket->name);
  out.key("Prefix").string(encoding(request.prefix));
  out.key("Marker").string(encoding(marker));
  // Without a delimiter the last key says it as well.
  if (page.truncated && !request.delimiter.empty()) {
    out.key("NextMarker").string(encoding(page.items.back().key));
  }
  out.key("MaxKeys").integer(static_cast<std::int64_t>(request.limit));
  write_if_given(out, fields, "Delimiter", encoding);
  if (encoding.is_url()) out.key("EncodingType").string("url");
  out.key("IsTruncated").boolean(page.truncated);
  write_page(out, page, encoding, *bucket, Owner::kShown);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

OperationResult Service::list_objects_v2(const Call& call) {
  const Fields fields(call.input.root());
  const BucketPointer bucket = TRY(buckets_.get(fields.text("Bucket")));
  const Encoding encoding = TRY(Encoding::read(fields));
  ListRequest request = TRY(read_list_request(fields));
  const std::string start = fields.text("StartAfter");
  if (!start.empty()) request.from = successor(start);
  if (fields.has("ContinuationToken")) {
    const auto from = parse_id(fields.text("ContinuationToken"));
    if (!from || from->empty()) {
      return Err{invalid_argument("The continuation token provided is incorrect",
                                  "continuation-token", fields.text("ContinuationToken"))};
    }
    request.from = *from;
  }
  const ListPage page = list_keys(store_, *bucket, request);
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("Name").string(bucket->name);
  out.key("Prefix").string(encoding(request.prefix));
  if (fields.has("ContinuationToken")) {
    out.key("ContinuationToken").string(fields.text("ContinuationToken"));
  }
  if (page.truncated) out.key("NextContinuationToken").string(id_text(page.next));
  if (!start.empty()) out.key("StartAfter").string(encoding(start));
  out.key("KeyCount").integer(static_cast<std::int64_t>(page.items.size()));
  out.key("MaxKeys").integer(static_cast<std::int64_t>(request.limit));
  write_if_given(out, fields, "Delimiter", encoding);
  if (encoding.is_url()) out.key("EncodingType").string("url");
  out.key("IsTruncated").boolean(page.truncated);
  write_page(out, page, encoding, *bucket,
             fields.flag("FetchOwner") ? Owner::kShown : Owner::kLeftOut);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::s3
