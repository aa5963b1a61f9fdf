// What ItemReaders make of objects: as tables of (content, items), read at once and resumed behind
// every item.
#include "objects/item_stream.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "objects/folder_object_store.h"

namespace pawl::objects {
namespace {

using asl::ItemReader;
using machine::ReaderSettings;

class ItemStreams : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("pawl-items-" + std::string(info->name()) + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_ / "bucket");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& key, const std::string& content) {
    const auto path = folder_ / "bucket" / key;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
  }

  static ReaderSettings settings(ItemReader::InputType type, std::string key = "object") {
    ReaderSettings settings;
    settings.input_type = type;
    settings.bucket = "bucket";
    settings.key = std::move(key);
    return settings;
  }

  // The items, each on a line, or the fault's cause.
  std::string read(const ReaderSettings& settings) {
    std::string all;
    std::string position;
    auto items = open_items(store_, settings, position);
    for (;;) {
      if (!items.ok()) return all + "! " + *items.error().cause;
      auto item = (*items)->next();
      if (!item.ok()) return all + "! " + *item.error().cause;
      if (!*item) return all;
      if ((*item)->key) all += *(*item)->key + "=";
      all += (*item)->text + '\n';
      position = (*item)->position;
      // As after a crash: every item is found again behind the one before it.
      items = open_items(store_, settings, position);
    }
  }

  std::filesystem::path folder_;
  FolderObjectStore store_{(folder_ = std::filesystem::temp_directory_path()).string()};
};

TEST_F(ItemStreams, CsvRows) {
  FolderObjectStore store(folder_.string());
  struct Case {
    const char* content;
    const char* items;
  };
  const Case cases[] = {
      {"", ""},
      {"A,B\n1,2\n", "{\"A\":\"1\",\"B\":\"2\"}\n"},
      {"A,B\n1\n1,2,3", "{\"A\":\"1\",\"B\":\"\"}\n{\"A\":\"1\",\"B\":\"2\"}\n"},
      {"H1,\nValue4,Value5,Value6\n   \n",
       "{\"\":\"Value5\",\"H1\":\"Value4\"}\n{\"\":\"\",\"H1\":\"   \"}\n"},
      {"A\r\n\"x\ny\"\r\n\"say \"\"no\"\"\"\r\n",
       "{\"A\":\"x\\ny\"}\n{\"A\":\"say \\\"no\\\"\"}\n"},
      {"A,B\na\\,b,\\\\c\\d\n", "{\"A\":\"a,b\",\"B\":\"\\\\cd\"}\n"},
      {"A,B,A\n1,2,3\n", "! CSV headers cannot contain duplicates."},
      {"\xef\xbb\xbfhead\n1\n\n", "{\"head\":\"1\"}\n"},
  };
  for (const Case& row : cases) {
    put("object", row.content);
    store_ = FolderObjectStore(folder_.string());
    EXPECT_EQ(read(settings(ItemReader::InputType::kCsv)), row.items) << row.content;
  }
}

TEST_F(ItemStreams, GivenHeadersAndDelimiters) {
  store_ = FolderObjectStore(folder_.string());
  put("object", "1|2|3\n4|5\n");
  ReaderSettings csv = settings(ItemReader::InputType::kCsv);
  csv.csv_delimiter = '|';
  csv.csv_headers = {{"x", "y"}};
  EXPECT_EQ(read(csv), "{\"x\":\"1\",\"y\":\"2\"}\n{\"x\":\"4\",\"y\":\"5\"}\n");
}

TEST_F(ItemStreams, JsonArrays) {
  store_ = FolderObjectStore(folder_.string());
  struct Case {
    const char* content;
    const char* pointer;
    const char* items;
  };
  const Case cases[] = {
      {"[]", "", ""},
      {" [1, \"a,]\" ,{\"b\" : [ ]}, null]", "", "1\n\"a,]\"\n{\"b\":[]}\nnull\n"},
      {"{\"Hello\": \"world\"}", "", "Hello=\"world\"\n"},
      {"{}", "", ""},
      {" { \"a\\nb\" : {\"c\":[1, 2]} , \"\":\"x\" }", "", "a\nb={\"c\":[1,2]}\n=\"x\"\n"},
      {"{\"x\":{\"y\":1,\"z\":[2]}}", "/x", "y=1\nz=[2]\n"},
      {"{\"a\" 1}", "", "! The object is not valid JSON."},
      {"{\"a\"", "", "! The object is not valid JSON."},
      {"[\"a\",\"b\"]", "", "\"a\"\n\"b\"\n"},
      {"[\"a\":1]", "", "\"a\"\n! The object is not valid JSON."},
      {"\"text\"", "", "! Attempting to map over non-iterable node."},
      {"{\"x\":[0],\"a/b\":{\"c\":[[1,2],[3]]}}", "/a~1b/c/1", "3\n"},
      {"{\"x\":1}", "/y",
       "! The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON "
       "structure."},
      {"[1, nonsense]", "", "1\n! The object is not valid JSON."},
      {"[1", "", "1\n! The object is not valid JSON."},
  };
  for (const Case& row : cases) {
    put("object", row.content);
    ReaderSettings json = settings(ItemReader::InputType::kJson);
    json.items_pointer = row.pointer;
    EXPECT_EQ(read(json), row.items) << row.content;
  }
}

