#include "jsonpath/java.h"

#include <algorithm>
#include <charconv>

#include "json/number.h"
#include "json/writer.h"

namespace pawl::jsonpath::java {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }
bool leads_four(char byte) { return static_cast<unsigned char>(byte) >= 0xF0; }

// Strings whose characters all lie below U+0100 are kept one byte a character, and that class of
// the JDK words its complaint differently.
bool is_latin1(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char byte) { return static_cast<unsigned char>(byte) >= 0xC4; });
}

// Numbers as Integer, Long, BigInteger or Double print themselves.
std::string number_text(std::string_view source) {
  if (!json::is_integral_text(source)) return json::java_double_text(json::to_double(source));
  return source == "-0" ? "0" : std::string(source);
}

class Printer {
 public:
  explicit Printer(Notation notation) : json_(notation == Notation::kJackson) {}

  std::string take() { return std::move(out_); }

  void value(json::Node node) {
    switch (node.kind()) {
      case json::Kind::kNull:
        out_ += "null";
        return;
      case json::Kind::kBoolean:
        out_ += node.boolean() ? "true" : "false";
        return;
      case json::Kind::kNumber:
        out_ += number_text(node.number_text());
        return;
      case json::Kind::kString:
        string(node.string());
        return;
      case json::Kind::kArray:
        array(node);
        return;
      case json::Kind::kObject:
        object(node);
        return;
    }
  }

 private:
  void string(std::string_view text) {
    if (json_) {
      json::print_string_to(text, out_);
    } else {
      out_ += text;
    }
  }

  void array(json::Node node) {
    out_ += '[';
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (i > 0) out_ += json_ ? "," : ", ";
      value(node.at(i));
    }
    out_ += ']';
  }

  void object(json::Node node) {
    out_ += '{';
    for (std::size_t i = 0; i < node.size(); ++i) {
      if (i > 0) out_ += json_ ? "," : ", ";
      string(node.member(i).key.string());
      out_ += json_ ? ':' : '=';
      value(node.member(i).value);
    }
    out_ += '}';
  }

  bool json_;
  std::string out_;
};

}  // namespace

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char byte : text) {
    if (!is_continuation(byte)) units += leads_four(byte) ? 2 : 1;
  }
  return units;
}

Exception no_char_at(std::string_view text, std::ptrdiff_t at) {
  const std::ptrdiff_t unit =
      at < 0
          ? at
          : static_cast<std::ptrdiff_t>(utf16_length(text.substr(0, static_cast<std::size_t>(at))) +
                                        (static_cast<std::size_t>(at) > text.size()
                                             ? static_cast<std::size_t>(at) - text.size()
                                             : 0));
  const std::string name = "java.lang.StringIndexOutOfBoundsException: ";
  if (is_latin1(text)) return {name + "String index out of range: " + std::to_string(unit)};
  return {name + "index " + std::to_string(unit) + ", length " +
          std::to_string(utf16_length(text))};
}

Exception no_substring(std::string_view text, std::size_t begin, std::size_t end) {
  return {"java.lang.StringIndexOutOfBoundsException: begin " +
          std::to_string(utf16_length(text.substr(0, begin))) + ", end " +
          std::to_string(utf16_length(text.substr(0, end))) + ", length " +
          std::to_string(utf16_length(text))};
}

Exception unsupported_operation(std::string_view message) {
  return {"java.lang.UnsupportedOperationException: " + std::string(message)};
}

Exception invalid_path(std::string_view message) {
  return {"com.jayway.jsonpath.InvalidPathException: " + std::string(message)};
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char byte) { return static_cast<unsigned char>(byte) <= ' '; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Result<std::int32_t, Exception> parse_int(std::string_view text) {
  std::int32_t value = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error == std::errc() && end == last) return value;
  return Err{Exception{"java.lang.NumberFormatException: For input string: \"" + std::string(text) +
                       "\""}};
}

// UTF-8 keeps the order of code points; UTF-16 puts those above U+FFFF, as surrogates, before
// U+E000.
int compare(std::string_view left, std::string_view right) {
  const auto [first, second] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (first == left.end() || second == right.end()) {
    return left.size() == right.size() ? 0 : left.size() < right.size() ? -1 : 1;
  }
  const auto one = static_cast<unsigned char>(*first);
  const auto other = static_cast<unsigned char>(*second);
  if (leads_four(*first) != leads_four(*second)) {
    if (leads_four(*first) && other >= 0xEE) return -1;
    if (leads_four(*second) && one >= 0xEE) return 1;
  }
  return one < other ? -1 : 1;
}

std::string text_of(json::Node value, Notation notation) {
  if (value.is_string()) return std::string(value.string());
  Printer printer(notation);
  printer.value(value);
  return printer.take();
}

std::string text_of_wrapped(json::Node value) {
  Printer printer(Notation::kJackson);
  printer.value(value);
  return printer.take();
}

}  // namespace pawl::jsonpath::java
