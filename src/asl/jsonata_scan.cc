// A scan over JSONata's tokens: it skips strings, quoted names, comments and regular expressions,
// and looks at what stands around each `$name`. A name bound anywhere in the expression counts as
// bound everywhere in it.
#include "asl/jsonata_scan.h"

namespace pawl::asl {
namespace {

bool is_name_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_' || static_cast<unsigned char>(byte) >= 0x80;
}

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::set<std::string> run() && {
    while (at_ < text_.size()) step();
    for (const std::string& name : bound_) read_.erase(name);
    read_.erase("states");
    return std::move(read_);
  }

 private:
  void step() {
    const char byte = text_[at_];
    if (byte == '"' || byte == '\'' || byte == '`') {
      skip_quoted(byte);
      before_ = byte;
    } else if (text_.substr(at_).starts_with("/*")) {
      const std::size_t end = text_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? text_.size() : end + 2;
    } else if (byte == '/' && !ends_operand()) {
      skip_quoted('/');
      before_ = '/';
    } else if (byte == '$') {
      variable();
    } else if (is_name_byte(byte)) {
      const std::string_view word = take_name();
      after_function_ = word == "function" || word == "\u03bb";
      before_ = 'a';
    } else {
      if (byte == '(' && after_function_) in_parameters_ = true;
      if (byte == ')') in_parameters_ = false;
      if (!is_blank(byte)) {
        before_ = byte;
        after_function_ = false;
      }
      ++at_;
    }
  }

  void variable() {
    const char before = before_;
    ++at_;
    const std::string name(take_name());
    before_ = 'a';
    after_function_ = false;
    if (name.empty()) return;  // `$` and `$$`
    const std::size_t next = text_.find_first_not_of(" \t\r\n", at_);
    const std::string_view rest =
        next == std::string_view::npos ? std::string_view() : text_.substr(next);
    if (in_parameters_ || before == '@' || before == '#' || rest.starts_with(":=")) {
      bound_.insert(name);
    } else if (!rest.starts_with('(')) {
      read_.insert(name);
    }
  }

  // After an operand a slash divides; elsewhere it begins a regular expression.
  bool ends_operand() const {
    return is_name_byte(before_) || before_ == ')' || before_ == ']' || before_ == '}' ||
           before_ == '"' || before_ == '\'' || before_ == '`';
  }

  static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
  }

  void skip_quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  std::string_view take_name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_byte(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  char before_ = '\0';  // the last byte of the token before; 'a' for any name
  bool after_function_ = false;
  bool in_parameters_ = false;
  std::set<std::string> read_;
  std::set<std::string> bound_;
};

}  // namespace

std::set<std::string> jsonata_variables(std::string_view expression) {
  return Scan(expression).run();
}

}  // namespace pawl::asl
