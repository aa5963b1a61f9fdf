// CopyObject, UploadPartCopy.
#include <charconv>

#include "base/base64.h"
#include "base/percent.h"
#include "base/utc_text.h"
#include "services/s3/attributes.h"
#include "services/s3/conditions.h"
#include "services/s3/reader.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr std::uint64_t kCopyBytesMax = 5ull << 30;
constexpr std::size_t kPieceBytes = 1u << 20;

struct CopyRange {
  std::uint64_t begin = 0;
  std::uint64_t count = 0;
};

ServiceError bad_range(const std::string& text) {
  return invalid_argument(
      "The x-amz-copy-source-range value must be of the form bytes=first-last "
      "where first and last are the zero-based offsets of the first and last "
      "bytes to copy",
      "x-amz-copy-source-range", text);
}

Result<CopyRange, ServiceError> read_copy_range(const std::string& text, std::uint64_t size) {
  if (text.empty()) return CopyRange{0, size};
  constexpr std::string_view kUnit = "bytes=";
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (!text.starts_with(kUnit)) return Err{bad_range(text)};
  const char* end = text.data() + text.size();
  const auto from = std::from_chars(text.data() + kUnit.size(), end, first);
  if (from.ec != std::errc() || from.ptr == end || *from.ptr != '-') return Err{bad_range(text)};
  const auto to = std::from_chars(from.ptr + 1, end, last);
  if (to.ec != std::errc() || to.ptr != end || last < first) return Err{bad_range(text)};
  if (last >= size) {
    return Err{invalid_argument(
        "Range specified is not valid for source object of size: " + std::to_string(size),
        "x-amz-copy-source-range", text)};
  }
  return CopyRange{first, last - first + 1};
}

}  // namespace

// "bucket/key", "/bucket/key?versionId=..." or an ARN of an access point's sort, which there are
// none of.
Result<Service::Source, ServiceError> Service::find_source(const Fields& fields) const {
  std::string text = fields.text("CopySource");
  if (text.starts_with('/')) text.erase(0, 1);
  std::string version;
  constexpr std::string_view kVersion = "?versionId=";
  if (const std::size_t at = text.rfind(kVersion); at != std::string::npos) {
    version = percent_decode(std::string_view(text).substr(at + kVersion.size()), Plus::kIsPlus)
                  .value_or("");
    text.resize(at);
  }
  const auto decoded = percent_decode(text, Plus::kIsPlus);
  const std::size_t slash = decoded ? decoded->find('/') : std::string::npos;
  if (!decoded || slash == std::string::npos || slash == 0 || slash + 1 == decoded->size()) {
    return Err{
        invalid_argument("Copy Source must mention the source bucket and key: "
                         "sourcebucket/sourcekey",
                         "x-amz-copy-source", text)};
  }
  Source source{.place = {}, .record = {}, .version_id = version};
  source.place.bucket = TRY(buckets_.get(std::string_view(*decoded).substr(0, slash)));
  source.place.key = decoded->substr(slash + 1);
  source.record = TRY(readable(source.place, version));
  TRY(check_copy_source(fields, source.record));
  return source;
}

// Reads and writes at once, on one of the service's threads.
void Service::copy_bytes(const Source& source, std::uint64_t begin, std::uint64_t count,
                         const ChecksumKinds& kinds, const Kept& kept) {
  auto reader = read_version(source.place, source.record.shown_version());
  if (!reader.ok()) return kept(Err{reader.error()});
  if (count <= kInlineBytesMax && source.record.data.storage == Storage::kInline) {
    auto bytes = (*reader)->read_at(begin, static_cast<std::size_t>(count));
    if (!bytes.ok()) return kept(Err{internal_error(bytes.error().message)});
    return keep_bytes(threads_, *files_, std::move(*bytes), kinds, kept);
  }
  threads_.run([this, from = *reader, begin, count, kinds, kept] {
    if (count <= kInlineBytesMax) {
      auto bytes = from->read_at(begin, static_cast<std::size_t>(count));
      if (!bytes.ok()) return kept(Err{internal_error(bytes.error().message)});
      return keep_bytes(threads_, *files_, std::move(*bytes), kinds, kept);
    }
    copy_pieces(from, begin, begin + count, make_writer(kinds), kept);
  });
}

