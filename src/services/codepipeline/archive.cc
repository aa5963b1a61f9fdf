#include "services/codepipeline/archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <memory>

namespace pawl::codepipeline {

namespace {

constexpr std::string_view kNoArchive = "The artifact is no readable ZIP archive";

struct ZipCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};
using Zip = std::unique_ptr<zip_t, ZipCloser>;

// nullptr: it is none. (libzip takes nothing at all for an archive of nothing.)
Zip open_zip(std::string_view bytes) {
  if (bytes.empty()) return nullptr;
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source ? zip_open_from_source(source, ZIP_RDONLY, &error) : nullptr;
  if (source != nullptr && archive == nullptr) zip_source_free(source);
  zip_error_fini(&error);
  return Zip(archive);
}

Result<std::string, std::string> read_entry(zip_t* archive, zip_uint64_t index,
                                            const ArchiveLimits& limits) {
  std::unique_ptr<zip_file_t, ZipCloser> file(zip_fopen_index(archive, index, 0));
  if (!file) return Err{std::string(kNoArchive)};
  std::string content;
  char chunk[64 << 10];
  for (;;) {
    const zip_int64_t count = zip_fread(file.get(), chunk, sizeof chunk);
    if (count < 0) return Err{std::string(kNoArchive)};
    if (count == 0) return content;
    content.append(chunk, static_cast<std::size_t>(count));
    if (content.size() > limits.file_bytes_max) {
      return Err{
          fmt::format("A file of the artifact is larger than {} bytes", limits.file_bytes_max)};
    }
  }
}

bool stays_inside(std::string_view path) {
  if (path.empty() || path.front() == '/' || path.find('\\') != std::string_view::npos) {
    return false;
  }
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, slash - at);
    if (part == ".." || part == ".") return false;
    at = slash + 1;
  }
  return true;
}

}  // namespace

std::string artifact_key(std::string_view pipeline, std::string_view artifact, Rng& rng) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string key = fmt::format("{}/{}/", pipeline.substr(0, 20), artifact.substr(0, 10));
  for (int i = 0; i < 7; ++i) key += kLetters[rng.next() % kLetters.size()];
  return key;
}

Result<std::string, std::string> read_file(std::string_view archive, const std::string& path,
                                           const ArchiveLimits& limits) {
  const Zip zip = open_zip(archive);
  if (!zip) return Err{std::string(kNoArchive)};
  const zip_int64_t index = zip_name_locate(zip.get(), path.c_str(), 0);
  if (index < 0) return Err{fmt::format("File [{}] does not exist in the artifact", path)};
  return read_entry(zip.get(), static_cast<zip_uint64_t>(index), limits);
}

Result<void, std::string> for_each_file(std::string_view archive, const VisitFile& visit,
                                        const ArchiveLimits& limits) {
  const Zip zip = open_zip(archive);
  if (!zip) return Err{std::string(kNoArchive)};
  const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(zip.get(), 0));
  if (count > limits.entries_max) return Err{std::string("The artifact has too many files")};
  std::uint64_t bytes = 0;
  for (zip_uint64_t index = 0; index < count; ++index) {
    const char* name = zip_get_name(zip.get(), index, 0);
    const std::string path = name ? name : "";
    if (path.ends_with('/')) continue;
    if (!stays_inside(path)) {
      return Err{fmt::format("The artifact has a file that leaves its folder: {}", path)};
    }
    std::string content = TRY(read_entry(zip.get(), index, limits));
    bytes += content.size();
    if (bytes > limits.bytes_max) return Err{std::string("The artifact is too large unpacked")};
    TRY(visit(path, std::move(content)));
  }
  return {};
}

}  // namespace pawl::codepipeline
