// CSV as the service reads it: RFC 4180 with other delimiters, and backslashes that escape
// themselves, quotes and the delimiter, and vanish before anything else (step-functions.md B6.9).
#include <algorithm>

#include "asl/java_hash.h"
#include "json/writer.h"
#include "objects/file_items.h"

namespace pawl::objects {
namespace {

using Row = std::vector<std::string>;
constexpr std::size_t kRowBytesMax = 8u << 20;

class CsvItems final : public ItemStream {
 public:
  CsvItems(const FilePlace& place, char delimiter)
      : bytes_(place.store, place.bucket, place.key), delimiter_(delimiter) {}

  Result<void, machine::Fault> begin(const std::optional<Row>& given, std::uint64_t position) {
    if (given) {
      headers_ = *given;
    } else if (auto first = TRY(read_row())) {
      headers_ = *std::move(first);
    }
    for (const std::string& header : headers_) {
      if (std::count(headers_.begin(), headers_.end(), header) > 1) {
        return Err{item_reader_failed("CSV headers cannot contain duplicates.")};
      }
    }
    order_ = asl::java_hash_order({headers_.begin(), headers_.end()});
    if (position == 0) return {};
    const auto moved = bytes_.seek(position);
    if (!moved.ok()) return Err{item_reader_failed(moved.error())};
    return {};
  }

  Result<std::optional<StreamItem>, machine::Fault> next() override {
    const std::optional<Row> row = TRY(read_row());
    if (!row) return std::optional<StreamItem>();
    std::string text;
    json::Writer out(text);
    out.begin_object();
    for (const std::size_t column : order_) {
      out.key(headers_[column]);
      out.string(column < row->size() ? (*row)[column] : std::string());
    }
    out.end_object();
    return std::optional(StreamItem{std::move(text), std::to_string(bytes_.position())});
  }

 private:
  Result<std::optional<char>, machine::Fault> peek() {
    auto byte = bytes_.peek();
    if (!byte.ok()) return Err{item_reader_failed(byte.error())};
    return *byte;
  }

  // Empty lines are no rows.
  Result<std::optional<Row>, machine::Fault> read_row() {
    for (;;) {
      const auto first = TRY(peek());
      if (!first) return std::optional<Row>();
      if (*first != '\n' && *first != '\r') break;
      bytes_.advance();
    }
    Row row;
    std::size_t size = 0;
    for (;;) {
      row.emplace_back();
      const bool last = TRY(read_field(row.back()));
      size += row.back().size() + sizeof(std::string);
      if (size > kRowBytesMax) return Err{item_reader_failed("A CSV row is too long.")};
      if (last) break;
    }
    if (row.front().starts_with(kByteOrderMark)) row.front().erase(0, kByteOrderMark.size());
    return std::optional(std::move(row));
  }

  // Whether the row ends behind the field.
  Result<bool, machine::Fault> read_field(std::string& field) {
    bool quoted = false;
    for (auto byte = TRY(peek()); byte; byte = TRY(peek())) {
      bytes_.advance();
      if (*byte == '\\') {
        TRY(read_escaped(field));
      } else if (*byte == '"' && quoted) {
        const auto next = TRY(peek());
        quoted = next == '"';
        if (quoted) {
          field += '"';
          bytes_.advance();
        }
      } else if (*byte == '"' && field.empty()) {
        quoted = true;
      } else if (!quoted && *byte == delimiter_) {
        return false;
      } else if (!quoted && (*byte == '\n' || *byte == '\r')) {
        if (*byte == '\r' && TRY(peek()) == '\n') bytes_.advance();
        return true;
      } else {
        field += *byte;
      }
      if (field.size() > kRowBytesMax) return true;
    }
    return true;
  }

  Result<void, machine::Fault> read_escaped(std::string& field) {
    const auto next = TRY(peek());
    if (!next || (*next != '\\' && *next != '"' && *next != delimiter_)) return {};
    field += *next;
    bytes_.advance();
    return {};
  }

  static constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

  ByteStream bytes_;
  const char delimiter_;
  Row headers_;
  std::vector<std::size_t> order_;  // of the members: as the service's hash maps iterate
};

}  // namespace

OpenedItems open_csv(const FilePlace& place, char delimiter,
                     const std::optional<std::vector<std::string>>& headers) {
  auto items = std::make_unique<CsvItems>(place, delimiter);
  TRY(items->begin(headers, place.position));
  return std::unique_ptr<ItemStream>(std::move(items));
}

}  // namespace pawl::objects
