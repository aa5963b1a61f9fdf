// Value: counting, and the one parse of a Document.
#include <mutex>
#include <utility>

#include "json/parser.h"
#include "json/value.h"

namespace pawl::json {

// Immutable once made; `tree` is filled by the first root().
class Document {
 public:
  explicit Document(std::string text) : text_(std::move(text)) {}

  std::string_view text() const { return text_; }

  Node root() {
    std::call_once(parsed_, [this] {
      const std::optional<Node> node = parse_json(arena_, text_, kAnyDepth);
      ENSURE(node.has_value(), "trusted text is not JSON");
      root_ = *node;
    });
    return root_;
  }

  // Before the Document is shared: parses text that nobody has checked yet.
  bool parse_untrusted() {
    bool valid = false;
    std::call_once(parsed_, [this, &valid] {
      const std::optional<Node> node = parse_json(arena_, text_, kDepthMax);
      valid = node.has_value();
      if (valid) root_ = *node;
    });
    return valid;
  }

  void retain() { owners_.fetch_add(1, std::memory_order_relaxed); }
  // Whether the caller was the last owner.
  bool release() { return owners_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

 private:
  std::atomic<std::uint32_t> owners_ = 1;
  std::once_flag parsed_;
  Node root_;
  Arena arena_;
  const std::string text_;
};

// The document `null` is no Document at all: most variables of most runs hold it.
Value::Value() : document_(nullptr) {}

Value::Value(const Value& other) : document_(other.document_) {
  if (document_ != nullptr) document_->retain();
}

Value::Value(Value&& other) noexcept : document_(std::exchange(other.document_, nullptr)) {}

Value& Value::operator=(Value other) noexcept {
  std::swap(document_, other.document_);
  return *this;
}

Value::~Value() {
  if (document_ != nullptr && document_->release()) delete document_;
}

Result<Value, ParseError> Value::parse(std::string text) {
  Value value(new Document(std::move(text)));
  if (!value.document_->parse_untrusted()) return Err{diagnose(value.text())};
  return value;
}

Value Value::trusted(std::string text) {
  if (text == "null") return Value();
  return Value(new Document(std::move(text)));
}

Value Value::of(Node node) { return trusted(print(node)); }

std::string_view Value::text() const {
  return document_ == nullptr ? std::string_view("null") : document_->text();
}

Node Value::root() const { return document_ == nullptr ? Node() : document_->root(); }

Result<Node, ParseError> parse_into(Arena& arena, std::string_view text) {
  if (const std::optional<Node> node = parse_json(arena, text, kDepthMax)) return *node;
  return Err{diagnose(text)};
}

}  // namespace pawl::json
