#include "objects/item_stream.h"

#include <charconv>
#include <deque>

#include "json/number.h"
#include "json/value.h"
#include "json/writer.h"
#include "objects/file_items.h"

namespace pawl::objects {
namespace {

using asl::ItemReader;
using machine::Fault;
using machine::ReaderSettings;

constexpr std::size_t kListingPage = 1'000;

std::uint64_t number_from(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// A bucket's listing, a page at a time; its position is the last key.
class Listing {
 public:
  Listing(ObjectStore& store, const ReaderSettings& settings, std::string after)
      : store_(store),
        bucket_(settings.bucket),
        prefix_(settings.prefix),
        after_(std::move(after)) {}

  Result<std::optional<ObjectInfo>, Fault> next() {
    if (page_.empty() && !ended_) {
      auto listed = store_.list(bucket_, prefix_, after_, kListingPage);
      if (!listed.ok()) return Err{item_reader_failed(listed.error())};
      ended_ = listed->size() < kListingPage;
      page_.assign(listed->begin(), listed->end());
    }
    if (page_.empty()) return std::optional<ObjectInfo>();
    ObjectInfo object = std::move(page_.front());
    page_.pop_front();
    after_ = object.key;
    return std::optional(std::move(object));
  }

 private:
  ObjectStore& store_;
  const std::string bucket_;
  const std::string prefix_;
  std::string after_;
  std::deque<ObjectInfo> page_;
  bool ended_ = false;
};

// One item an object, in the order of members that the service has.
class ListingItems final : public ItemStream {
 public:
  ListingItems(ObjectStore& store, const ReaderSettings& settings, const std::string& position)
      : listing_(store, settings, position) {}

  Result<std::optional<StreamItem>, Fault> next() override {
    const auto object = TRY(listing_.next());
    if (!object) return std::optional<StreamItem>();
    std::string text;
    json::Writer out(text);
    out.begin_object().key("Etag").string(object->etag);
    // Epoch seconds as Java prints a double: 1.789180622E9.
    out.key("LastModified")
        .raw(json::java_double_text(static_cast<double>(object->last_modified / 1'000)));
    out.key("Key").string(object->key);
    out.key("Size").integer(static_cast<std::int64_t>(object->size));
    out.key("StorageClass").string("STANDARD").end_object();
    return std::optional(StreamItem{std::move(text), object->key});
  }

 private:
  Listing listing_;
};

// The objects of a chain, in order.
struct ChainLink {
  std::string bucket;
  std::string key;
  std::string mark;  // finds the link again
};

// The items of many objects after each other. A position is "mark\noffset".
class ChainedItems : public ItemStream {
 public:
  ChainedItems(ObjectStore& store, ReaderSettings file) : store_(store), file_(std::move(file)) {}

  Result<std::optional<StreamItem>, Fault> next() override {
    for (;;) {
      if (!items_) {
        link_ = TRY(next_link());
        if (!link_) return std::optional<StreamItem>();
        items_ = TRY(open_file({store_, link_->bucket, link_->key, start_}, file_));
        start_ = 0;
      }
      auto item = TRY(items_->next());
      if (item) {
        item->position = link_->mark + '\n' + item->position;
        item->source = "S3://" + link_->bucket + "/" + link_->key;
        return item;
      }
      items_.reset();
    }
  }

 protected:
  virtual Result<std::optional<ChainLink>, Fault> next_link() = 0;
  ObjectStore& store() { return store_; }
  // Where to go on inside the first link.
  void start_at(std::uint64_t offset) { start_ = offset; }

 private:
  ObjectStore& store_;
  const ReaderSettings file_;
  std::optional<ChainLink> link_;
  std::unique_ptr<ItemStream> items_;
  std::uint64_t start_ = 0;
};

struct ChainPosition {
  std::string mark;
  std::uint64_t offset = 0;
};

ChainPosition chain_position(const std::string& position) {
  const std::size_t line = position.rfind('\n');
  if (line == std::string::npos) return {};
  return {position.substr(0, line), number_from(std::string_view(position).substr(line + 1))};
}

// LOAD_AND_FLATTEN: the items of every listed object.
class FlattenedListing final : public ChainedItems {
 public:
  FlattenedListing(ObjectStore& store, const ReaderSettings& settings, const std::string& position)
      : ChainedItems(store, settings), bucket_(settings.bucket) {
    const ChainPosition at = chain_position(position);
    if (!at.mark.empty()) first_ = ChainLink{bucket_, at.mark, at.mark};
    start_at(at.offset);
    listing_.emplace(store, settings, at.mark);
  }

 protected:
  Result<std::optional<ChainLink>, Fault> next_link() override {
    if (first_) return std::exchange(first_, std::nullopt);
    for (;;) {
      const auto object = TRY(listing_->next());
      if (!object) return std::optional<ChainLink>();
      // A folder's marker holds nothing.
      if (object->size == 0) continue;
      return std::optional(ChainLink{bucket_, object->key, object->key});
    }
  }

 private:
  const std::string bucket_;
  std::optional<ChainLink> first_;
  std::optional<Listing> listing_;
};

// The data files that a manifest names.
class ManifestItems final : public ChainedItems {
 public:
  ManifestItems(ObjectStore& store, ReaderSettings file, std::vector<ChainLink> links,
                const std::string& position)
      : ChainedItems(store, std::move(file)), links_(std::move(links)) {
    const ChainPosition at = chain_position(position);
    next_ = static_cast<std::size_t>(number_from(at.mark));
    start_at(at.offset);
  }

 protected:
  Result<std::optional<ChainLink>, Fault> next_link() override {
    if (next_ >= links_.size()) return std::optional<ChainLink>();
    ChainLink link = links_[next_];
    link.mark = std::to_string(next_++);
    return std::optional(std::move(link));
  }

 private:
  const std::vector<ChainLink> links_;
  std::size_t next_ = 0;
};

Result<std::string, Fault> whole_object(ObjectStore& store, const std::string& bucket,
                                        const std::string& key) {
  constexpr std::size_t kManifestBytesMax = 64u << 20;
  auto bytes = store.read(bucket, key, 0, kManifestBytesMax);
  if (!bytes.ok()) return Err{item_reader_failed(bytes.error())};
  return std::move(bytes).value();
}

Fault bad_manifest() { return item_reader_failed("The manifest is not valid."); }

std::vector<std::string> split_schema(std::string_view schema) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < schema.size();) {
    const std::size_t end = std::min(schema.find(',', begin), schema.size());
    std::string_view name = schema.substr(begin, end - begin);
    while (name.starts_with(' ')) name.remove_prefix(1);
    names.emplace_back(name);
    begin = end + 1;
  }
  return names;
}

std::string text_of(json::Node object, std::string_view name) {
  const json::Node* value = object.find(name);
  return value != nullptr && value->is_string() ? std::string(value->string()) : std::string();
}

// S3 Inventory: a manifest.json that names CSV files without a header row.
OpenedItems open_inventory(ObjectStore& store, const ReaderSettings& settings,
                           const std::string& position) {
  const auto manifest = json::Value::parse(TRY(whole_object(store, settings.bucket, settings.key)));
  if (!manifest.ok()) return Err{bad_manifest()};
  const json::Node root = manifest->root();
  const json::Node* files = root.find("files");
  if (files == nullptr || text_of(root, "fileFormat") != "CSV") return Err{bad_manifest()};
  std::string bucket = text_of(root, "destinationBucket");
  bucket.erase(0, bucket.rfind(':') + 1);
  if (bucket.empty()) bucket = settings.bucket;
  std::vector<ChainLink> links;
  for (const json::Node& file : *files) links.push_back({bucket, text_of(file, "key"), {}});
  ReaderSettings file = settings;
  file.input_type = ItemReader::InputType::kCsv;
  file.csv_headers = split_schema(text_of(root, "fileSchema"));
  return std::unique_ptr<ItemStream>(
      std::make_unique<ManifestItems>(store, std::move(file), std::move(links), position));
}

// Athena: a list of `s3://bucket/key`, one a line.
OpenedItems open_athena(ObjectStore& store, const ReaderSettings& settings,
                        const std::string& position) {
  constexpr std::string_view kScheme = "s3://";
  const std::string manifest = TRY(whole_object(store, settings.bucket, settings.key));
  std::vector<ChainLink> links;
  for (std::size_t begin = 0; begin < manifest.size();) {
    const std::size_t end = std::min(manifest.find('\n', begin), manifest.size());
    std::string line = manifest.substr(begin, end - begin);
    std::erase_if(line, [](char byte) { return byte == '"' || byte == '\r'; });
    begin = end + 1;
    if (line.empty()) continue;
    const std::size_t slash = line.find('/', kScheme.size());
    if (!line.starts_with(kScheme) || slash == std::string::npos) return Err{bad_manifest()};
    links.push_back(
        {line.substr(kScheme.size(), slash - kScheme.size()), line.substr(slash + 1), {}});
  }
  return std::unique_ptr<ItemStream>(
      std::make_unique<ManifestItems>(store, settings, std::move(links), position));
}

}  // namespace

Fault item_reader_failed(std::string cause) {
  return {.error = "States.ItemReaderFailed", .cause = std::move(cause)};
}

Fault item_reader_failed(const ObjectError& error) { return item_reader_failed(error.message); }

std::string source_of(const ReaderSettings& settings) {
  const std::string bucket = "S3://" + settings.bucket;
  return settings.source == ItemReader::Source::kListing ? bucket : bucket + "/" + settings.key;
}

OpenedItems open_file(const FilePlace& place, const ReaderSettings& settings) {
  if (place.key.ends_with(".zst") || place.key.ends_with(".zstd")) {
    return Err{item_reader_failed("Compression zstd of '" + place.key +
                                  "' is not supported by this server; gzip is.")};
  }
  switch (settings.input_type) {
    case ItemReader::InputType::kCsv:
      return open_csv(place, settings.csv_delimiter, settings.csv_headers);
    case ItemReader::InputType::kJson:
      return open_json(place, settings.items_pointer);
    case ItemReader::InputType::kJsonLines:
      return open_json_lines(place);
    case ItemReader::InputType::kNone:
    case ItemReader::InputType::kManifest:
    case ItemReader::InputType::kParquet:
      break;
  }
  const bool parquet = settings.input_type == ItemReader::InputType::kParquet;
  return Err{item_reader_failed(parquet ? "InputType PARQUET is not supported by this server."
                                        : "This InputType has no items of its own.")};
}

OpenedItems open_items(ObjectStore& store, const ReaderSettings& settings,
                       const std::string& position) {
  if (settings.items_max < 0) return Err{item_reader_failed("field MaxItems must be positive")};
  const bool flatten = settings.transformation == ItemReader::Transformation::kLoadAndFlatten;
  if (settings.source == ItemReader::Source::kListing) {
    if (flatten) {
      return std::unique_ptr<ItemStream>(
          std::make_unique<FlattenedListing>(store, settings, position));
    }
    return std::unique_ptr<ItemStream>(std::make_unique<ListingItems>(store, settings, position));
  }
  if (settings.manifest_type == ItemReader::ManifestType::kAthena) {
    return open_athena(store, settings, position);
  }
  if (settings.input_type == ItemReader::InputType::kManifest) {
    return open_inventory(store, settings, position);
  }
  return open_file({store, settings.bucket, settings.key, number_from(position)}, settings);
}

}  // namespace pawl::objects
