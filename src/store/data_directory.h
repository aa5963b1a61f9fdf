// The data directory of a store: its lock, its `meta` file and where RocksDB's own files lie.
// docs/formats/store.md describes every file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/store.h"

namespace pawl::store {

// The format this build writes, and the newest it reads.
inline constexpr std::uint32_t kStoreFormat = 1;

// Which hash the layers above take to find an object's shard: the first byte of its ARN's SHA-256,
// modulo the number of shards.
inline constexpr std::string_view kShardHash = "sha256-byte-0";

// What never changes about a store once it is made.
struct StoreMeta {
  std::uint32_t format = kStoreFormat;
  std::string store_id;  // a UUID
  std::uint32_t shards = kShardCount;
  std::string hash{kShardHash};
};

std::string print_meta(const StoreMeta& meta);
// Errors: not a meta file, a checksum that does not fit, a newer format (both are named).
Result<StoreMeta, StoreError> parse_meta(const std::string& text);

// Holds the directory's lock from open to destruction.
class DataDirectory {
 public:
  // Makes the directory if it is absent and locks it. Errors: another process holds it.
  static Result<DataDirectory, StoreError> open(const std::string& path);
  DataDirectory(DataDirectory&& other) noexcept;
  DataDirectory& operator=(DataDirectory&&) = delete;
  ~DataDirectory();

  const std::string& path() const { return path_; }
  std::string rocks_path() const { return path_ + "/rocks"; }
  // A store that is being made; it gets its name when it is complete.
  std::string unfinished_path() const { return path_ + "/rocks.new"; }
  std::string lock_path() const { return path_ + "/lock"; }
  std::string meta_path() const { return path_ + "/meta"; }

 private:
  DataDirectory(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::string path_;
  int lock_;
};

Result<std::string, StoreError> read_file(const std::string& path);
// Whole or not at all, and durable when it returns.
Result<void, StoreError> write_file(const std::string& path, std::string_view bytes);
Result<void, StoreError> sync_directory(const std::string& path);
Result<void, StoreError> rename_durably(const std::string& from, const std::string& to);
bool exists(const std::string& path);

}  // namespace pawl::store