// A piece is read when the last one is written.
void Service::copy_pieces(const std::shared_ptr<Reader>& from, std::uint64_t begin,
                          std::uint64_t end, const std::shared_ptr<BodyWriter>& to,
                          const Kept& kept) {
  if (begin == end) return to->finish(kept);
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, end - begin));
  auto bytes = from->read_at(begin, count);
  if (!bytes.ok()) return kept(Err{internal_error(bytes.error().message)});
  to->write(std::move(*bytes), [this, from, begin, count, end, to,
                                kept](const Result<void, runtime::BodyError>& written) {
    if (!written.ok()) return kept(Err{internal_error(written.error().message)});
    copy_pieces(from, begin + count, end, to, kept);
  });
}

namespace {

json::Value copy_output(const Bucket& source_bucket, const ObjectRecord& source,
                        const Bucket& bucket, const ObjectRecord& made) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("CopyObjectResult").begin_object();
  out.key("LastModified").string(iso_time(made.modified));
  out.key("ETag").string(quoted(made.etag));
  write_checksum(out, made.checksum);
  out.end_object();
  if (source_bucket.versioning != Versioning::kNever) {
    out.key("CopySourceVersionId").string(source.shown_version());
  }
  write_encryption(out, made.attributes);
  write_version(out, bucket, made);
  out.end_object();
  return json::Value::trusted(std::move(text));
}

bool replaces(const Fields& fields, std::string_view directive) {
  return fields.text(directive) == "REPLACE";
}

// What the new object is to be called and described as.
Result<Attributes, ServiceError> copied_attributes(const Fields& fields, const Attributes& source) {
  Attributes given = TRY(read_attributes(fields));
  Attributes made = source;
  if (replaces(fields, "MetadataDirective")) {
    made.system = given.system;
    made.metadata = given.metadata;
  } else {
    // These are the new object's own in any case.
    for (const std::string_view name :
         {"StorageClass", "ServerSideEncryption", "SSEKMSKeyId", "WebsiteRedirectLocation"}) {
      std::erase_if(made.system, [&](const auto& pair) { return pair.first == name; });
      if (const std::string* value = given.find_system(name))
        made.system.emplace_back(name, *value);
    }
  }
  if (replaces(fields, "TaggingDirective")) made.tags = given.tags;
  return made;
}

Result<void, ServiceError> check_directives(const Fields& fields) {
  for (const std::string_view name : {"MetadataDirective", "TaggingDirective"}) {
    const std::string value = fields.text(name);
    if (value.empty() || value == "COPY" || value == "REPLACE") continue;
    return Err{invalid_argument(
        "Unknown " + std::string(name == "MetadataDirective" ? "metadata" : "tagging") +
            " directive.",
        name, value)};
  }
  return {};
}

}  // namespace

