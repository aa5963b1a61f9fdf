#include "services/s3/record.h"

#include "base/bytes.h"

namespace pawl::s3 {

namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kCountMax = 20'000;  // of anything that is counted in a record

void put_pairs(std::string& out, const Pairs& pairs) {
  put_varint(out, pairs.size());
  for (const auto& [name, value] : pairs) {
    put_bytes(out, name);
    put_bytes(out, value);
  }
}

Pairs read_pairs(ByteReader& in) {
  Pairs pairs;
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok() && i < kCountMax; ++i) {
    std::string name(in.bytes());
    pairs.emplace_back(std::move(name), in.bytes());
  }
  return pairs;
}

void put_attributes(std::string& out, const Attributes& attributes) {
  put_pairs(out, attributes.system);
  put_pairs(out, attributes.metadata);
  put_pairs(out, attributes.tags);
}

Attributes read_attributes(ByteReader& in) {
  Attributes attributes;
  attributes.system = read_pairs(in);
  attributes.metadata = read_pairs(in);
  attributes.tags = read_pairs(in);
  return attributes;
}

void put_data(std::string& out, const Data& data) {
  out.push_back(static_cast<char>(data.storage));
  put_bytes(out, data.id);
}

Data read_data(ByteReader& in) {
  const auto storage = static_cast<Storage>(in.byte());
  return {storage, std::string(in.bytes())};
}

// The kind's number plus one; 0: there is none.
void put_checksum(std::string& out, const std::optional<StoredChecksum>& checksum) {
  out.push_back(checksum ? static_cast<char>(static_cast<int>(checksum->kind) + 1) : '\0');
  if (!checksum) return;
  out.push_back(static_cast<char>(checksum->form));
  put_bytes(out, checksum->text);
}

std::optional<StoredChecksum> read_checksum(ByteReader& in) {
  const std::uint8_t kind = in.byte();
  if (kind == 0 || kind > static_cast<int>(ChecksumKind::kSha256) + 1) return std::nullopt;
  StoredChecksum checksum;
  checksum.kind = static_cast<ChecksumKind>(kind - 1);
  checksum.form = static_cast<ChecksumForm>(in.byte());
  checksum.text = in.bytes();
  return checksum;
}

std::string row_key(std::string_view bucket, char kind, std::string_view rest) {
  std::string key("b");
  key.append(bucket).push_back(kind);
  return key.append(rest);
}

// So that what follows does not mix with the key: NUL becomes NUL 0xff, the end is NUL 0x01.
std::string escaped(std::string_view key) {
  std::string out;
  for (const char byte : key) {
    out.push_back(byte);
    if (byte == '\0') out.push_back('\xff');
  }
  out.push_back('\0');
  out.push_back('\1');
  return out;
}

}  // namespace

const std::string* Attributes::find_system(std::string_view name) const {
  for (const auto& [member, value] : system) {
    if (member == name) return &value;
  }
  return nullptr;
}

std::string encode(const ObjectRecord& record) {
  std::string out;
  out.push_back(static_cast<char>(kVersion));
  out.push_back(static_cast<char>(record.kind));
  put_varint(out, record.sequence);
  put_bytes(out, record.version_id);
  put_signed(out, record.modified);
  put_varint(out, record.size);
  put_bytes(out, record.etag);
  put_data(out, record.data);
  put_varint(out, record.parts);
  put_checksum(out, record.checksum);
  put_attributes(out, record.attributes);
  return out;
}

std::optional<ObjectRecord> decode_object(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.byte() != kVersion) return std::nullopt;
  ObjectRecord record;
  record.kind = static_cast<ObjectRecord::Kind>(in.byte());
  record.sequence = in.varint();
  record.version_id = in.bytes();
  record.modified = in.signed_varint();
  record.size = in.varint();
  record.etag = in.bytes();
  record.data = read_data(in);
  record.parts = static_cast<std::uint32_t>(in.varint());
  record.checksum = read_checksum(in);
  record.attributes = read_attributes(in);
  if (!in.ok()) return std::nullopt;
  return record;
}