TEST_F(ItemStreams, JsonLinesAndCompressedObjects) {
  store_ = FolderObjectStore(folder_.string());
  const std::string lines = "{\"a\": 1}\n\n[2]\r\n3";
  put("object", lines);
  EXPECT_EQ(read(settings(ItemReader::InputType::kJsonLines)), "{\"a\":1}\n[2]\n3\n");
  const std::string path = (folder_ / "bucket" / "object.jsonl.gz").string();
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, lines.data(), static_cast<unsigned>(lines.size()));
  gzclose(file);
  EXPECT_EQ(read(settings(ItemReader::InputType::kJsonLines, "object.jsonl.gz")),
            "{\"a\":1}\n[2]\n3\n");
}

TEST_F(ItemStreams, ListingsAndWhatTheyList) {
  store_ = FolderObjectStore(folder_.string());
  put("in/1.jsonl", "1\n2\n");
  put("in/2.jsonl", "3\n");
  put("other", "4\n");
  ReaderSettings listing = settings(ItemReader::InputType::kNone, "");
  listing.source = ItemReader::Source::kListing;
  listing.prefix = "in/";
  const std::string items = read(listing);
  EXPECT_NE(items.find("\"Key\":\"in/1.jsonl\",\"Size\":4,\"StorageClass\":\"STANDARD\"}"),
            std::string::npos)
      << items;
  EXPECT_EQ(std::count(items.begin(), items.end(), '\n'), 2);
  EXPECT_TRUE(std::regex_search(items, std::regex(R"("LastModified":1\.\d+E9,)"))) << items;
  listing.transformation = ItemReader::Transformation::kLoadAndFlatten;
  listing.input_type = ItemReader::InputType::kJsonLines;
  EXPECT_EQ(read(listing), "1\n2\n3\n");
}

TEST_F(ItemStreams, Manifests) {
  store_ = FolderObjectStore(folder_.string());
  put("data/a.csv", "bucket,one,1\n");
  put("data/b.csv", "bucket,two,2\n");
  put("manifest.json", R"({"fileFormat":"CSV","fileSchema":"Bucket, Key, Size",)"
                       R"("destinationBucket":"arn:aws:s3:::bucket",)"
                       R"("files":[{"key":"data/a.csv"},{"key":"data/b.csv"}]})");
  EXPECT_EQ(read(settings(ItemReader::InputType::kManifest, "manifest.json")),
            "{\"Bucket\":\"bucket\",\"Size\":\"1\",\"Key\":\"one\"}\n"
            "{\"Bucket\":\"bucket\",\"Size\":\"2\",\"Key\":\"two\"}\n");
  put("lines", "s3://bucket/l/1\ns3://bucket/l/2\n");
  put("l/1", "1\n");
  put("l/2", "2\n3\n");
  ReaderSettings athena = settings(ItemReader::InputType::kJsonLines, "lines");
  athena.manifest_type = ItemReader::ManifestType::kAthena;
  EXPECT_EQ(read(athena), "1\n2\n3\n");
}

TEST_F(ItemStreams, WhatIsNotThere) {
  store_ = FolderObjectStore(folder_.string());
  EXPECT_EQ(read(settings(ItemReader::InputType::kJson, "nothing")),
            "! The specified key does not exist.");
  EXPECT_EQ(read(settings(ItemReader::InputType::kJson, "../bucket/object")),
            "! The specified key does not exist.");
  ReaderSettings elsewhere = settings(ItemReader::InputType::kJson);
  elsewhere.bucket = "..";
  EXPECT_EQ(read(elsewhere), "! The specified bucket does not exist");
  ReaderSettings negative = settings(ItemReader::InputType::kJson);
  negative.items_max = -1;
  EXPECT_EQ(read(negative), "! field MaxItems must be positive");
}

}  // namespace
}  // namespace pawl::objects
