// How an execution is named: by ARN outside, by a 16-byte digest of the ARN inside. The digest is
// the key of all its rows and says which shard owns it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace pawl::runtime {

struct ExecutionId {
  std::array<std::uint8_t, 16> bytes{};

  friend auto operator<=>(const ExecutionId&, const ExecutionId&) = default;
  store::ShardId shard() const { return bytes[0] % store::kShardCount; }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  // Of exactly 16 bytes.
  static ExecutionId from_bytes(std::string_view bytes);
};

struct ExecutionIdHash {
  std::size_t operator()(const ExecutionId& id) const {
    std::size_t value;
    std::memcpy(&value, id.bytes.data() + 4, sizeof value);
    return value;
  }
};

// The parts an execution's ARN is made of.
struct ExecutionNames {
  std::string region;
  std::string account;
  std::string machine;
  std::string execution;
  std::string express{};  // the last part of an Express execution's ARN; empty: a Standard one

  std::string execution_arn() const;
  std::string machine_arn() const;
};

// The ARN of a Standard or of an Express execution, taken apart; empty when `arn` is neither.
std::optional<ExecutionNames> parse_execution_arn(std::string_view arn);

// First 16 bytes of the SHA-256 of the ARN.
ExecutionId id_of_execution(std::string_view execution_arn);
// The id in the form of a version 4 UUID: a name that follows from what the id is of.
std::string uuid_of(const ExecutionId& id);
// First 8 bytes of the SHA-256 of a state machine's ARN: the prefix of its list rows.
std::uint64_t digest_of_machine(std::string_view machine_arn);

// "aws", "aws-cn" or "aws-us-gov".
std::string_view partition_of(std::string_view region);

}  // namespace pawl::runtime
