#include "runtime/execution_id.h"

#include <algorithm>
#include <vector>

#include "base/digest.h"
#include "base/ensure.h"
#include "base/hex.h"

namespace pawl::runtime {

namespace {

std::string arn(const ExecutionNames& names, std::string_view type) {
  std::string text = "arn:";
  text.append(partition_of(names.region)).append(":states:").append(names.region).append(":");
  text.append(names.account).append(":").append(type).append(":").append(names.machine);
  return text;
}

}  // namespace

ExecutionId ExecutionId::from_bytes(std::string_view bytes) {
  ExecutionId id;
  ENSURE(bytes.size() == id.bytes.size(), bytes.size());
  std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
  return id;
}

std::string ExecutionNames::execution_arn() const {
  if (express.empty()) return arn(*this, "execution").append(":").append(execution);
  return arn(*this, "express").append(":").append(execution).append(":").append(express);
}

std::string uuid_of(const ExecutionId& id) {
  std::array<std::uint8_t, 16> bytes = id.bytes;
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  return uuid_text({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string ExecutionNames::machine_arn() const { return arn(*this, "stateMachine"); }

std::optional<ExecutionNames> parse_execution_arn(std::string_view text) {
  // arn : partition : states : region : account : execution : machine : name
  // arn : partition : states : region : account : express : machine : name : run
  constexpr std::size_t kPartsOfExpress = 9;
  std::vector<std::string_view> parts;
  while (parts.size() <= kPartsOfExpress) {
    const std::size_t end = std::min(text.find(':'), text.size());
    parts.push_back(text.substr(0, end));
    if (end == text.size()) break;
    text.remove_prefix(end + 1);
  }
  const bool express = parts.size() == kPartsOfExpress && parts[5] == "express";
  const bool standard = parts.size() + 1 == kPartsOfExpress && parts[5] == "execution";
  if ((!express && !standard) || parts[0] != "arn" || parts[2] != "states") return std::nullopt;
  if (std::any_of(parts.begin() + 6, parts.end(), [](auto part) { return part.empty(); })) {
    return std::nullopt;
  }
  return ExecutionNames{.region = std::string(parts[3]),
                        .account = std::string(parts[4]),
                        .machine = std::string(parts[6]),
                        .execution = std::string(parts[7]),
                        .express = express ? std::string(parts[8]) : std::string()};
}

ExecutionId id_of_execution(std::string_view execution_arn) {
  const auto digest = sha256_array(execution_arn);
  ExecutionId id;
  std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
  return id;
}

std::uint64_t digest_of_machine(std::string_view machine_arn) {
  const auto digest = sha256_array(machine_arn);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8) | digest[i];
  return value;
}

std::string_view partition_of(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  return "aws";
}

}  // namespace pawl::runtime
