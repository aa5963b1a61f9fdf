// JSON values, the only value type from the HTTP body to the stored event (decision D8).
//
// A `Node` (json/node.h) points into an Arena or a Document and lives within one step. A `Value` is
// a counted, immutable Document (its text, and the nodes parsed from that text on first use) and
// may be kept, queued and shared between threads. A Document never refers to another, so what a
// Value pins is exactly its own text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/arena.h"
#include "json/node.h"

namespace pawl::json {

struct ParseError {
  std::string message;     // in Jackson's words, which AWS shows
  std::size_t offset = 0;  // bytes of the text that Jackson had read when it gave up
  std::size_t line = 1;    // 1-based
  std::size_t column = 1;  // 1-based, as Jackson counts
};

// Where the error is, as Jackson says it behind the message:
// `[Source: (String)"not a definition"; line: 1, column: 4]`. `text` is the text that was parsed.
std::string source_location(std::string_view text, const ParseError& error);

// Deepest nesting that parse accepts.
inline constexpr int kDepthMax = 1'000;

// Compact text: no blanks, `"` `\` and control characters escaped, everything else as it is.
std::string print(Node node);
void print_to(Node node, std::string& out);

class Document;

// A counted reference to an immutable Document; cheap to copy, thread-safe to share.
class Value {
 public:
  // The document `null`.
  Value();
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(Value other) noexcept;
  ~Value();

  // Checks that `text` is one JSON text in valid UTF-8 and keeps it as it is, blanks included.
  static Result<Value, ParseError> parse(std::string text);
  // `text` is known to be JSON: printed by us, or parsed before. Parsed on first use of root().
  static Value trusted(std::string text);
  // Prints the node; the new Document shares nothing with what the node points into.
  static Value of(Node node);

  std::string_view text() const;
  std::size_t bytes() const { return text().size(); }
  // Lives as long as this Document. Thread-safe.
  Node root() const;

  // The same document text. (Deep equality is equal(a.root(), b.root()).)
  friend bool operator==(const Value& left, const Value& right) {
    return left.text() == right.text();
  }
  // Whether both share one Document.
  bool same_document(const Value& other) const { return document_ == other.document_; }

 private:
  explicit Value(Document* document) : document_(document) {}
  Document* document_;
};

// Parses into `arena`; `text` must outlive the arena's nodes.
Result<Node, ParseError> parse_into(Arena& arena, std::string_view text);

}  // namespace pawl::json
