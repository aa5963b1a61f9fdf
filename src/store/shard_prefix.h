// How RocksDB's keys begin.
#pragma once

#include <rocksdb/slice.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace pawl::store {

// The shard's two bytes, big-endian: a shard is one contiguous range of keys.
struct ShardPrefix {
  explicit ShardPrefix(std::uint32_t shard)
      : bytes{static_cast<char>(shard >> 8), static_cast<char>(shard)} {}
  rocksdb::Slice slice() const { return {bytes, sizeof bytes}; }
  std::string key(std::string_view rest) const {
    std::string full(bytes, sizeof bytes);
    full.append(rest);
    return full;
  }
  char bytes[2];
};

}  // namespace pawl::store