std::string encode(const UploadRecord& record) {
  std::string out;
  out.push_back(static_cast<char>(kVersion));
  put_bytes(out, record.key);
  put_signed(out, record.initiated);
  put_attributes(out, record.attributes);
  out.push_back(record.checksum ? static_cast<char>(static_cast<int>(*record.checksum) + 1) : '\0');
  out.push_back(static_cast<char>(record.form));
  put_bytes(out, record.initiator);
  return out;
}

std::optional<UploadRecord> decode_upload(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.byte() != kVersion) return std::nullopt;
  UploadRecord record;
  record.key = in.bytes();
  record.initiated = in.signed_varint();
  record.attributes = read_attributes(in);
  const std::uint8_t kind = in.byte();
  if (kind != 0 && kind <= static_cast<int>(ChecksumKind::kSha256) + 1) {
    record.checksum = static_cast<ChecksumKind>(kind - 1);
  }
  record.form = static_cast<ChecksumForm>(in.byte());
  record.initiator = in.bytes();
  if (!in.ok()) return std::nullopt;
  return record;
}

std::string encode(const std::vector<Part>& parts) {
  std::string out;
  out.push_back(static_cast<char>(kVersion));
  put_varint(out, parts.size());
  for (const Part& part : parts) {
    put_varint(out, part.number);
    put_varint(out, part.size);
    put_bytes(out, part.etag);
    put_signed(out, part.modified);
    put_data(out, part.data);
    put_checksum(out, part.checksum);
  }
  return out;
}

std::optional<std::vector<Part>> decode_parts(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.byte() != kVersion) return std::nullopt;
  std::vector<Part> parts;
  const std::uint64_t count = in.varint();
  for (std::uint64_t i = 0; i < count && in.ok() && i < kCountMax; ++i) {
    Part part;
    part.number = static_cast<std::uint32_t>(in.varint());
    part.size = in.varint();
    part.etag = in.bytes();
    part.modified = in.signed_varint();
    part.data = read_data(in);
    part.checksum = read_checksum(in);
    parts.push_back(std::move(part));
  }
  if (!in.ok()) return std::nullopt;
  return parts;
}

store::ShardId shard_of(std::string_view bucket) {
  return static_cast<std::uint8_t>(bucket[0]) % store::kShardCount;
}

std::string object_key(std::string_view bucket, std::string_view key) {
  return row_key(bucket, 'o', key);
}

std::string version_prefix(std::string_view bucket, std::string_view key) {
  return row_key(bucket, 'v', escaped(key));
}

std::string version_key(std::string_view bucket, std::string_view key, std::uint64_t sequence) {
  std::string row = version_prefix(bucket, key);
  put_big_endian_64(row, ~sequence);  // the newest first
  return row;
}

std::string data_key(std::string_view bucket, std::string_view data_id) {
  return row_key(bucket, 'd', data_id);
}

std::string uploads_prefix(std::string_view bucket) { return row_key(bucket, 'u', ""); }

std::string upload_key(std::string_view bucket, std::string_view key, std::string_view upload_id) {
  return row_key(bucket, 'u', escaped(key).append(upload_id));
}

std::string parts_prefix(std::string_view bucket, std::string_view upload_id) {
  return row_key(bucket, 'p', upload_id);
}

std::string part_key(std::string_view bucket, std::string_view upload_id, std::uint32_t number) {
  std::string row = parts_prefix(bucket, upload_id);
  put_big_endian_32(row, number);
  return row;
}

std::string file_key(std::string_view data_id) { return "f" + std::string(data_id); }
std::string garbage_key(std::string_view data_id) {
  return std::string(1, kGarbagePrefix) + std::string(data_id);
}

std::string behind(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.pop_back();
  if (!prefix.empty())
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
  return prefix;
}

}  // namespace pawl::s3
