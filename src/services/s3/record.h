// What the store keeps of objects and of uploads, and the keys of these rows
// (docs/formats/objects.md). Everything of a bucket is in one shard, in key order.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/checksum.h"
#include "base/clock.h"
#include "store/store.h"

namespace pawl::s3 {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// 16 random bytes: names a file, or a row with bytes or parts.
using DataId = std::string;
inline constexpr std::size_t kDataIdBytes = 16;

// Where an object's bytes are. Durable: never renumber.
enum class Storage : std::uint8_t {
  kNone = 0,    // there are none
  kInline = 1,  // in a row of their own
  kFile = 2,
  kParts = 3,  // a row lists the files, in order
};

struct Data {
  Storage storage = Storage::kNone;
  DataId id;
};

enum class ChecksumForm : std::uint8_t { kFullObject = 0, kComposite = 1 };

// A checksum as it is shown: base64, of parts with "-N".
struct StoredChecksum {
  ChecksumKind kind = ChecksumKind::kCrc64Nvme;
  ChecksumForm form = ChecksumForm::kFullObject;
  std::string text;
};

// What a client says of an object when it makes one.
struct Attributes {
  Pairs system;    // by member name: ContentType, CacheControl ...
  Pairs metadata;  // x-amz-meta-
  Pairs tags;

  const std::string* find_system(std::string_view name) const;
};

struct ObjectRecord {
  enum class Kind : std::uint8_t { kObject = 0, kDeleteMarker = 1 };  // durable

  Kind kind = Kind::kObject;
  std::uint64_t sequence = 0;  // orders the versions of a key
  std::string version_id;      // empty: the null version
  WallMillis modified = 0;
  std::uint64_t size = 0;
  std::string etag;  // without quotes
  Data data;
  std::uint32_t parts = 0;  // of a multipart upload; 0: none
  std::optional<StoredChecksum> checksum;
  Attributes attributes;

  bool is_marker() const { return kind == Kind::kDeleteMarker; }
  // "null" for the null version.
  std::string shown_version() const { return version_id.empty() ? "null" : version_id; }
};

struct Part {
  std::uint32_t number = 0;
  std::uint64_t size = 0;
  std::string etag;
  WallMillis modified = 0;
  Data data;  // a file, or inline
  std::optional<StoredChecksum> checksum;
};

struct UploadRecord {
  std::string key;
  WallMillis initiated = 0;
  Attributes attributes;
  // As asked for; without one the parts' checks are made all the same.
  std::optional<ChecksumKind> checksum;
  ChecksumForm form = ChecksumForm::kFullObject;
  std::string initiator;  // an ARN
};

// Decoding answers nothing where the bytes are none of ours.
std::string encode(const ObjectRecord& record);
std::optional<ObjectRecord> decode_object(std::string_view bytes);
std::string encode(const UploadRecord& record);
std::optional<UploadRecord> decode_upload(std::string_view bytes);
std::string encode(const std::vector<Part>& parts);
std::optional<std::vector<Part>> decode_parts(std::string_view bytes);

// A sequence and 16 random bytes, which are the id of the data that the upload becomes.
inline constexpr std::size_t kUploadIdBytes = 8 + kDataIdBytes;

// Keys. `bucket` is its id, 8 bytes.
store::ShardId shard_of(std::string_view bucket);
std::string object_key(std::string_view bucket, std::string_view key);
std::string version_prefix(std::string_view bucket, std::string_view key);
std::string version_key(std::string_view bucket, std::string_view key, std::uint64_t sequence);
std::string data_key(std::string_view bucket, std::string_view data_id);
std::string uploads_prefix(std::string_view bucket);
// Uploads of one key are in the order of their ids, which is that of their beginnings.
std::string upload_key(std::string_view bucket, std::string_view key, std::string_view upload_id);
std::string parts_prefix(std::string_view bucket, std::string_view upload_id);
std::string part_key(std::string_view bucket, std::string_view upload_id, std::uint32_t number);
// A file that rows refer to, and one that none does any more.
std::string file_key(std::string_view data_id);
std::string garbage_key(std::string_view data_id);
inline constexpr char kGarbagePrefix = 'g';

// The key behind all that begin with `prefix`.
std::string behind(std::string prefix);

}  // namespace pawl::s3
