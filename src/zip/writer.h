// ZIP archives (APPNOTE.TXT), written front to back: memory is needed for one file at a time.
//
// Files are always compressed (method 8, DEFLATE): readers that take an archive apart while it
// still comes can be ahead of files that are stored as they are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::zip {

inline constexpr std::uint32_t kRegularFile = 0100644;

class Writer {
 public:
  // The error ends the archive, and is handed on.
  using Append = std::function<Result<void, std::string>(std::string bytes)>;
  explicit Writer(Append append) : append_(std::move(append)) {}

  // `mode` as stat(2) has it, with the file's kind.
  Result<void, std::string> add(std::string_view path, std::uint32_t mode, std::string_view bytes);
  Result<void, std::string> finish();

 private:
  Result<void, std::string> append(std::string bytes);

  Append append_;
  std::string directory_;
  std::uint64_t offset_ = 0;
  std::uint64_t entries_ = 0;
};

struct File {
  std::string_view path;
  std::string_view content;
};

// A small archive of regular files.
std::string archive_of(const std::vector<File>& files);

}  // namespace pawl::zip
