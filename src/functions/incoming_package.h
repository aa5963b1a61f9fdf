// A deployment package on its way in: its bytes go to a file and are hashed while they come, so
// that a large one needs no more memory than a small one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "functions/archive.h"

struct evp_md_ctx_st;

namespace pawl::functions {

class IncomingPackage {
 public:
  // Makes `directory`, and the file in it.
  static Result<std::unique_ptr<IncomingPackage>, ArchiveError> create(std::string directory);
  // Removes the directory, unless it has been renamed.
  ~IncomingPackage();
  IncomingPackage(const IncomingPackage&) = delete;
  IncomingPackage& operator=(const IncomingPackage&) = delete;

  Result<void, ArchiveError> append(std::string_view bytes);
  std::uint64_t bytes() const { return bytes_; }
  // SHA-256 of everything, as bytes. Ends the writing.
  std::string finish();

  const std::string& directory() const { return directory_; }
  static std::string zip_file(const std::string& directory) { return directory + "/package.zip"; }
  static std::string code(const std::string& directory) { return directory + "/code"; }

 private:
  struct DigestFree {
    void operator()(evp_md_ctx_st* digest) const;
  };

  IncomingPackage(std::string directory, FileDescriptor file);

  std::string directory_;
  FileDescriptor file_;
  std::unique_ptr<evp_md_ctx_st, DigestFree> digest_;
  std::uint64_t bytes_ = 0;
};

}  // namespace pawl::functions
