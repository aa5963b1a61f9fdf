// JSON arrays, objects, and lines of JSON, one element at a time: the document is never in memory
// whole.
#include <charconv>

#include "json/value.h"
#include "objects/file_items.h"

namespace pawl::objects {
namespace {

constexpr std::size_t kItemBytesMax = 8u << 20;

machine::Fault malformed() { return item_reader_failed("The object is not valid JSON."); }

// Finds where values begin and end; what is inside is parsed afterwards.
class JsonScanner {
 public:
  explicit JsonScanner(const FilePlace& place) : bytes_(place.store, place.bucket, place.key) {}

  ByteStream& bytes() { return bytes_; }

  Result<std::optional<char>, machine::Fault> peek() {
    auto byte = bytes_.peek();
    if (!byte.ok()) return Err{item_reader_failed(byte.error())};
    return *byte;
  }
  // The first byte that is no blank; it is not taken.
  Result<std::optional<char>, machine::Fault> peek_token() {
    for (;;) {
      const auto byte = TRY(peek());
      if (!byte || (*byte != ' ' && *byte != '\n' && *byte != '\r' && *byte != '\t')) return byte;
      bytes_.advance();
    }
  }
  Result<bool, machine::Fault> take(char wanted) {
    if (TRY(peek_token()) != wanted) return false;
    bytes_.advance();
    return true;
  }

  // The text of the value that begins here.
  Result<std::string, machine::Fault> value() {
    std::string text;
    const auto first = TRY(peek_token());
    if (!first) return Err{malformed()};
    if (*first == '"') {
      TRY(string_into(text));
      return text;
    }
    if (*first != '{' && *first != '[') return scalar();
    int depth = 0;
    for (auto byte = first; byte; byte = TRY(peek())) {
      if (*byte == '"') {
        TRY(string_into(text));
        continue;
      }
      text += *byte;
      bytes_.advance();
      if (text.size() > kItemBytesMax) return Err{item_reader_failed("An item is too large.")};
      if (*byte == '{' || *byte == '[') ++depth;
      if ((*byte == '}' || *byte == ']') && --depth == 0) return text;
    }
    return Err{malformed()};
  }

 private:
  Result<void, machine::Fault> string_into(std::string& text) {
    bool escaped = false;
    text += '"';
    bytes_.advance();
    for (auto byte = TRY(peek()); byte; byte = TRY(peek())) {
      text += *byte;
      bytes_.advance();
      if (text.size() > kItemBytesMax) return Err{item_reader_failed("An item is too large.")};
      if (!escaped && *byte == '"') return {};
      escaped = !escaped && *byte == '\\';
    }
    return Err{malformed()};
  }
  Result<std::string, machine::Fault> scalar() {
    constexpr std::string_view kEnds = ",]} \t\r\n";
    std::string text;
    for (auto byte = TRY(peek()); byte; byte = TRY(peek())) {
      if (kEnds.find(*byte) != std::string_view::npos) break;
      text += *byte;
      bytes_.advance();
      if (text.size() > kItemBytesMax) return Err{malformed()};
    }
    return text;
  }

  ByteStream bytes_;
};

Result<StreamItem, machine::Fault> item_of(std::string text, std::uint64_t position) {
  const auto parsed = json::Value::parse(std::move(text));
  if (!parsed.ok()) return Err{malformed()};
  return StreamItem{.text = json::print(parsed->root()), .position = std::to_string(position)};
}

class JsonItems final : public ItemStream {
 public:
  explicit JsonItems(const FilePlace& place) : scanner_(place), resumed_(place.position > 0) {}

  Result<void, machine::Fault> begin(const std::string& pointer, std::uint64_t position) {
    if (resumed_) {
      const auto moved = scanner_.bytes().seek(position);
      if (!moved.ok()) return Err{item_reader_failed(moved.error())};
      return {};
    }
    TRY(descend(pointer));
    if (TRY(scanner_.take('['))) close_ = ']';
    if (!close_ && TRY(scanner_.take('{'))) close_ = '}';
    if (close_) return {};
    return Err{item_reader_failed("Attempting to map over non-iterable node.")};
  }

