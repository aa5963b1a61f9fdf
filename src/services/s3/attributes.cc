#include "services/s3/attributes.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/ascii.h"
#include "base/hex.h"
#include "base/percent.h"
#include "services/s3/bucket.h"
#include "services/s3/text.h"

namespace pawl::s3 {

namespace {

constexpr std::string_view kSystemMembers[] = {"CacheControl",
                                               "ContentDisposition",
                                               "ContentEncoding",
                                               "ContentLanguage",
                                               "ContentType",
                                               "Expires",
                                               "WebsiteRedirectLocation",
                                               "StorageClass",
                                               "ServerSideEncryption",
                                               "SSEKMSKeyId",
                                               "ObjectLockMode",
                                               "ObjectLockRetainUntilDate",
                                               "ObjectLockLegalHoldStatus"};
constexpr std::string_view kStorageClasses[] = {
    "STANDARD",       "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING",
    "GLACIER",        "DEEP_ARCHIVE",       "OUTPOSTS",    "GLACIER_IR", "SNOW",
    "EXPRESS_ONEZONE"};
constexpr std::string_view kEncryptions[] = {"AES256", "aws:kms", "aws:kms:dsse"};
constexpr std::size_t kMetadataBytesMax = 2'048;
constexpr std::size_t kObjectTagsMax = 10;

struct ChecksumMember {
  ChecksumKind kind;
  std::string_view member;
  std::string_view header;
};
constexpr std::array<ChecksumMember, 5> kChecksumMembers{
    {{ChecksumKind::kCrc32, "ChecksumCRC32", "x-amz-checksum-crc32"},
     {ChecksumKind::kCrc32c, "ChecksumCRC32C", "x-amz-checksum-crc32c"},
     {ChecksumKind::kCrc64Nvme, "ChecksumCRC64NVME", "x-amz-checksum-crc64nvme"},
     {ChecksumKind::kSha1, "ChecksumSHA1", "x-amz-checksum-sha1"},
     {ChecksumKind::kSha256, "ChecksumSHA256", "x-amz-checksum-sha256"}}};

template <class List>
bool contains(const List& list, std::string_view text) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

Result<void, ServiceError> check_system(const Fields& fields) {
  if (fields.has("SSECustomerAlgorithm") || fields.has("WriteOffsetBytes")) {
    return Err{error("NotImplemented",
                     "A header you provided implies functionality that is not implemented", 501)};
  }
  const std::string storage = fields.text("StorageClass");
  if (!storage.empty() && !contains(kStorageClasses, storage)) {
    return Err{error("InvalidStorageClass", "The storage class you specified is not valid")};
  }
  const std::string encryption = fields.text("ServerSideEncryption");
  if (!encryption.empty() && !contains(kEncryptions, encryption)) {
    return Err{invalid_argument("The encryption method specified is not supported",
                                "x-amz-server-side-encryption", encryption)};
  }
  const std::string redirect = fields.text("WebsiteRedirectLocation");
  if (!redirect.empty() && !redirect.starts_with("/") && !redirect.starts_with("http://") &&
      !redirect.starts_with("https://")) {
    return Err{error("InvalidRedirectLocation",
                     "The website redirect location must have a prefix of 'http://' or 'https://' "
                     "or '/'.")};
  }
  return {};
}

Result<void, ServiceError> check_tags(const Pairs& tags, std::size_t tags_max) {
  if (tags.size() > tags_max) {
    return Err{
        error("BadRequest", tags_max == kObjectTagsMax
                                ? "Object tags cannot be greater than 10"
                                : "Tag count cannot be greater than " + std::to_string(tags_max))};
  }
  std::set<std::string> keys;
  for (const auto& [key, value] : tags) {
    if (key.empty() || key.size() > 512 || key.starts_with("aws:")) {
      return Err{
          with(error("InvalidTag", "The TagKey you have provided is invalid"), "TagKey", key)};
    }
    if (value.size() > 1'024) {
      return Err{
          with(error("InvalidTag", "The TagValue you have provided is invalid"), "TagKey", key)};
    }
    if (!keys.insert(key).second) {
      return Err{with(error("InvalidTag", "Cannot provide multiple Tags with the same key"),
                      "TagKey", key)};
    }
  }
  return {};
}

}  // namespace

Result<Pairs, ServiceError> parse_tagging(std::string_view text) {
  Pairs tags;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    auto key = percent_decode(pair.substr(0, equals), Plus::kIsSpace);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), Plus::kIsSpace);
    if (!key || !value) {
      return Err{
          invalid_argument("The header 'x-amz-tagging' shall be encoded as UTF-8 then "
                           "URLEncoded URL query parameters without tag name duplicates.",
                           "x-amz-tagging", pair)};
    }
    tags.emplace_back(std::move(*key), std::move(*value));
  }
  TRY(check_tags(tags, kObjectTagsMax));
  return tags;
}

