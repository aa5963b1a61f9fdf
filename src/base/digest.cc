#include "base/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <memory>
#include <utility>

#include "base/ensure.h"
#include "base/hex.h"

namespace pawl {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string text_of(const unsigned char* bytes, unsigned size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

const EVP_MD* find_digest(std::string_view algorithm) {
  using Maker = const EVP_MD* (*)();
  static constexpr std::array<std::pair<std::string_view, Maker>, 5> kDigests{{
      {"MD5", EVP_md5},
      {"SHA-1", EVP_sha1},
      {"SHA-256", EVP_sha256},
      {"SHA-384", EVP_sha384},
      {"SHA-512", EVP_sha512},
  }};
  for (const auto& [name, make] : kDigests) {
    if (name == algorithm) return make();
  }
  return nullptr;
}

}  // namespace

// OpenSSL's one-shot SHA256() looks the algorithm up and makes a context each time, which for a
// text as short as an ARN costs as much as the digest.
std::array<unsigned char, 32> sha256_array(std::string_view bytes) {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> algorithm(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<unsigned char, 32> digest;
  const bool done = EVP_DigestInit_ex2(context.get(), algorithm.get(), nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  ENSURE(done);
  return digest;
}

std::string sha256(std::string_view bytes) {
  const auto digest = sha256_array(bytes);
  return text_of(digest.data(), static_cast<unsigned>(digest.size()));
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  unsigned size = 0;
  ENSURE(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(bytes), bytes.size(),
              digest, &size) != nullptr);
  return text_of(digest, size);
}

std::optional<std::string> hex_digest(std::string_view data, std::string_view algorithm) {
  const EVP_MD* digest = find_digest(algorithm);
  if (digest == nullptr) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  ENSURE(EVP_Digest(data.data(), data.size(), bytes.data(), &size, digest, nullptr) == 1);
  return encode_hex(text_of(bytes.data(), size));
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace pawl
