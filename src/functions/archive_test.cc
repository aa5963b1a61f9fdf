// Packages of friends and foes.
#include "functions/archive.h"

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <zip.h>

#include <filesystem>
#include <fstream>

#include "functions/code_store.h"
#include "store/test_directory.h"

namespace pawl::functions {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

struct Entry {
  std::string path;
  std::string text;
  unsigned mode = 0100644;  // 0: packed by a system without modes
};

std::string pack(const std::vector<Entry>& entries) {
  zip_error_t error;
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(target);
  zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, &error);
  for (const Entry& entry : entries) {
    // The archive owns a source only when a file is made of it.
    const auto source = [&] {
      return zip_source_buffer(archive, entry.text.data(), entry.text.size(), 0);
    };
    const zip_int64_t index =
        entry.path.ends_with('/')
            ? zip_dir_add(archive, entry.path.c_str(), 0)
            : zip_file_add(archive, entry.path.c_str(), source(), ZIP_FL_ENC_UTF_8);
    ENSURE(index >= 0, entry.path);
    zip_file_set_external_attributes(archive, static_cast<zip_uint64_t>(index), 0,
                                     entry.mode == 0 ? ZIP_OPSYS_DOS : ZIP_OPSYS_UNIX,
                                     entry.mode << 16);
  }
  ENSURE(zip_close(archive) == 0);
  zip_stat_t stat;
  zip_source_stat(target, &stat);
  std::string bytes(stat.size, '\0');
  zip_source_open(target);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

std::string unpack_error(const std::string& zip, const ArchiveLimits& limits = {}) {
  const store::TestDirectory directory;
  const auto unpacked = unpack(zip, directory.path(), limits);
  return unpacked.ok() ? "" : unpacked.error().message;
}

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Archive, PathsThatStayInside) {
  const std::pair<const char*, bool> cases[] = {
      {"a", true},          {"a/b.c", true},  {"a/", true},      {"..a/b..", true},
      {"", false},          {"/", false},     {"/etc/x", false}, {"../x", false},
      {"a/../../x", false}, {"a/..", false},  {"./a", false},    {"a//b", false},
      {"a\\..\\b", false},  {"a/./b", false}, {"..", false},     {"a/../b", false}};
  for (const auto& [path, safe] : cases) EXPECT_EQ(is_safe_path(path, 1024), safe) << path;
  EXPECT_FALSE(is_safe_path(std::string("a\0b", 3), 1024));
  EXPECT_FALSE(is_safe_path(std::string(2000, 'a'), 1024));
}

TEST(Archive, LinksThatStayInside) {
  struct Case {
    const char* path;
    const char* target;
    bool safe;
  };
  const Case cases[] = {{"a/b", "c", true},          {"a/b", "../c", true},
                        {"a/b", "../../c", false},   {"b", "..", false},
                        {"b", "/etc/passwd", false}, {"a/b", "../x/../../y", false},
                        {"a/b", "./../x/y", true},   {"b", "", false}};
  for (const Case& c : cases) EXPECT_EQ(is_safe_link(c.path, c.target), c.safe) << c.target;
}

TEST(Archive, KeepsFilesModesAndLinks) {
  const store::TestDirectory directory;
  const auto unpacked = unpack(pack({{"index.js", "code", 0100600},
                                     {"bin/run", "#!/bin/sh", 0100755},
                                     {"dos/bootstrap", "x", 0},
                                     {"empty/", ""},
                                     {"bin/link", "../index.js", 0120777}}),
                               directory.path(), {});
  ASSERT_TRUE(unpacked.ok()) << unpacked.error().message;
  const fs::path root = directory.path();
  EXPECT_EQ(read(root / "index.js"), "code");
  EXPECT_EQ(read(root / "bin/link"), "code");
  EXPECT_TRUE(fs::is_symlink(root / "bin/link"));
  EXPECT_TRUE(fs::is_directory(root / "empty"));
  const auto mode = [&](const char* path) {
    return static_cast<unsigned>(fs::status(root / path).permissions());
  };
  EXPECT_EQ(mode("index.js"), 0644u);
  EXPECT_EQ(mode("bin/run"), 0755u);
  EXPECT_EQ(mode("dos/bootstrap"), 0755u);
}

