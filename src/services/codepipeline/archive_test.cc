#include "services/codepipeline/archive.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "zip/writer.h"

namespace pawl::codepipeline {
namespace {

std::string archive_of(const std::map<std::string, std::string>& files) {
  std::vector<zip::File> entries;
  for (const auto& [path, content] : files) entries.push_back({path, content});
  return zip::archive_of(entries);
}

std::string read_error(const std::string& bytes, const ArchiveLimits& limits = {}) {
  const auto done = for_each_file(
      bytes, [](const std::string&, const std::string&) -> Result<void, std::string> { return {}; },
      limits);
  return done.ok() ? "" : done.error();
}

RC_GTEST_PROP(Archive, HoldsWhatWasPutIn, (const std::map<std::uint16_t, std::string>& given)) {
  std::map<std::string, std::string> files;
  for (const auto& [name, content] : given) files["a/" + std::to_string(name)] = content;
  const std::string bytes = archive_of(files);
  std::map<std::string, std::string> read;
  const auto done = for_each_file(
      bytes, [&read](const std::string& path, std::string content) -> Result<void, std::string> {
        read[path] = std::move(content);
        return {};
      });
  RC_ASSERT(done.ok());
  RC_ASSERT(read == files);
}

TEST(Archive, IsCompressedAlways) {
  const std::string bytes = archive_of({{"empty", ""}, {"short", "x"}});
  // The method, in both local headers.
  EXPECT_EQ(bytes[8], 8);
  EXPECT_EQ(bytes[bytes.find("PK\x03\x04", 1) + 8], 8);
}

TEST(Archive, SaysWhatIsWrong) {
  const std::string bytes = archive_of({{"template.yaml", "Resources: {}"}});
  EXPECT_EQ(read_file(bytes, "template.yaml").value(), "Resources: {}");
  EXPECT_EQ(read_file(bytes, "other.yaml").error(),
            "File [other.yaml] does not exist in the artifact");
  EXPECT_EQ(read_file("no archive", "x").error(), "The artifact is no readable ZIP archive");
  EXPECT_EQ(read_error(bytes.substr(0, bytes.size() / 2)),
            "The artifact is no readable ZIP archive");
  EXPECT_EQ(read_error(""), "The artifact is no readable ZIP archive");
}

TEST(Archive, StaysInItsFolderAndItsLimits) {
  for (const char* path : {"../x", "/x", "a/../../x", "a/./b", "a\\b", ".."}) {
    EXPECT_NE(read_error(archive_of({{path, "x"}})).find("leaves its folder"), std::string::npos)
        << path;
  }
  const std::string bomb = archive_of({{"a", std::string(1 << 20, 'x')}, {"b", "x"}});
  EXPECT_LT(bomb.size(), 4'096u);
  EXPECT_NE(read_error(bomb, {.file_bytes_max = 1 << 16}), "");
  EXPECT_NE(read_error(bomb, {.bytes_max = 1 << 20}), "");
  EXPECT_NE(read_error(bomb, {.entries_max = 1}), "");
  EXPECT_EQ(read_error(bomb), "");
}

TEST(ArtifactKey, HasTheServicesForm) {
  SeededRng rng(1);
  const std::string key = artifact_key("CodePipelineStepFunctions", "SourceOutput", rng);
  EXPECT_EQ(key.substr(0, 32), "CodePipelineStepFunc/SourceOutp/");
  EXPECT_EQ(key.size(), 39u);
  EXPECT_NE(artifact_key("a", "b", rng), artifact_key("a", "b", rng));
}

}  // namespace
}  // namespace pawl::codepipeline
