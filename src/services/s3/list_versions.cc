// ListObjectVersions: keys in order, each one's versions from the newest on.
#include <algorithm>

#include "base/utc_text.h"
#include "services/s3/attributes.h"
#include "services/s3/listing.h"
#include "services/s3/service.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

struct VersionItem {
  std::string key;  // or a common prefix
  std::optional<ObjectRecord> record;
  bool latest = false;
};

struct VersionPage {
  std::vector<VersionItem> items;
  bool truncated = false;
};

// Gathers versions until the page is full.
class VersionWalk {
 public:
  VersionWalk(const store::Store& store, const Bucket& bucket, ListRequest request,
              std::string version_marker)
      : store_(store),
        bucket_(bucket),
        request_(std::move(request)),
        marker_(std::move(version_marker)) {}

  VersionPage run() {
    if (request_.limit == 0) return std::move(page_);
    const std::string end = behind(object_key(bucket_.id, request_.prefix));
    std::string from = object_key(bucket_.id, std::max(request_.prefix, request_.from));
    while (!from.empty() && (end.empty() || from < end)) from = run_from(from, end);
    return std::move(page_);
  }

 private:
  // Where to go on; empty: nowhere.
  std::string run_from(const std::string& from, const std::string& end) {
    const std::size_t key_begin = object_key(bucket_.id, "").size();
    std::string next;
    store_.scan(shard_of(bucket_.id), store::Space::kState, from, end,
                store::Store::Direction::kForward,
                [&](std::string_view row, std::string_view value) {
                  const std::string key(row.substr(key_begin));
                  const auto common = common_prefix(key, request_.prefix, request_.delimiter);
                  if (common) {
                    next = behind(object_key(bucket_.id, *common));
                    if (*common != request_.after && !add({*common, std::nullopt, false})) {
                      next.clear();
                    }
                    return false;
                  }
                  auto record = decode_object(value);
                  return !record || add_versions(key, std::move(*record));
                });
    return next;
  }

  bool add_versions(const std::string& key, ObjectRecord latest) {
    // Behind the marker's version: the marker's own key is gone through again.
    bool skipping = !marker_.empty() && key == request_.from;
    const auto take = [&](ObjectRecord record, bool is_latest) {
      if (!skipping) return add({key, std::move(record), is_latest});
      skipping = record.shown_version() != marker_;
      return true;
    };
    if (!take(std::move(latest), true)) return false;
    bool going_on = true;
    const std::string from = version_prefix(bucket_.id, key);
    store_.scan(shard_of(bucket_.id), store::Space::kState, from, behind(from),
                store::Store::Direction::kForward, [&](std::string_view, std::string_view row) {
                  auto record = decode_object(row);
                  going_on = !record || take(std::move(*record), false);
                  return going_on;
                });
    return going_on;
  }

  bool add(VersionItem item) {
    if (page_.items.size() == request_.limit) {
      page_.truncated = true;
      return false;
    }
    page_.items.push_back(std::move(item));
    return true;
  }

  const store::Store& store_;
  const Bucket& bucket_;
  const ListRequest request_;
  const std::string marker_;
  VersionPage page_;
};

void write_version_item(json::Writer& out, const VersionItem& item, const Encoding& encoding,
                        const Bucket& bucket) {
  const ObjectRecord& record = *item.record;
  out.begin_object();
  if (!record.is_marker()) {
    out.key("ETag").string(quoted(record.etag));
    if (record.checksum) {
      out.key("ChecksumAlgorithm").begin_array();
      out.string(pawl::name_of(record.checksum->kind)).end_array();
      out.key("ChecksumType").string(name_of(record.checksum->form));
    }
    out.key("Size").integer(static_cast<std::int64_t>(record.size));
    out.key("StorageClass").string(storage_class_of(record.attributes));
  }
  out.key("Key").string(encoding(item.key));
  out.key("VersionId").string(record.shown_version());
  out.key("IsLatest").boolean(item.latest);
  out.key("LastModified").string(iso_time(record.modified));
  out.key("Owner").begin_object().key("ID").string(owner_id(bucket.account)).end_object();
  out.end_object();
}

void write_versions(json::Writer& out, const VersionPage& page, const Encoding& encoding,
                    const Bucket& bucket) {
  for (const bool markers : {false, true}) {
    out.key(markers ? "DeleteMarkers" : "Versions").begin_array();
    for (const VersionItem& item : page.items) {
      if (item.record && item.record->is_marker() == markers) {
        write_version_item(out, item, encoding, bucket);
      }
    }
    out.end_array();
  }
  out.key("CommonPrefixes").begin_array();
  for (const VersionItem& item : page.items) {
    if (item.record) continue;
    out.begin_object().key("Prefix").string(encoding(item.key)).end_object();
  }
  out.end_array();
}

}  // namespace

OperationResult Service::list_versions(const Call& call) {
  const Fields fields(call.input.root());
  const BucketPointer bucket = TRY(buckets_.get(fields.text("Bucket")));
  const Encoding encoding = TRY(Encoding::read(fields));
  const std::string key_marker = fields.text("KeyMarker");
  const std::string version_marker = fields.text("VersionIdMarker");
  if (!version_marker.empty() && key_marker.empty()) {
    return Err{invalid_argument("A version-id marker cannot be specified without a key marker.",
                                "version-id-marker", version_marker)};
  }
  ListRequest request{.prefix = fields.text("Prefix"),
                      .delimiter = fields.text("Delimiter"),
                      .from = {},
                      .after = key_marker,
                      .limit = TRY(read_limit(fields, "MaxKeys"))};
  if (!key_marker.empty()) {
    request.from = version_marker.empty() ? successor(key_marker) : key_marker;
  }
  const VersionPage page = VersionWalk(store_, *bucket, request, version_marker).run();
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("Name").string(bucket->name);
  out.key("Prefix").string(encoding(request.prefix));
  out.key("KeyMarker").string(encoding(key_marker));
  out.key("VersionIdMarker").string(version_marker);
  if (page.truncated) {
    out.key("NextKeyMarker").string(encoding(page.items.back().key));
    if (page.items.back().record) {
      out.key("NextVersionIdMarker").string(page.items.back().record->shown_version());
    }
  }
  out.key("MaxKeys").integer(static_cast<std::int64_t>(request.limit));
  if (fields.has("Delimiter")) out.key("Delimiter").string(encoding(request.delimiter));
  if (encoding.is_url()) out.key("EncodingType").string("url");
  out.key("IsTruncated").boolean(page.truncated);
  write_versions(out, page, encoding, *bucket);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::s3
