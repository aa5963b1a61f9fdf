#include "runtime/task_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/digest.h"

namespace pawl::runtime {

namespace {

constexpr char kVersion = 1;
constexpr std::size_t kMacBytes = 16;
constexpr std::size_t kBodyBytes = 1 + 16 + 8;
// Base64 of 41 bytes: 56 characters, the last of them padding.
constexpr std::size_t kTokenCharacters = 56;

}  // namespace

std::string TaskTokens::sign(std::string_view body) const {
  return hmac_sha256(key_, body).substr(0, kMacBytes);
}

std::string TaskTokens::make(const Task& task) const {
  std::string body(1, kVersion);
  body.append(task.execution.view());
  put_big_endian_64(body, static_cast<std::uint64_t>(task.task));
  return encode_base64(body + sign(body));
}

std::optional<TaskTokens::Task> TaskTokens::parse(std::string_view token) const {
  if (token.size() != kTokenCharacters) return std::nullopt;
  unsigned char bytes[kTokenCharacters];
  const int length = EVP_DecodeBlock(bytes, reinterpret_cast<const unsigned char*>(token.data()),
                                     static_cast<int>(token.size()));
  if (length < static_cast<int>(kBodyBytes + kMacBytes)) return std::nullopt;
  const std::string_view body(reinterpret_cast<const char*>(bytes), kBodyBytes);
  const std::string mac = sign(body);
  if (CRYPTO_memcmp(mac.data(), bytes + kBodyBytes, kMacBytes) != 0) return std::nullopt;
  ByteReader in(body);
  if (in.byte() != kVersion) return std::nullopt;
  Task task;
  task.execution = ExecutionId::from_bytes(in.take(16));
  task.task = static_cast<machine::EventId>(in.big_endian_64());
  // Another spelling of the same bytes is not the token that was handed out.
  if (make(task) != token) return std::nullopt;
  return task;
}

}  // namespace pawl::runtime
