#include "jsonpath/java_regex.h"

#include <array>
#include <cstdint>
#include <utility>

namespace pawl::jsonpath {
namespace {

// POSIX classes of java.util.regex.Pattern; ASCII only, as there.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kPosix{{
    {"Lower", "a-z"},
    {"Upper", "A-Z"},
    {"ASCII", "\\x{00}-\\x{7f}"},
    {"Alpha", "a-zA-Z"},
    {"Digit", "0-9"},
    {"Alnum", "a-zA-Z0-9"},
    {"Punct", "!-/:-@\\[-`{-~"},
    {"Graph", "!-~"},
    {"Print", " -~"},
    {"Blank", " \\t"},
    {"Cntrl", "\\x{00}-\\x{1f}\\x{7f}"},
    {"XDigit", "0-9a-fA-F"},
    {"Space", " \\t\\n\\x{0b}\\f\\r"},
}};

int hex_value(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) {
    const int nibble = digit >= '0' && digit <= '9'   ? digit - '0'
                       : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                       : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                                      : -1;
    if (nibble < 0) return -1;
    value = value * 16 + nibble;
  }
  return value;
}

class Translator {
 public:
  Translator(std::string_view expression, Letters letters)
      : text_(expression), fold_ascii_only_(letters == Letters::kEitherCase) {}

  std::string translate() {
    while (at_ < text_.size()) one();
    return std::move(out_);
  }

 private:
  void one() {
    const char current = text_[at_];
    if (current == '\\') {
      escape();
    } else if (static_cast<unsigned char>(current) >= 0x80 && !in_class_ && fold_ascii_only_) {
      other_letter();
    } else {
      if (in_class_ && current == '[') out_ += '\\';
      if (current == '[') in_class_ = true;
      if (current == ']') in_class_ = false;
      out_ += current;
      ++at_;
    }
  }

  // Java's CASE_INSENSITIVE knows the cases of ASCII letters only.
  void other_letter() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && (static_cast<unsigned char>(text_[end]) & 0xC0) == 0x80) ++end;
    out_ += "(?-i:";
    out_ += text_.substr(at_, end - at_);
    out_ += ')';
    at_ = end;
  }

  void escape() {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (kind == 'Q') return quotation();
    if (kind == 'u') return unit();
    if (kind == '0') return octal();
    if ((kind == 'p' || kind == 'P') && property(kind == 'P')) return;
    out_ += text_.substr(at_, 2);
    at_ += 2;
  }

  void quotation() {
    const std::size_t end = text_.find("\\E", at_);
    const std::size_t length = end == std::string_view::npos ? text_.size() - at_ : end + 2 - at_;
    out_ += text_.substr(at_, length);
    at_ += length;
  }

  // \uXXXX, two of them for a character beyond U+FFFF.
  void unit() {
    const int high = text_.size() >= at_ + 6 ? hex_value(text_.substr(at_ + 2, 4)) : -1;
    if (high < 0) {
      out_ += "\\u";
      at_ += 2;
      return;
    }
    at_ += 6;
    int code_point = high;
    if (high >= 0xD800 && high < 0xDC00 && text_.substr(at_, 2) == "\\u" &&
        text_.size() >= at_ + 6) {
      const int low = hex_value(text_.substr(at_ + 2, 4));
      if (low >= 0xDC00 && low < 0xE000) {
        code_point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        at_ += 6;
      }
    }
    code(code_point);
  }

  // \0n, \0nn, \0mnn
  void octal() {
    at_ += 2;
    int value = 0;
    for (int digits = 0; digits < 3 && at_ < text_.size(); ++digits) {
      const char digit = text_[at_];
      if (digit < '0' || digit > '7' || value * 8 > 0377 - 7) break;
      value = value * 8 + (digit - '0');
      ++at_;
    }
    code(value);
  }

  void code(int code_point) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string digits;
    for (int shift = 20; shift >= 0; shift -= 4) digits += kHex[(code_point >> shift) & 15];
    out_ += "\\x{" + digits + "}";
  }

  // \p{Alpha}, \p{IsLatin}; everything else is the same in both.
  bool property(bool negated) {
    if (at_ + 2 >= text_.size() || text_[at_ + 2] != '{') return false;
    const std::size_t end = text_.find('}', at_);
    if (end == std::string_view::npos) return false;
    const std::string_view name = text_.substr(at_ + 3, end - at_ - 3);
    for (const auto& [posix, range] : kPosix) {
      if (name != posix || (negated && in_class_)) continue;
      out_ += in_class_ ? std::string(range) : (negated ? "[^" : "[") + std::string(range) + "]";
      at_ = end + 1;
      return true;
    }
    if (!name.starts_with("Is")) return false;
    out_ += negated ? "\\P{" : "\\p{";
    out_ += name.substr(2);
    out_ += '}';
    at_ = end + 1;
    return true;
  }

  std::string_view text_;
  bool fold_ascii_only_;
  std::size_t at_ = 0;
  bool in_class_ = false;
  std::string out_;
};

}  // namespace

std::string to_pcre2(std::string_view expression, Letters letters) {
  return Translator(expression, letters).translate();
}

}  // namespace pawl::jsonpath
