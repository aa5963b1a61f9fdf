// Compact printing, without recursion. What was compact in its source is copied.
#include <vector>

#include "json/escapes.h"
#include "json/value.h"
#include "json/writer.h"

namespace pawl::json {
namespace {

void put_unicode_escape(std::uint32_t unit, std::string& out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[unit >> shift & 0xF];
}

std::uint32_t surrogate_at(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  return 0xD000u | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
}

bool starts_with_surrogate(std::string_view text) {
  return text.size() >= 3 && text[0] == '\xED' && static_cast<unsigned char>(text[1]) >= 0xA0;
}

// A surrogate in WTF-8 prints as its escape; a pair that strings were joined to is a character.
std::size_t put_surrogate(std::string_view text, std::string& out) {
  const std::uint32_t unit = surrogate_at(text);
  const std::string_view rest = text.substr(3);
  if (unit < 0xDC00 && starts_with_surrogate(rest) && surrogate_at(rest) >= 0xDC00) {
    const std::uint32_t code = 0x10000 + ((unit - 0xD800) << 10) + (surrogate_at(rest) - 0xDC00);
    char bytes[4];
    out.append(bytes, put_utf8(code, bytes));
    return 6;
  }
  put_unicode_escape(unit, out);
  return 3;
}

// Answers how many bytes it took.
std::size_t put_escaped(std::string_view text, std::string& out) {
  const char first = text.front();
  switch (first) {
    case '"':
      out += "\\\"";
      return 1;
    case '\\':
      out += "\\\\";
      return 1;
    case '\b':
      out += "\\b";
      return 1;
    case '\f':
      out += "\\f";
      return 1;
    case '\n':
      out += "\\n";
      return 1;
    case '\r':
      out += "\\r";
      return 1;
    case '\t':
      out += "\\t";
      return 1;
    default:
      break;
  }
  if (starts_with_surrogate(text)) return put_surrogate(text, out);
  if (static_cast<unsigned char>(first) < 0x20) {
    put_unicode_escape(static_cast<unsigned char>(first), out);
  } else {
    out += first;
  }
  return 1;
}

}  // namespace

void print_string_to(std::string_view text, std::string& out) {
  out += '"';
  for (;;) {
    const std::size_t plain = plain_prefix(text);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    text.remove_prefix(put_escaped(text, out));
  }
  out += '"';
}

class Printer {
 public:
  explicit Printer(std::string& out) : out_(out) {}

  void run(Node root) {
    begin(root);
    while (!open_.empty()) {
      Frame& frame = open_.back();
      if (frame.next == frame.node.size()) {
        out_ += frame.node.is_array() ? ']' : '}';
        open_.pop_back();
        continue;
      }
      if (frame.next > 0) out_ += ',';
      if (frame.node.is_array()) {
        begin(frame.node.at(frame.next++));
      } else {
        const Member& member = frame.node.member(frame.next++);
        put_string(member.key);
        out_ += ':';
        begin(member.value);
      }
    }
  }

 private:
  struct Frame {
    Node node;
    std::size_t next;
  };

  // Prints a scalar or what is compact already; opens any other container.
  void begin(Node node) {
    switch (node.kind()) {
      case Kind::kNull:
        out_ += "null";
        return;
      case Kind::kBoolean:
        out_ += node.boolean() ? "true" : "false";
        return;
      case Kind::kNumber:
        out_ += node.number_text();
        return;
      case Kind::kString:
        put_string(node);
        return;
      case Kind::kArray:
      case Kind::kObject:
        break;
    }
    if (node.flags_ & Node::kCompactSource) {
      const Node* header = node.elements_ - 1;
      out_.append(header->text_, header->size_);
      return;
    }
    out_ += node.is_array() ? '[' : '{';
    open_.push_back({node, 0});
  }

  void put_string(Node node) {
    if (!(node.flags_ & Node::kPlain)) return print_string_to(node.string(), out_);
    out_ += '"';
    out_ += node.string();
    out_ += '"';
  }

  std::string& out_;
  std::vector<Frame> open_;
};

void print_to(Node node, std::string& out) { Printer(out).run(node); }

std::string print(Node node) {
  std::string out;
  print_to(node, out);
  return out;
}

}  // namespace pawl::json