Result<Pairs, ServiceError> read_tag_set(const json::Node* tagging, std::size_t tags_max) {
  Pairs tags;
  const json::Node* set = tagging == nullptr ? nullptr : tagging->find("TagSet");
  if (set != nullptr) {
    for (const json::Node& tag : *set) {
      const Fields fields(tag);
      tags.emplace_back(fields.text("Key"), fields.text("Value"));
    }
  }
  TRY(check_tags(tags, tags_max));
  return tags;
}

void write_tag_set(json::Writer& out, const Pairs& tags) {
  out.key("TagSet").begin_array();
  for (const auto& [key, value] : tags) {
    out.begin_object().key("Key").string(key).key("Value").string(value).end_object();
  }
  out.end_array();
}

Result<Attributes, ServiceError> read_attributes(const Fields& fields) {
  TRY(check_system(fields));
  Attributes attributes;
  for (const std::string_view member : kSystemMembers) {
    std::string value = fields.text(member);
    if (!value.empty()) attributes.system.emplace_back(member, std::move(value));
  }
  std::size_t bytes = 0;
  if (const json::Node* metadata = fields.node("Metadata")) {
    for (const json::Member& member : metadata->members()) {
      if (!member.value.is_string()) continue;
      std::string name = lower_case(member.key.string());
      bytes += name.size() + member.value.string().size();
      attributes.metadata.emplace_back(std::move(name), member.value.string());
    }
  }
  if (bytes > kMetadataBytesMax) {
    return Err{with(with(error("MetadataTooLarge",
                               "Your metadata headers exceed the maximum allowed metadata size"),
                         "Size", std::to_string(bytes)),
                    "MaxSizeAllowed", std::to_string(kMetadataBytesMax))};
  }
  attributes.tags = TRY(parse_tagging(fields.text("Tagging")));
  return attributes;
}

ChecksumKinds Expected::kinds() const {
  ChecksumKinds kinds{kept_kind()};
  if (!sha256.empty() && kept_kind() != ChecksumKind::kSha256) {
    kinds.push_back(ChecksumKind::kSha256);
  }
  return kinds;
}

namespace {

bool is_checksum_header(std::string_view name) {
  return std::any_of(std::begin(kChecksumMembers), std::end(kChecksumMembers),
                     [&](const ChecksumMember& row) { return name == row.header; });
}

// The algorithm that the request names, in one of three places.
Result<std::optional<ChecksumKind>, ServiceError> named_kind(const Fields& fields) {
  const std::string algorithm = fields.text("ChecksumAlgorithm");
  if (!algorithm.empty()) {
    const auto kind = checksum_kind(algorithm);
    if (kind) return kind;
    return Err{error("InvalidRequest",
                     "Checksum algorithm provided is unsupported. Please try again with any of the "
                     "valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")};
  }
  const std::string trailer = fields.text("Trailer");
  for (const ChecksumMember& row : kChecksumMembers) {
    if (trailer == row.header) return std::optional(row.kind);
  }
  return std::optional<ChecksumKind>();
}

Result<std::string, ServiceError> read_md5(const Fields& fields) {
  if (!fields.has("ContentMD5")) return std::string();
  const auto bytes = parse_base64(fields.text("ContentMD5"));
  if (bytes && bytes->size() == checksum_bytes(ChecksumKind::kMd5)) return *bytes;
  return Err{error("InvalidDigest", "The Content-MD5 you specified was invalid.")};
}

}  // namespace

