// GetObject, HeadObject, GetObjectAttributes.
#include <algorithm>
#include <charconv>

#include "base/base64.h"
#include "base/utc_text.h"
#include "base/utf8.h"
#include "services/s3/attributes.h"
#include "services/s3/conditions.h"
#include "services/s3/reader.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

// What is answered of the object's bytes.
struct Range {
  std::uint64_t begin = 0;
  std::uint64_t count = 0;
  bool partial = false;
};

ServiceError invalid_range(std::string_view range, std::uint64_t size) {
  return with(with(error("InvalidRange", "The requested range is not satisfiable", 416),
                   "RangeRequested", range),
              "ActualObjectSize", std::to_string(size));
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

// "bytes=first-last". What is no such range is passed over, as RFC 9110 section 14.2 has it; of
// several ranges S3 answers the whole.
Result<Range, ServiceError> read_range(const std::string& text, std::uint64_t size) {
  const Range whole{.begin = 0, .count = size, .partial = false};
  constexpr std::string_view kUnit = "bytes=";
  if (!text.starts_with(kUnit) || text.find(',') != std::string::npos) return whole;
  const std::string_view range = std::string_view(text).substr(kUnit.size());
  const std::size_t dash = range.find('-');
  if (dash == std::string_view::npos) return whole;
  const auto first = number(range.substr(0, dash));
  const auto last = number(range.substr(dash + 1));
  if (dash == 0) {
    if (!last) return whole;
    if (*last == 0 || size == 0) return Err{invalid_range(text, size)};
    const std::uint64_t count = std::min(*last, size);
    return Range{.begin = size - count, .count = count, .partial = true};
  }
  if (!first || (!last && dash + 1 != range.size()) || (last && *last < *first)) return whole;
  if (*first >= size) return Err{invalid_range(text, size)};
  const std::uint64_t end = last ? std::min(*last + 1, size) : size;
  return Range{.begin = *first, .count = end - *first, .partial = true};
}

ServiceError no_such_part(std::uint64_t wanted, std::uint64_t there) {
  return with(with(error("InvalidPartNumber", "The requested partnumber is not satisfiable", 416),
                   "PartNumberRequested", std::to_string(wanted)),
              "ActualPartCount", std::to_string(there));
}

// The bytes of one part, as they were uploaded.
Result<Range, ServiceError> range_of_part(const std::vector<Part>& parts,
                                          const ObjectRecord& record, std::uint64_t wanted) {
  if (parts.empty()) {
    if (wanted != 1) return Err{no_such_part(wanted, 1)};
    return Range{.begin = 0, .count = record.size, .partial = record.size > 0};
  }
  if (wanted == 0 || wanted > parts.size()) return Err{no_such_part(wanted, parts.size())};
  Range range{.begin = 0, .count = parts[wanted - 1].size, .partial = true};
  for (std::size_t i = 0; i + 1 < wanted; ++i) range.begin += parts[i].size;
  return range;
}

void write_system(json::Writer& out, const Attributes& attributes) {
  bool has_type = false;
  for (const auto& [name, value] : attributes.system) {
    // S3 does not say the ordinary one.
    if (name == "StorageClass" && value == "STANDARD") continue;
    if (name == "ServerSideEncryption" || name == "SSEKMSKeyId") continue;
    has_type = has_type || name == "ContentType";
    out.key(name).string(value);
  }
  if (!has_type) out.key("ContentType").string("binary/octet-stream");
}

// Those that a signed request asks to have other values.
void write_response_overrides(json::Writer& out, const Fields& fields) {
  constexpr std::pair<std::string_view, std::string_view> kOverrides[] = {
      {"ResponseCacheControl", "CacheControl"},
      {"ResponseContentDisposition", "ContentDisposition"},
      {"ResponseContentEncoding", "ContentEncoding"},
      {"ResponseContentLanguage", "ContentLanguage"},
      {"ResponseContentType", "ContentType"},
      {"ResponseExpires", "Expires"}};
  for (const auto& [wanted, name] : kOverrides) {
    if (fields.has(wanted)) out.key(name).string(fields.text(wanted));
  }
}

// Of exactly the bytes that are answered: the object, or one of its parts.
std::optional<StoredChecksum> checksum_of(const ObjectRecord& record,
                                          const std::vector<Part>& parts, const Range& range) {
  if (!range.partial || !record.checksum) return record.checksum;
  std::uint64_t begin = 0;
  for (const Part& part : parts) {
    if (begin == range.begin && part.size == range.count && part.checksum) {
      return StoredChecksum{part.checksum->kind, record.checksum->form, part.checksum->text};
    }
    begin += part.size;
  }
  return parts.empty() && range.count == record.size ? record.checksum : std::nullopt;
}

void write_description(json::Writer& out, const Bucket& bucket, const ObjectRecord& record,
                       const std::vector<Part>& parts, const Range& range, const Fields& fields) {
  out.key("AcceptRanges").string("bytes");
  out.key("LastModified").string(iso_time(record.modified));
  out.key("ContentLength").integer(static_cast<std::int64_t>(range.count));
  out.key("ETag").string(quoted(record.etag));
  if (range.partial) {
    out.key("ContentRange")
        .string("bytes " + std::to_string(range.begin) + "-" +
                std::to_string(range.begin + range.count - 1) + "/" + std::to_string(record.size));
  }
  if (fields.text("ChecksumMode") == "ENABLED") {
    write_checksum(out, checksum_of(record, parts, range));
  }
  write_version(out, bucket, record);
  write_system(out, record.attributes);
  write_response_overrides(out, fields);
  write_encryption(out, record.attributes);
  out.key("Metadata").begin_object();
  for (const auto& [name, value] : record.attributes.metadata) out.key(name).string(value);
  out.end_object();
  if (!record.attributes.tags.empty()) {
    out.key("TagCount").integer(static_cast<std::int64_t>(record.attributes.tags.size()));
  }
  if (record.parts > 0 && fields.has("PartNumber")) {
    out.key("PartsCount").integer(record.parts);
  }
}

Result<Range, ServiceError> wanted_range(const Fields& fields, const ObjectRecord& record,
                                         const std::vector<Part>& parts) {
  if (const auto part = fields.integer("PartNumber")) {
    return range_of_part(parts, record,
                         static_cast<std::uint64_t>(std::max<std::int64_t>(*part, 0)));
  }
  return read_range(fields.text("Range"), record.size);
}

std::string description(const Bucket& bucket, const ObjectRecord& record,
                        const std::vector<Part>& parts, const Range& range, const Fields& fields) {
  std::string text;
  json::Writer out(text);
  out.begin_object();
  write_description(out, bucket, record, parts, range, fields);
  if (range.partial) out.key("HttpStatus").integer(206);
  out.end_object();
  return text;
}

}  // namespace