  Result<std::optional<StreamItem>, machine::Fault> next() override {
    if (close_ != '}' && TRY(scanner_.take(']'))) return std::optional<StreamItem>();
    if (close_ != ']' && TRY(scanner_.take('}'))) return std::optional<StreamItem>();
    if (resumed_ && !TRY(scanner_.take(','))) return Err{malformed()};
    resumed_ = true;
    std::string text = TRY(scanner_.value());
    const bool member = close_ != ']' && text.starts_with('"') && TRY(scanner_.take(':'));
    if (close_ == '}' && !member) return Err{malformed()};
    std::optional<std::string> key;
    if (member) {
      const auto name = json::Value::parse(std::move(text));
      if (!name.ok()) return Err{malformed()};
      key = std::string(name->root().string());
      text = TRY(scanner_.value());
    }
    StreamItem item = TRY(item_of(std::move(text), scanner_.bytes().position()));
    item.key = std::move(key);
    return std::optional(std::move(item));
  }

 private:
  static machine::Fault no_such_path() {
    return item_reader_failed(
        "The provided ReaderConfig.ItemsPointer does not match any valid path in the JSON "
        "structure.");
  }

  Result<void, machine::Fault> descend(std::string_view pointer) {
    while (!pointer.empty()) {
      if (pointer.front() != '/') return Err{no_such_path()};
      const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
      const std::string token = unescaped(pointer.substr(1, end - 1));
      pointer.remove_prefix(end);
      const bool found = TRY(scanner_.take('{'))   ? TRY(find_member(token))
                         : TRY(scanner_.take('[')) ? TRY(find_element(token))
                                                   : false;
      if (!found) return Err{no_such_path()};
    }
    return {};
  }

  // RFC 6901: `~1` is a slash, `~0` a tilde.
  static std::string unescaped(std::string_view token) {
    std::string text;
    for (std::size_t i = 0; i < token.size(); ++i) {
      const bool escape = token[i] == '~' && i + 1 < token.size();
      text += escape ? (token[++i] == '1' ? '/' : '~') : token[i];
    }
    return text;
  }

  Result<bool, machine::Fault> find_member(const std::string& name) {
    while (!TRY(scanner_.take('}'))) {
      const auto key = json::Value::parse(TRY(scanner_.value()));
      if (!key.ok() || !key->root().is_string()) return Err{malformed()};
      if (!TRY(scanner_.take(':'))) return Err{malformed()};
      if (key->root().string() == name) return true;
      TRY(scanner_.value());
      TRY(scanner_.take(','));
      if (!TRY(scanner_.peek_token())) return Err{malformed()};
    }
    return false;
  }

  Result<bool, machine::Fault> find_element(const std::string& token) {
    std::size_t index = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), index);
    if (read.ec != std::errc() || read.ptr != token.data() + token.size()) return false;
    for (; index > 0; --index) {
      if (TRY(scanner_.peek_token()) == ']') return false;
      TRY(scanner_.value());
      if (!TRY(scanner_.take(','))) return false;
    }
    return TRY(scanner_.peek_token()) != ']';
  }

  JsonScanner scanner_;
  bool resumed_;  // an item stands before: a comma comes first
  // What ends the items; nothing after a resumption, when what follows an item tells it.
  std::optional<char> close_;
};

class JsonLines final : public ItemStream {
 public:
  explicit JsonLines(const FilePlace& place) : scanner_(place) {}

  Result<void, machine::Fault> begin(std::uint64_t position) {
    const auto moved = scanner_.bytes().seek(position);
    if (!moved.ok()) return Err{item_reader_failed(moved.error())};
    return {};
  }

  Result<std::optional<StreamItem>, machine::Fault> next() override {
    if (!TRY(scanner_.peek_token())) return std::optional<StreamItem>();
    std::string text;
    for (auto byte = TRY(scanner_.peek()); byte && *byte != '\n'; byte = TRY(scanner_.peek())) {
      text += *byte;
      scanner_.bytes().advance();
      if (text.size() > kItemBytesMax) return Err{item_reader_failed("An item is too large.")};
    }
    return std::optional(TRY(item_of(std::move(text), scanner_.bytes().position())));
  }

 private:
  JsonScanner scanner_;
};

}  // namespace

OpenedItems open_json(const FilePlace& place, const std::string& pointer) {
  auto items = std::make_unique<JsonItems>(place);
  TRY(items->begin(pointer, place.position));
  return std::unique_ptr<ItemStream>(std::move(items));
}

OpenedItems open_json_lines(const FilePlace& place) {
  auto items = std::make_unique<JsonLines>(place);
  TRY(items->begin(place.position));
  return std::unique_ptr<ItemStream>(std::move(items));
}

}  // namespace pawl::objects
