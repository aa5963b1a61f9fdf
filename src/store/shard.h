// Which shard owns a durable object: a hash of the owner's name that never changes (decision D5).
#pragma once

#include <string_view>

#include "store/store.h"

namespace pawl::store {

// As the `meta` file names it.
inline constexpr std::string_view kShardHash = "fnv1a-64-fold";

// FNV-1a over 64 bits, folded to 16, modulo the number of shards. Durable: never changes.
constexpr ShardId shard_of(std::string_view owner) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char next : owner) {
    hash ^= static_cast<std::uint8_t>(next);
    hash *= 0x100000001b3u;
  }
  hash ^= hash >> 32;
  hash ^= hash >> 16;
  return static_cast<ShardId>((hash & 0xffff) % kShardCount);
}

}  // namespace pawl::store