void Service::copy_object(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  const auto place = place_of(fields);
  if (!place.ok()) return reply(Err{place.error()});
  if (const auto known = check_directives(fields); !known.ok()) return reply(Err{known.error()});
  const auto source = find_source(fields);
  if (!source.ok()) return reply(Err{source.error()});
  const bool onto_itself = source->place.bucket->id == place->bucket->id &&
                           source->place.key == place->key && source->version_id.empty();
  const bool changes = replaces(fields, "MetadataDirective") || fields.has("StorageClass") ||
                       fields.has("WebsiteRedirectLocation") || fields.has("ServerSideEncryption");
  if (onto_itself && !changes) {
    return reply(Err{error("InvalidRequest",
                           "This copy request is illegal because it is trying to copy an object to "
                           "itself without changing the object's metadata, storage class, website "
                           "redirect location or encryption attributes.")});
  }
  if (source->record.size > kCopyBytesMax) {
    return reply(Err{error("InvalidRequest",
                           "The specified copy source is larger than the maximum allowable size "
                           "for a copy source: 5368709120")});
  }
  auto attributes = copied_attributes(fields, source->record.attributes);
  if (!attributes.ok()) return reply(Err{attributes.error()});
  const auto expected = read_expected(fields);
  if (!expected.ok()) return reply(Err{expected.error()});
  // The checksum's kind stays, unless another one is asked for.
  ChecksumKind kind = expected->kept_kind();
  if (!expected->kind && source->record.checksum) kind = source->record.checksum->kind;
  auto request =
      std::make_shared<PutRequest>(PutRequest{.place = *place, .record = {}, .input = call.input});
  request->record.attributes = std::move(*attributes);
  request->event = "ObjectCreated:Copy";
  request->request_id = call.request_id;
  copy_bytes(
      *source, 0, source->record.size, {kind},
      [this, request, kind, reply, source = *source](Result<KeptBytes, ServiceError> kept) {
        if (!kept.ok()) return reply(Err{kept.error()});
        request->record.checksum =
            StoredChecksum{kind, ChecksumForm::kFullObject, encode_base64(kept->checksums[kind])};
        const BucketPointer bucket = request->place.bucket;
        put_object_kept(std::move(*request), std::move(*kept),
                        [reply, source, bucket](Result<ObjectRecord, ServiceError> made) {
                          if (!made.ok()) return reply(Err{made.error()});
                          reply(copy_output(*source.place.bucket, source.record, *bucket, *made));
                        });
      });
}

void Service::upload_part_copy(const Call& call, const Reply& reply) {
  const Fields fields(call.input.root());
  const std::int64_t number = fields.integer("PartNumber").value_or(0);
  if (number < 1 || number > 10'000) {
    return reply(
        Err{invalid_argument("Part number must be an integer between 1 and 10000, inclusive",
                             "partNumber", std::to_string(number))});
  }
  const auto upload = find_upload(fields);
  if (!upload.ok()) return reply(Err{upload.error()});
  const auto source = find_source(fields);
  if (!source.ok()) return reply(Err{source.error()});
  const auto range = read_copy_range(fields.text("CopySourceRange"), source->record.size);
  if (!range.ok()) return reply(Err{range.error()});
  const ChecksumKind kind = upload->record.checksum.value_or(ChecksumKind::kCrc64Nvme);
  copy_bytes(*source, range->begin, range->count, {kind},
             [this, upload = *upload, source = *source, number, kind,
              reply](Result<KeptBytes, ServiceError> kept) {
               if (!kept.ok()) return reply(Err{kept.error()});
               Part part;
               part.number = static_cast<std::uint32_t>(number);
               part.checksum = StoredChecksum{kind, ChecksumForm::kFullObject,
                                              encode_base64(kept->checksums[kind])};
               put_part(upload, part, std::move(*kept),
                        [reply, source, upload](Result<Part, ServiceError> made) {
                          if (!made.ok()) return reply(Err{made.error()});
                          std::string text;
                          json::Writer out(text);
                          out.begin_object().key("CopyPartResult").begin_object();
                          out.key("LastModified").string(iso_time(made->modified));
                          out.key("ETag").string(quoted(made->etag));
                          if (upload.record.checksum) write_checksum_value(out, *made->checksum);
                          out.end_object();
                          if (source.place.bucket->versioning != Versioning::kNever) {
                            out.key("CopySourceVersionId").string(source.record.shown_version());
                          }
                          write_encryption(out, upload.record.attributes);
                          out.end_object();
                          reply(json::Value::trusted(std::move(text)));
                        });
             });
}

}  // namespace pawl::s3
