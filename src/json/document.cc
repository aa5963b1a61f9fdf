// Value: counting, and the one parse of a Document.
#include <atomic>
#include <optional>
#include <string>
#include <utility>

#include "json/parser.h"
#include "json/selection.h"
#include "json/value.h"

namespace pawl::json {

// Immutable once made; the nodes are made by the first root().
class Document {
 public:
  explicit Document(std::string text) : text_(std::move(text)) {}

  std::string_view text() const { return text_; }

  Node root() {
    if (state_.load(std::memory_order_acquire) != State::kParsed) parse_once();
    return root_;
  }

  // Parses text that nobody has checked yet, before the Document is shared.
  bool parse_untrusted() {
    const std::optional<Node> node = parse_json(arena_, text_, kDepthMax);
    if (!node) return false;
    root_ = *node;
    state_.store(State::kParsed, std::memory_order_release);
    return true;
  }

  void retain() { owners_.fetch_add(1, std::memory_order_relaxed); }
  // Whether the caller was the last owner.
  bool release() { return owners_.fetch_sub(1, std::memory_order_acq_rel) == 1; }

 private:
  enum class State : std::uint32_t { kText, kParsing, kParsed };

  // The first thread parses, others wait for it.
  void parse_once() {
    State state = State::kText;
    if (!state_.compare_exchange_strong(state, State::kParsing, std::memory_order_acquire)) {
      state_.wait(State::kParsing, std::memory_order_acquire);
      return;
    }
    const std::optional<Node> node = parse_json(arena_, text_, kAnyDepth);
    ENSURE(node.has_value(), "trusted text is not JSON");
    root_ = *node;
    state_.store(State::kParsed, std::memory_order_release);
    state_.notify_all();
  }

  std::atomic<std::uint32_t> owners_ = 1;
  std::atomic<State> state_ = State::kText;
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

Result<Node, ParseError> parse_into(Arena& arena, std::string_view text, const Selection& wanted) {
  if (const std::optional<Node> node = parse_json(arena, text, kDepthMax, wanted)) return *node;
  return Err{diagnose(text)};
}

}  // namespace pawl::json
