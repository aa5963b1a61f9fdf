// Artifacts: where one is kept, and reading the files of a ZIP archive.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/rng.h"

namespace pawl::codepipeline {

// "<20 of the pipeline's name>/<10 of the artifact's>/<7 random>".
std::string artifact_key(std::string_view pipeline, std::string_view artifact, Rng& rng);

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
