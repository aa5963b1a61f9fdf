// What requests say of objects, read and checked; and how answers show it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "json/writer.h"
#include "runtime/operations.h"
#include "services/s3/body_writer.h"
#include "services/s3/fields.h"
#include "services/s3/record.h"

namespace pawl::s3 {

struct Bucket;

// System fields, metadata and the tags of the Tagging field.
Result<Attributes, ServiceError> read_attributes(const Fields& fields);
// "a=1&b=2", as the x-amz-tagging field has it.
Result<Pairs, ServiceError> parse_tagging(std::string_view text);
Result<Pairs, ServiceError> read_tag_set(const json::Node* tagging, std::size_t tags_max);
void write_tag_set(json::Writer& out, const Pairs& tags);

// What the request says of its body.
struct Expected {
  std::optional<ChecksumKind> kind;  // that it names, if it names one
  std::string checksum;              // raw; empty: none given
  std::string md5;                   // raw; empty: none given
  std::string sha256;                // of the signature; raw; empty: none given
  bool in_trailer = false;           // the checksum is announced to follow the body

  ChecksumKind kept_kind() const { return kind.value_or(ChecksumKind::kCrc64Nvme); }
  ChecksumKinds kinds() const;
};
Result<Expected, ServiceError> read_expected(const Fields& fields);
// Whether the bytes that came are those.
Result<void, ServiceError> check(const Expected& expected,
                                 const std::map<ChecksumKind, std::string>& actual);

// Members of outputs.
void write_checksum(json::Writer& out, const std::optional<StoredChecksum>& checksum);
void write_checksum_value(json::Writer& out, const StoredChecksum& checksum);
void write_encryption(json::Writer& out, const Attributes& attributes);
// "VersionId", where the bucket ever had versions.
void write_version(json::Writer& out, const Bucket& bucket, const ObjectRecord& record);

std::string_view name_of(ChecksumForm form);
std::string storage_class_of(const Attributes& attributes);  // "STANDARD" unless told otherwise

}  // namespace pawl::s3