void Service::get_object(const Call& call, const StreamedReply& reply) {
  const Fields fields(call.input.root());
  const auto place = place_of(fields);
  if (!place.ok()) return reply(Err{place.error()});
  const auto reader = read_version(*place, fields.text("VersionId"));
  if (!reader.ok()) return reply(Err{reader.error()});
  const ObjectRecord& record = (*reader)->record();
  if (const auto wanted = check_read(fields, record); !wanted.ok()) {
    return reply(Err{wanted.error()});
  }
  const std::vector<Part> parts = parts_of(*place->bucket, record);
  const auto range = wanted_range(fields, record, parts);
  if (!range.ok()) return reply(Err{range.error()});
  StreamedOutput output;
  output.output = json::Value::trusted(description(*place->bucket, record, parts, *range, fields));
  (*reader)->narrow(range->begin, range->count);
  if (record.data.storage == Storage::kInline) {
    auto bytes = (*reader)->read_at(range->begin, static_cast<std::size_t>(range->count));
    if (!bytes.ok()) return reply(Err{internal_error(bytes.error().message)});
    output.body.bytes = std::move(*bytes);
  } else if (range->count > 0) {
    output.body.source = *reader;
  }
  reply(std::move(output));
}

// For tasks: the object as a text.
void Service::get_object_text(const Call& call, const Reply& reply) {
  get_object(call, [this, reply](Result<StreamedOutput, ServiceError> result) {
    if (!result.ok()) return reply(Err{std::move(result).error()});
    constexpr std::uint64_t kTextBytesMax = 64u << 20;
    const auto answer = [reply, output = result->output](std::string_view bytes) {
      std::string text;
      json::Writer out(text);
      out.begin_object().key("Body").string(is_valid_utf8(bytes) ? std::string(bytes)
                                                                 : encode_base64(bytes));
      for (const json::Member& member : output.root().members()) {
        // HTTP's business.
        if (member.key.string() != "HttpStatus") out.key(member.key.string()).node(member.value);
      }
      out.end_object();
      reply(json::Value::trusted(std::move(text)));
    };
    const auto source = result->body.source;
    if (source == nullptr) return answer(result->body.bytes);
    if (source->size() > kTextBytesMax) {
      return reply(Err{error("EntityTooLarge", "The object is too large to be a task's output")});
    }
    threads_.run([source, answer, reply] {
      const auto& reader = static_cast<const Reader&>(*source);
      auto bytes = reader.read_narrowed();
      if (!bytes.ok()) return reply(Err{internal_error(bytes.error().message)});
      answer(*bytes);
    });
  });
}

