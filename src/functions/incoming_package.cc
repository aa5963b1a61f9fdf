#include "functions/incoming_package.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace pawl::functions {

namespace {

Err<ArchiveError> cannot_write(const std::string& path) {
  return Err{ArchiveError{fmt::format("cannot write {}: {}", path, std::strerror(errno))}};
}

}  // namespace

void IncomingPackage::DigestFree::operator()(evp_md_ctx_st* digest) const {
  EVP_MD_CTX_free(digest);
}

Result<std::unique_ptr<IncomingPackage>, ArchiveError> IncomingPackage::create(
    std::string directory) {
  const std::string file = zip_file(directory);
  if (mkdir(directory.c_str(), 0755) != 0) return cannot_write(directory);
  FileDescriptor opened(open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!opened.open()) return cannot_write(file);
  return std::unique_ptr<IncomingPackage>(
      new IncomingPackage(std::move(directory), std::move(opened)));
}

IncomingPackage::IncomingPackage(std::string directory, FileDescriptor file)
    : directory_(std::move(directory)), file_(std::move(file)), digest_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(digest_.get(), EVP_sha256(), nullptr);
}

IncomingPackage::~IncomingPackage() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

Result<void, ArchiveError> IncomingPackage::append(std::string_view bytes) {
  EVP_DigestUpdate(digest_.get(), bytes.data(), bytes.size());
  bytes_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return cannot_write(zip_file(directory_));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

std::string IncomingPackage::finish() {
  file_.reset();
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  EVP_DigestFinal_ex(digest_.get(), reinterpret_cast<unsigned char*>(digest.data()), &size);
  digest.resize(size);
  return digest;
}

}  // namespace pawl::functions
