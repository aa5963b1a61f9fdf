#include "base/digest.h"

#include <openssl/evp.h>

#include <array>
#include <utility>

#include "base/ensure.h"

namespace pawl {
namespace {

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

std::optional<std::string> hex_digest(std::string_view data, std::string_view algorithm) {
  const EVP_MD* digest = find_digest(algorithm);
  if (digest == nullptr) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  ENSURE(EVP_Digest(data.data(), data.size(), bytes.data(), &size, digest, nullptr) == 1);
  static constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kHex[bytes[i] >> 4];
    text += kHex[bytes[i] & 15];
  }
  return text;
}

}  // namespace pawl