OperationResult Service::head_object(const Call& call) {
  const Fields fields(call.input.root());
  const Place place = TRY(place_of(fields));
  const ObjectRecord record = TRY(readable(place, fields.text("VersionId")));
  TRY(check_read(fields, record));
  const std::vector<Part> parts = parts_of(*place.bucket, record);
  const Range range = TRY(wanted_range(fields, record, parts));
  return json::Value::trusted(description(*place.bucket, record, parts, range, fields));
}

namespace {

void write_object_parts(json::Writer& out, const Fields& fields, const std::vector<Part>& parts) {
  const std::int64_t marker = fields.integer("PartNumberMarker").value_or(0);
  const std::int64_t most =
      std::clamp<std::int64_t>(fields.integer("MaxParts").value_or(1'000), 0, 1'000);
  out.key("ObjectParts").begin_object();
  out.key("TotalPartsCount").integer(static_cast<std::int64_t>(parts.size()));
  out.key("PartNumberMarker").integer(marker);
  std::vector<const Part*> page;
  bool more = false;
  for (const Part& part : parts) {
    // Parts without checksums of their own are counted and not shown.
    if (!part.checksum || part.number <= marker) continue;
    if (static_cast<std::int64_t>(page.size()) == most) {
      more = true;
      break;
    }
    page.push_back(&part);
  }
  out.key("NextPartNumberMarker").integer(page.empty() ? 0 : page.back()->number);
  out.key("MaxParts").integer(most);
  out.key("IsTruncated").boolean(more);
  out.key("Parts").begin_array();
  for (const Part* part : page) {
    out.begin_object().key("PartNumber").integer(part->number);
    out.key("Size").integer(static_cast<std::int64_t>(part->size));
    write_checksum_value(out, *part->checksum);
    out.end_object();
  }
  out.end_array().end_object();
}

}  // namespace

OperationResult Service::get_attributes(const Call& call) {
  const Fields fields(call.input.root());
  const Place place = TRY(place_of(fields));
  const ObjectRecord record = TRY(readable(place, fields.text("VersionId")));
  const json::Node* wanted = fields.node("ObjectAttributes");
  const auto wants = [&](std::string_view name) {
    return wanted != nullptr && std::any_of(wanted->begin(), wanted->end(), [&](json::Node node) {
             return node.is_string() && node.string() == name;
           });
  };
  std::string text;
  json::Writer out(text);
  out.begin_object();
  out.key("LastModified").string(iso_time(record.modified));
  write_version(out, *place.bucket, record);
  if (wants("ETag")) out.key("ETag").string(record.etag);
  if (wants("Checksum") && record.checksum) {
    out.key("Checksum").begin_object();
    write_checksum(out, record.checksum);
    out.end_object();
  }
  if (wants("ObjectParts") && record.parts > 0) {
    write_object_parts(out, fields, parts_of(*place.bucket, record));
  }
  if (wants("StorageClass")) out.key("StorageClass").string(storage_class_of(record.attributes));
  if (wants("ObjectSize")) out.key("ObjectSize").integer(static_cast<std::int64_t>(record.size));
  out.end_object();
  return json::Value::trusted(std::move(text));
}

}  // namespace pawl::s3