TEST(Archive, HostilePackages) {
  const std::string not_unzipped =
      "Could not unzip uploaded file. Please check your file, then try to upload again.";
  const std::vector<std::vector<Entry>> hostile = {
      {{"../evil", "x"}},
      {{"/tmp/evil", "x"}},
      {{"a/../../evil", "x"}},
      {{"link", "/etc", 0120777}, {"link/passwd", "x"}},
      {{"link", "..", 0120777}},
      {{"a", "file"}, {"a/b", "below a file"}},
      {{"device", "x", 0020666}},
      {{"pipe", "x", 0010666}},
      {{"link", ".", 0120777}, {"link/x", "written through"}}};
  for (const auto& entries : hostile) {
    EXPECT_EQ(unpack_error(pack(entries)), not_unzipped) << entries.back().path;
  }
  EXPECT_EQ(unpack_error("PK nonsense"), not_unzipped);
  EXPECT_EQ(unpack_error(""), "Uploaded file must be a non-empty zip");
  std::string damaged = pack({{"a", std::string(1000, 'a')}});
  damaged[45] = static_cast<char>(damaged[45] ^ 0x55);
  EXPECT_EQ(unpack_error(damaged), not_unzipped);
}

TEST(Archive, BombsStopAtTheLimit) {
  const std::string zeros(3 << 20, '\0');
  EXPECT_THAT(unpack_error(pack({{"bomb", zeros}}), {.unpacked_bytes_max = 1 << 20}),
              HasSubstr("Unzipped size must be smaller than 1048576 bytes"));
  EXPECT_THAT(unpack_error(pack({{"a", "1"}, {"b", "2"}, {"c", "3"}}), {.entries_max = 2}),
              HasSubstr("Could not unzip"));
}

TEST(CodeStore, KeepsEachPackageOnce) {
  const store::TestDirectory directory;
  CodeStore codes(directory.path());
  const std::string zip = pack({{"a.txt", "hello"}});
  const auto first = codes.add(zip);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->sha256.size(), 64u);
  EXPECT_EQ(first->sha256_base64.size(), 44u);
  EXPECT_EQ(read(fs::path(*first->lease) / "a.txt"), "hello");
  EXPECT_EQ(*codes.add(zip)->lease, *first->lease);
  EXPECT_FALSE(codes.add("nonsense").ok());
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), {}), 1);
}

TEST(CodeStore, CollectsWhatNobodyNeeds) {
  const store::TestDirectory directory;
  CodeStore codes(directory.path());
  std::string kept;
  std::string used;
  CodeLease lease;
  {
    kept = codes.add(pack({{"a", "kept"}}))->sha256;
    const auto leased = codes.add(pack({{"a", "used"}}));
    used = leased->sha256;
    lease = leased->lease;
    ASSERT_TRUE(codes.add(pack({{"a", "gone"}})).ok());
  }
  const auto references = [&kept] { return std::set<std::string>{kept}; };
  EXPECT_TRUE(codes.collect(references));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), {}), 2);
  lease.reset();
  EXPECT_FALSE(codes.collect(references));
  EXPECT_TRUE(fs::exists(directory.path() + "/" + kept));
  EXPECT_FALSE(fs::exists(directory.path() + "/" + used));
}

// A function is deleted while another one with the same code is created: the new reference is made,
// and the lease that stood for it given back, after the references were read.
TEST(CodeStore, KeepsWhatWasLeasedWhileReferencesWereRead) {
  const store::TestDirectory directory;
  CodeStore codes(directory.path());
  const std::string zip = pack({{"a", "shared"}});
  const std::string shared = codes.add(zip)->sha256;
  const auto outlived = [&] {
    EXPECT_TRUE(codes.add(zip).ok());
    return std::set<std::string>();
  };
  EXPECT_TRUE(codes.collect(outlived));
  EXPECT_TRUE(fs::exists(directory.path() + "/" + shared));
  CodeLease lease = codes.lease(shared);
  const auto handed_back = [&lease] {
    lease.reset();
    return std::set<std::string>();
  };
  EXPECT_TRUE(codes.collect(handed_back));
  EXPECT_TRUE(fs::exists(directory.path() + "/" + shared));
  EXPECT_FALSE(codes.collect([] { return std::set<std::string>(); }));
  EXPECT_FALSE(fs::exists(directory.path() + "/" + shared));
}

TEST(CodeStore, ForgetsWhatACrashLeft) {
  const store::TestDirectory directory;
  fs::create_directories(directory.path() + "/.new-7/half");
  const CodeStore codes(directory.path());
  EXPECT_EQ(std::distance(fs::directory_iterator(directory.path()), {}), 0);
}

}  // namespace
}  // namespace pawl::functions
