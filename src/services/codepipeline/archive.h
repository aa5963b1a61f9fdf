// Artifacts: where one is kept, and ZIP archives of files.
//
// Files are always written compressed (method 8, DEFLATE): readers that take an archive apart while
// it still comes can be ahead of files that are stored as they are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/rng.h"

namespace pawl::codepipeline {

// "<20 of the pipeline's name>/<10 of the artifact's>/<7 random>".
std::string artifact_key(std::string_view pipeline, std::string_view artifact, Rng& rng);

// Writes an archive front to back: memory is needed for one file at a time.
class ArchiveWriter {
 public:
  // The error ends the archive, and is handed on.
  using Append = std::function<Result<void, std::string>(std::string bytes)>;
  explicit ArchiveWriter(Append append) : append_(std::move(append)) {}

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

struct ArchiveLimits {
  std::uint64_t file_bytes_max = 256u << 20;
  std::uint64_t bytes_max = 2'048u << 20;
  std::uint64_t entries_max = 100'000;
};

// The content of one file; the error says what is wrong.
Result<std::string, std::string> read_file(std::string_view archive, const std::string& path,
                                           const ArchiveLimits& limits = {});
// Every file, in the archive's order; names that could leave a folder are an error.
using VisitFile =
    std::function<Result<void, std::string>(const std::string& path, std::string content)>;
Result<void, std::string> for_each_file(std::string_view archive, const VisitFile& visit,
                                        const ArchiveLimits& limits = {});

}  // namespace pawl::codepipeline