Result<Expected, ServiceError> read_expected(const Fields& fields) {
  Expected expected;
  expected.kind = TRY(named_kind(fields));
  expected.in_trailer = is_checksum_header(fields.text("Trailer"));
  expected.md5 = TRY(read_md5(fields));
  for (const ChecksumMember& row : kChecksumMembers) {
    if (!fields.has(row.member)) continue;
    if (!expected.checksum.empty()) {
      return Err{error("InvalidRequest",
                       "Expecting a single x-amz-checksum- header. Multiple checksum Types are not "
                       "allowed.")};
    }
    const auto bytes = parse_base64(fields.text(row.member));
    if (!bytes || bytes->size() != checksum_bytes(row.kind)) {
      return Err{
          error("InvalidRequest", "Value for " + std::string(row.header) + " header is invalid.")};
    }
    expected.kind = row.kind;
    expected.checksum = *bytes;
  }
  const std::string sha256 = fields.text("ContentSha256");
  if (sha256.size() == 64) expected.sha256 = decode_hex(sha256).value_or("");
  return expected;
}

Result<void, ServiceError> check(const Expected& expected,
                                 const std::map<ChecksumKind, std::string>& actual) {
  const auto differs = [&](ChecksumKind kind, const std::string& wanted) {
    const auto found = actual.find(kind);
    return !wanted.empty() && (found == actual.end() || found->second != wanted);
  };
  if (differs(ChecksumKind::kMd5, expected.md5)) {
    return Err{error("BadDigest", "The Content-MD5 you specified did not match what we received.")};
  }
  if (differs(ChecksumKind::kSha256, expected.sha256)) {
    return Err{error("XAmzContentSHA256Mismatch",
                     "The provided 'x-amz-content-sha256' header does not match what was "
                     "computed.")};
  }
  if (expected.in_trailer && expected.checksum.empty()) {
    return Err{error("MalformedTrailerError",
                     "The request contained trailing data that was not well-formed or did not "
                     "conform to our published schema.")};
  }
  if (expected.kind && differs(*expected.kind, expected.checksum)) {
    return Err{bad_digest(name_of(*expected.kind))};
  }
  return {};
}

void write_checksum_value(json::Writer& out, const StoredChecksum& checksum) {
  for (const ChecksumMember& row : kChecksumMembers) {
    if (row.kind == checksum.kind) out.key(row.member).string(checksum.text);
  }
}

void write_checksum(json::Writer& out, const std::optional<StoredChecksum>& checksum) {
  if (!checksum) return;
  write_checksum_value(out, *checksum);
  out.key("ChecksumType").string(name_of(checksum->form));
}

void write_encryption(json::Writer& out, const Attributes& attributes) {
  // S3 encrypts whatever it is told; so do disks, which is who it is left to here.
  const std::string* encryption = attributes.find_system("ServerSideEncryption");
  out.key("ServerSideEncryption").string(encryption == nullptr ? "AES256" : *encryption);
  if (const std::string* key = attributes.find_system("SSEKMSKeyId")) {
    out.key("SSEKMSKeyId").string(*key);
  }
}

void write_version(json::Writer& out, const Bucket& bucket, const ObjectRecord& record) {
  if (bucket.versioning == Versioning::kNever && record.version_id.empty()) return;
  out.key("VersionId").string(record.shown_version());
}

std::string_view name_of(ChecksumForm form) {
  return form == ChecksumForm::kComposite ? "COMPOSITE" : "FULL_OBJECT";
}

std::string storage_class_of(const Attributes& attributes) {
  const std::string* storage = attributes.find_system("StorageClass");
  return storage == nullptr ? "STANDARD" : *storage;
}

}  // namespace pawl::s3
