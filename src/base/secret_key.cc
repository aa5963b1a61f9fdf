#include "base/secret_key.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/base64.h"
#include "base/digest.h"
#include "base/ensure.h"
#include "base/file_descriptor.h"
#include "base/hex.h"

namespace pawl {

namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct CipherFree {
  void operator()(EVP_CIPHER_CTX* cipher) const { EVP_CIPHER_CTX_free(cipher); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, CipherFree>;

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
int size_of(std::string_view text) { return static_cast<int>(text.size()); }

Err<std::string> failed(const std::string& what, const std::string& file) {
  return Err{fmt::format("cannot {} {}: {}", what, file, std::strerror(errno))};
}

// Whole under its name, or not there: nothing is encrypted with a key that a crash could lose.
Result<std::string, std::string> make_key(const std::string& file) {
  std::string key(kKeyBytes, '\0');
  ENSURE(RAND_bytes(bytes_of(key), size_of(key)) == 1);
  const std::string draft = file + ".new";
  const FileDescriptor made(
      open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  const bool written = made.open() && fchmod(made.get(), 0600) == 0 &&
                       write(made.get(), key.data(), key.size()) == size_of(key) &&
                       fsync(made.get()) == 0 && rename(draft.c_str(), file.c_str()) == 0;
  if (!written) return failed("write", file);
  const std::string folder = std::filesystem::path(file).parent_path().string();
  const FileDescriptor directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.open() || fsync(directory.get()) != 0) return failed("sync", folder);
  return key;
}

}  // namespace

Result<SecretKey, std::string> SecretKey::load(const std::string& file) {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(file).parent_path(), ignored);
  const FileDescriptor opened(open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!opened.open()) {
    if (errno != ENOENT) return failed("read", file);
    return SecretKey(TRY(make_key(file)));
  }
  std::string key(kKeyBytes + 1, '\0');
  if (read(opened.get(), key.data(), key.size()) != static_cast<ssize_t>(kKeyBytes)) {
    return Err{fmt::format("{} is no key: it must hold {} bytes", file, kKeyBytes)};
  }
  key.resize(kKeyBytes);
  return SecretKey(std::move(key));
}

std::string SecretKey::subkey(std::string_view purpose) const {
  return hmac_sha256(bytes_, purpose);
}

std::string SecretKey::sign(std::string_view purpose, std::string_view text) const {
  return encode_hex(hmac_sha256(subkey(purpose), text));
}

bool SecretKey::verify(std::string_view purpose, std::string_view text,
                       std::string_view signature) const {
  return equal_in_constant_time(sign(purpose, text), signature);
}

std::string SecretKey::encrypt(std::string_view purpose, std::string_view text,
                               std::string_view place) const {
  const std::string key = subkey(purpose);
  std::string sealed(kNonceBytes + text.size() + kTagBytes, '\0');
  unsigned char* const nonce = bytes_of(sealed);
  unsigned char* const out = nonce + kNonceBytes;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  int rest = 0;
  const bool done =
      RAND_bytes(nonce, static_cast<int>(kNonceBytes)) == 1 &&
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(std::string_view(key)),
                         nonce) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &size, bytes_of(place), size_of(place)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), out, &size, bytes_of(text), size_of(text)) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), out + size, &rest) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes),
                          out + text.size()) == 1;
  ENSURE(done, place);
  return encode_base64(sealed);
}

std::optional<std::string> SecretKey::decrypt(std::string_view purpose, std::string_view encrypted,
                                              std::string_view place) const {
  auto sealed = decode_base64(encrypted);
  if (!sealed || sealed->size() < kNonceBytes + kTagBytes) return std::nullopt;
  const std::string key = subkey(purpose);
  std::string text(sealed->size() - kNonceBytes - kTagBytes, '\0');
  unsigned char* const nonce = bytes_of(*sealed);
  unsigned char* const from = nonce + kNonceBytes;
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int size = 0;
  int rest = 0;
  const bool done =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(std::string_view(key)),
                         nonce) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &size, bytes_of(place), size_of(place)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), bytes_of(text), &size, from, size_of(text)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes),
                          from + text.size()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), bytes_of(text) + size, &rest) == 1;
  if (!done) return std::nullopt;
  return text;
}

}  // namespace pawl
